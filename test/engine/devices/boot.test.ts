/** Linux, Documentation/arch/arm64/booting.rst: the header of an `Image`, and what must be where. */
import { describe, expect, it } from 'vitest';
import { type BootPlan, type BootProblem, linuxHeader, placeBoot } from '../../../src/engine/devices/boot.ts';

const MIB = 1 << 20;
const RAM = { base: 0x4000_0000, size: 256 * MIB };
const TREE = Uint8Array.of(0xd0, 0x0d, 0xfe, 0xed);

/** The first 64 bytes as booting.rst lists them; defaults as Debian's 6.1 cloud kernel has them. */
function image(
  fields: { textOffset?: bigint; imageSize?: bigint; flags?: bigint; length?: number } = {},
): Uint8Array {
  const { textOffset = 0n, imageSize = 0x210_0000n, flags = 0xan, length = 0x1000 } = fields;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xfa40_5a4d, true); // code0: "MZ", ccmp x18, #0, #0xd, pl
  view.setUint32(4, 0x1450_0000, true); // code1: b primary_entry
  view.setBigUint64(8, textOffset, true);
  view.setBigUint64(16, imageSize, true);
  view.setBigUint64(24, flags, true);
  view.setUint32(56, 0x644d_5241, true); // "ARM\x64"
  view.setUint32(60, 0x40, true); // PE header
  return bytes;
}
function plan(result: BootPlan | BootProblem): BootPlan {
  if ('problem' in result) throw new Error(result.problem);
  return result;
}
const tree = (): Uint8Array => TREE;
const addresses = ({ pieces }: BootPlan): number[] => pieces.map(({ address }) => address);

describe('Linux', () => {
  it('reads the header', () => {
    expect(linuxHeader(image())).toEqual({ textOffset: 0, imageSize: 0x210_0000, bigEndian: false });
    expect(linuxHeader(new Uint8Array(64))).toBeNull();
    expect(linuxHeader(image().subarray(0, 60))).toBeNull();
  });

  it('is entered at text_offset from a 2 MiB aligned base, X0 the tree, X1 to X3 zero', () => {
    for (const textOffset of [0, 0x8_0000]) {
      const bytes = image({ textOffset: BigInt(textOffset) });
      const boot = plan(placeBoot({ ram: RAM, image: { kind: 'linux', bytes }, tree }));
      expect(boot.entry).toBe(RAM.base + textOffset);
      expect(boot.pieces[0]).toEqual({ address: boot.entry, bytes });
      expect(boot.x.slice(1)).toEqual([0, 0, 0]);
      expect(boot.pieces[1]).toEqual({ address: boot.x[0], bytes: TREE });
    }
  });

  it('leaves image_size free, the tree 8-byte aligned within 2 MiB, the initrd apart, and tells the tree of it', () => {
    const initrd = new Uint8Array(5 * MIB);
    let told: { start: number; end: number } | null = null;
    const boot = plan(
      placeBoot({
        ram: RAM,
        image: { kind: 'linux', bytes: image() },
        initrd,
        tree: (range) => {
          told = range;
          return TREE;
        },
      }),
    );
    const [kernel, treeAt, initrdAt] = addresses(boot) as [number, number, number];
    expect(treeAt).toBeGreaterThanOrEqual(kernel + 0x210_0000);
    expect(treeAt % (2 * MIB)).toBe(0);
    expect(initrdAt).toBeGreaterThanOrEqual(treeAt + 2 * MIB);
    expect(told).toEqual({ start: initrdAt, end: initrdAt + initrd.length });
  });

  it('from before 3.17 says no size, and is at 0x80000', () => {
    const bytes = image({ textOffset: 0x1234n, imageSize: 0n });
    expect(plan(placeBoot({ ram: RAM, image: { kind: 'linux', bytes }, tree })).entry).toBe(0x4008_0000);
  });

  it.each([
    ['no header', { kind: 'linux', bytes: new Uint8Array(100) }, /magic/],
    ['a big-endian kernel', { kind: 'linux', bytes: image({ flags: 1n }) }, /big-endian/],
    ['too little RAM', { kind: 'linux', bytes: image({ imageSize: 1n << 40n }) }, /more RAM/],
    ['a text_offset of nonsense', { kind: 'linux', bytes: image({ textOffset: ~0n }) }, /more RAM/],
    ['firmware larger than flash', { kind: 'firmware', bytes: new Uint8Array(64 * MIB + 1) }, /flash/],
    [
      'segments below RAM',
      { kind: 'elf', entry: 0, segments: [{ address: 0, bytes: TREE, size: 4 }] },
      /below RAM/,
    ],
  ] as const)('says why %s cannot be booted', (_, request, why) => {
    const result = placeBoot({ ram: RAM, image: request, tree });
    expect('problem' in result ? result.problem : '').toMatch(why);
  });
});

describe('everything else', () => {
  it('flat images run at 0x40080000 with the tree at the base of RAM', () => {
    const bytes = new Uint8Array(100);
    const boot = plan(placeBoot({ ram: RAM, image: { kind: 'flat', bytes }, tree }));
    expect(boot).toEqual({
      pieces: [
        { address: 0x4008_0000, bytes },
        { address: 0x4000_0000, bytes: TREE },
      ],
      entry: 0x4008_0000,
      x: [0x4000_0000, 0, 0, 0],
    });
  });

  it('an ELF image at the base of RAM has the tree above all that it occupies', () => {
    const segments = [
      { address: 0x4000_0000, bytes: new Uint8Array(10), size: 10 },
      { address: 0x4010_0000, bytes: new Uint8Array(10), size: 0x20_0000 },
    ];
    const boot = plan(placeBoot({ ram: RAM, image: { kind: 'elf', segments, entry: 0x4000_0004 }, tree }));
    expect(boot.entry).toBe(0x4000_0004);
    expect(boot.x[0]).toBe(0x4040_0000);
    expect(addresses(boot)).toEqual([0x4000_0000, 0x4010_0000, 0x4040_0000]);
  });

  it('firmware is entered at 0 and finds the tree at 0x40000000', () => {
    const bytes = new Uint8Array(MIB);
    const boot = plan(placeBoot({ ram: RAM, image: { kind: 'firmware', bytes }, tree }));
    expect([boot.entry, boot.x[0]]).toEqual([0, 0x4000_0000]);
    expect(addresses(boot)).toEqual([0, 0x4000_0000]);
  });
});
