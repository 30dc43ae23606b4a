/** Expected values are the lists that the images and texts are made from, by the kernel's rules for them. */
import { fc } from '../seed.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linuxSymbols } from '../../src/session/images/linux-symbols.ts';
import { systemMapSymbols } from '../../src/session/images/system-map.ts';
import { exitBody } from '../../src/session/stored-body.ts';
import { type Fixture, FIRST, linuxImage, TEXT } from './linux-fixture.ts';
import { type Bench, bench, runToEnd, vmSpec } from './support.ts';

const MOST = 1_000_000;
const text = (lines: readonly string[]): Uint8Array => new TextEncoder().encode(`${lines.join('\n')}\n`);

const SYMBOLS = Array.from({ length: 700 }, (_, i) => ({
  offset: FIRST + 16 * i,
  letter: i % 2 === 0 ? 't' : 'T',
  name: i === 300 ? `long_${'n'.repeat(200)}` : `sym_fn_${i}`,
}));
/** Nine out of ten are functions that have a name already. */
const EXPORTED = Array.from({ length: 100 }, (_, i) =>
  i % 10 === 0
    ? { name: `variable_${String(i).padStart(3, '0')}`, offset: 0x2_0000 + 8 * i }
    : { name: `sym_fn_${i}`, offset: FIRST + 16 * i },
).sort((a, b) => (a.name < b.name ? -1 : 1));
const FIXTURE: Fixture = { symbols: SYMBOLS, layout: '6.2', base: 'relocated' };

describe('symbols in a Linux image', () => {
  it.each<[Fixture['layout'], Fixture['base']]>([
    ['6.1', 'relocated'],
    ['6.2', 'relocated'],
    ['6.4', 'relocated'],
    ['6.4', 'in place'],
  ])('are found as kernel %s lays them down, base %s', (layout, base) => {
    const found = linuxSymbols(linuxImage({ ...FIXTURE, layout, base }), MOST);
    expect(found.map(({ name }) => name)).toEqual(SYMBOLS.map(({ name }) => name));
    expect(found[5]).toEqual({
      name: 'sym_fn_5',
      address: TEXT + BigInt(FIRST + 80),
      size: 16,
      type: 'function',
    });
  });

  it('are functions from kallsyms, and variables that are exported', () => {
    const found = linuxSymbols(linuxImage({ ...FIXTURE, exported: EXPORTED }), MOST);
    expect(found.filter(({ type }) => type === 'object').map(({ name, address }) => [name, address])).toEqual(
      Array.from({ length: 10 }, (_, i) => [
        `variable_${String(10 * i).padStart(3, '0')}`,
        TEXT + BigInt(0x2_0000 + 80 * i),
      ]),
    );
    expect(found).toHaveLength(SYMBOLS.length + 10);
  });

  it('are given up in an image that is made to be slow to look through', () => {
    const digits = Buffer.from('0\x001\x002\x003\x004\x005\x006\x007\x008\x009\0', 'latin1');
    const image = Buffer.alloc(4 << 20);
    for (let at = 0; at + digits.length <= image.length; at += digits.length) digits.copy(image, at);
    const before = performance.now();
    expect(linuxSymbols(image, MOST)).toEqual([]);
    expect(performance.now() - before, 'milliseconds; it would be many minutes').toBeLessThan(15_000);
  });

  it('are none, and nothing fails, when the image is damaged or carries none', () => {
    const image = linuxImage({ ...FIXTURE, exported: EXPORTED });
    const damage = fc.array(fc.tuple(fc.nat({ max: image.length - 1 }), fc.nat({ max: 255 })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(damage, fc.nat({ max: image.length }), (bytes, length) => {
        const copy = image.slice();
        for (const [offset, value] of bytes) copy[offset] = value;
        linuxSymbols(copy.subarray(0, length), MOST);
      }),
      { numRuns: 100 },
    );
    expect(linuxSymbols(new Uint8Array(4096), MOST)).toEqual([]);
  });
});

describe('a list of symbols', () => {
  it('is read line by line, modules and all; what is no place is left out', () => {
    const lines = [
      '0000000000000000 A _kernel_flags_le_hi32',
      'ffff800008010000 T start_kernel',
      'ffff800008010100 d system_state',
      'ffff800001000000 t probe\t[virtio_rng]',
    ];
    expect(systemMapSymbols(text(lines), MOST)).toEqual([
      { name: 'probe', address: 0xffff_8000_0100_0000n, size: 0x701_0000, type: 'function' },
      { name: 'start_kernel', address: 0xffff_8000_0801_0000n, size: 0x100, type: 'function' },
      { name: 'system_state', address: 0xffff_8000_0801_0100n, size: 1, type: 'object' },
    ]);
  });

  it('says which line is none', () => {
    expect(() => systemMapSymbols(text(['ffff800008010000 T a', 'hello']), MOST)).toThrow('Line 2');
  });

  it('names an address as the kernel would: no weak, linker-made or hidden name where there is another', () => {
    const at = (letter: string, name: string): string => `ffff800008010000 ${letter} ${name}`;
    const lines = [at('T', '__pi_memcpy'), at('T', 'memcpy'), at('W', 'weak_memcpy'), at('T', '_stext')];
    expect(systemMapSymbols(text(lines), MOST).at(-1)).toMatchObject({ name: 'memcpy', size: 1 });
  });
});

describe('symbols of a VM', () => {
  let made: Bench;
  beforeAll(async () => {
    made = await bench({});
  });
  afterAll(() => made.service.close());

  it('come from images that are not loaded too, and name where an exit is and what is accessed', async () => {
    const { service } = made;
    const map = await service.putImage(
      text(['40000000 T first', '40000004 T second', '40001000 D counter']),
      {},
    );
    expect(map).toMatchObject({ kind: 'symbols', symbols: 3 });
    await expect(service.createVm(vmSpec([], { image: map.id }))).rejects.toMatchObject({
      code: 'vm-spec-invalid',
      message: expect.stringMatching(/name the image in symbols/),
    });
    // second: str x0, [x1]
    const vm = await service.createVm({
      ...vmSpec([0xd503201f, 0xf9000020]),
      symbols: [map.id],
    });
    const ref = { vm: vm.id, vcpu: 0 };
    await service.setRegisters(ref, { x1: 0x4000_1000n });
    const zero = Array.from({ length: 16 }, () => 0n);
    await service.setGuestDebug(ref, {
      control: 0x20001,
      bcr: zero,
      bvr: zero,
      wcr: zero.with(0, 0x1ff7n),
      wvr: zero.with(0, 0x4000_1000n),
    });
    const { exit } = await runToEnd(service, vm.id, 0, {});
    expect(exitBody(exit!).explanation).toMatchObject({
      symbol: 'second',
      access: { symbol: 'counter', bytes: 8, direction: 'store' },
    });
    await service.deleteVm(vm.id);
  });

  it('do not come from an image that has none', async () => {
    const { service } = made;
    const raw = await service.putImage(Uint8Array.of(1, 2, 3), {});
    await expect(service.createVm({ ...vmSpec([0xd503201f]), symbols: [raw.id] })).rejects.toMatchObject({
      code: 'vm-spec-invalid',
    });
  });
});
