/** Expected values are what GNU readelf and nm say of the file. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fc } from '../seed.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitBody } from '../../src/session/stored-body.ts';
import { SessionError } from '../../src/session/errors.ts';
import { elfSymbols, parseElf } from '../../src/session/images/elf.ts';
import { bytesOf, type Bench, bench, PROGRAM, RAM_BASE, runToEnd, vmSpec } from './support.ts';

const FILE = new URL('../../examples/guests/thermometer.elf', import.meta.url);
let elf: Uint8Array;
let made: Bench;
beforeAll(async () => {
  elf = new Uint8Array(await readFile(FILE));
  made = await bench({ limits: { imageBytes: 100_000, images: 3 } });
});
afterAll(() => made.service.close());

function linuxImage(textOffset: bigint, imageSize: bigint): Uint8Array {
  const bytes = new Uint8Array(256);
  const view = new DataView(bytes.buffer);
  bytes.set(bytesOf(PROGRAM.count));
  view.setBigUint64(8, textOffset, true);
  view.setBigUint64(16, imageSize, true);
  bytes.set([0x41, 0x52, 0x4d, 0x64], 56);
  return bytes;
}

describe('ELF', () => {
  it('gives entry, segments and symbols', () => {
    const { entry, segments } = parseElf(elf, 8);
    expect(entry).toBe(0x40080000n);
    expect(segments.map((s) => [s.physical, s.bytes.length, s.memorySize])).toEqual([
      [0x40080000n, 0x119a, 0x119an],
      [0x40082000n, 0x28, 0x1038n],
    ]);
    const symbols = elfSymbols(elf, 1000);
    expect(symbols.find((symbol) => symbol.name === 'main')).toEqual({
      name: 'main',
      address: 0x400810e0n,
      size: 164,
      type: 'function',
    });
    expect(symbols.find((symbol) => symbol.name === 'samples')).toMatchObject({ size: 32, type: 'object' });
    expect(symbols.some((symbol) => symbol.name.startsWith('$'))).toBe(false);
    const addresses = symbols.map((symbol) => symbol.address);
    expect(addresses).toEqual([...addresses].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
  });

  it('refuses, and never fails on, files that are damaged', () => {
    const damage = fc.array(fc.tuple(fc.nat({ max: 900 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(damage, fc.nat({ max: 20_000 }), (bytes, length) => {
        const copy = elf.slice(0, Math.max(length, 64));
        for (const [offset, value] of bytes) {
          copy[offset % copy.length] = value;
        }
        for (const parse of [() => parseElf(copy, 8), () => elfSymbols(copy, 100)]) {
          try {
            parse();
          } catch (error) {
            expect(error).toBeInstanceOf(SessionError);
            expect(error).toMatchObject({ code: 'image-invalid' });
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('images', () => {
  it('are named by their content, whatever is uploaded how often', async () => {
    const { service } = made;
    const image = await service.putImage(elf, { name: 'thermometer' });
    expect(image.id).toBe(`img_${createHash('sha256').update(elf).digest('hex')}`);
    expect(image).toMatchObject({ kind: 'elf', entry: 0x40080000n, size: elf.length, name: 'thermometer' });
    expect(await service.putImage(elf, { name: 'again' })).toEqual(image);
    await expect(service.putImage(elf, { kind: 'raw' })).rejects.toMatchObject({
      code: 'image-kind-differs',
    });
    expect(await service.imageBytes(image.id)).toEqual(elf);
    expect(await service.symbols(image.id, { address: 0x400810e4n, limit: 9 })).toMatchObject([
      { name: 'main' },
    ]);
    expect(await service.symbols(image.id, { name: 'limit', limit: 9 })).toMatchObject([
      { address: 0x40082020n },
    ]);
    const all = await service.symbols(image.id, { limit: 1000 });
    expect(all).toHaveLength(image.symbols);
    expect(await service.symbols(image.id, { after: 3, limit: 2 })).toEqual(all.slice(3, 5));
  });

  it('start at their entry, name the place of an exit, and stay while a VM needs them', async () => {
    const { service } = made;
    const image = await service.putImage(elf, {});
    const vm = await service.createVm(
      vmSpec([], { image: image.id, memory: { base: 0x4000_0000, size: 16 << 20 } }),
    );
    const ref = { vm: vm.id, vcpu: 0 };
    expect((await service.registers(ref, ['pc'])).value).toEqual({ pc: 0x40080000n });
    const run = await runToEnd(service, vm.id, 0, { steps: 1 });
    expect(exitBody(run.exit!)).toMatchObject({ explanation: { symbol: '_start+0x4' } });
    await expect(service.deleteImage(image.id)).rejects.toMatchObject({ code: 'image-in-use' });
    await service.deleteVm(vm.id);
    await service.deleteImage(image.id);
    await expect(service.image(image.id)).rejects.toMatchObject({ code: 'image-not-found' });
  });

  it('of Linux are recognised, and loaded at text_offset', async () => {
    const { service } = made;
    const image = await service.putImage(linuxImage(0x1000n, 256n), {});
    expect(image.kind).toBe('linux-image');
    const vm = await service.createVm(vmSpec([], { image: image.id }));
    expect((await service.registers({ vm: vm.id, vcpu: 0 }, ['pc'])).value).toEqual({
      pc: RAM_BASE + 0x1000n,
    });
    const old = await service.putImage(linuxImage(0n, 0n), {});
    const second = await service.createVm(vmSpec([], { image: old.id }));
    expect((await service.registers({ vm: second.id, vcpu: 0 }, ['pc'])).value).toEqual({
      pc: RAM_BASE + 0x80000n,
    });
    await service.deleteVm(vm.id);
    await service.deleteVm(second.id);
    await service.deleteImage(image.id);
    await service.deleteImage(old.id);
  });

  it('have limits, and raw ones need an address', async () => {
    const { service } = made;
    await expect(service.putImage(new Uint8Array(100_001), {})).rejects.toMatchObject({
      code: 'image-too-large',
    });
    await expect(service.putImage(new Uint8Array(0), {})).rejects.toMatchObject({ code: 'image-invalid' });
    await expect(service.putImage(Uint8Array.of(1), { kind: 'elf' })).rejects.toMatchObject({
      code: 'image-invalid',
    });
    const raw = await service.putImage(Uint8Array.of(1), {});
    await service.putImage(Uint8Array.of(2), {});
    await service.putImage(Uint8Array.of(3), {});
    await expect(service.putImage(Uint8Array.of(4), {})).rejects.toMatchObject({ code: 'image-limit' });
    await expect(service.createVm(vmSpec([], { image: raw.id }))).rejects.toMatchObject({
      code: 'load-address-missing',
    });
  });
});
