/** Data accesses of hot code: pages that are crossed, mapped elsewhere, or become code. Words are GNU as output. */
import { describe, expect, it } from 'vitest';
import type { MachineHardware, VcpuHardware } from '../../../src/engine/hardware.ts';
import {
  bytesOf,
  CODE,
  DATA,
  enableMmu,
  HVC,
  MODEL,
  machineWith,
  RAM_BASE,
  RAM_SIZE,
  readWord64,
  SYSREG,
  TABLES,
  writeWord64,
} from '../machine-fixture.ts';

const ADD_X0_1 = 0x91000400;
const ADD_X0_2 = 0x91000800;
const COUNT_DOWN = 0xf1000421; // subs x1, x1, #1
const repeat = (words: number): number => (0x54000001 | ((-words & 0x7ffff) << 5)) >>> 0; // b.ne
const branch = (words: number): number => (0x14000000 | (words & 0x3ffffff)) >>> 0;
const LDR_X3_X2 = 0xf9400043;
const LDP_X3_X5_X2 = 0xa9401443;
const STR_X4_X2 = 0xf9000044;
const STR_W3_X2 = 0xb9000043;
const ADD_X2_1 = 0x91000442;
const ADD_X4_X3 = 0x8b030084;
const ADD_X4_X5 = 0x8b050084;

/** Two neighbours in virtual memory that are none in physical memory. */
const VIRTUAL = CODE + 0x1_0000;
const PHYSICAL = [CODE + 0x1_8000, CODE + 0x1_4000] as const;
const PAGES = [
  { va: CODE, pa: CODE, pages: 16 },
  { va: VIRTUAL, pa: PHYSICAL[0] },
  { va: VIRTUAL + 4096, pa: PHYSICAL[1] },
];

function withMmu(words: readonly number[], vcpus = 1): MachineHardware {
  const machine = machineWith(words, vcpus, MODEL, 'jit');
  for (const vcpu of machine.vcpus) enableMmu(machine, vcpu, RAM_BASE, PAGES);
  return machine;
}
/** Arms a watchpoint for a doubleword. */
function watch(vcpu: VcpuHardware, address: number): void {
  const blank = (): BigUint64Array => new BigUint64Array(16);
  const file = { bcr: blank(), bvr: blank(), wcr: blank(), wvr: blank() };
  file.wcr[0] = 0x1fffn;
  file.wvr[0] = BigInt(address);
  vcpu.controls.tde = true;
  vcpu.loadDebug(file, 1n << 15n);
}
/** Runs the program from its start with X1 = `count` and X2 = `address`. */
function start(vcpu: VcpuHardware, count: number, address: number): void {
  vcpu.pc = BigInt(CODE);
  vcpu.setX(1, BigInt(count));
  vcpu.setX(2, BigInt(address));
  expect(vcpu.run(1_000_000).kind).toBe('hvc');
}

describe('accesses that cross a page', () => {
  const bytes = Uint8Array.from({ length: 8192 }, (_, i) => (i * 151 + (i >> 8) * 7 + 3) & 0xff);
  const view = new DataView(bytes.buffer);
  function filled(words: readonly number[]): MachineHardware {
    const machine = withMmu(words);
    machine.writePhysical(PHYSICAL[0], bytes.subarray(0, 4096));
    machine.writePhysical(PHYSICAL[1], bytes.subarray(4096));
    return machine;
  }
  const FIRST = 4096 - 40;
  /** Seven or more of the accesses in a round cross: enough of them for a region that is made for that. */
  const ROUNDS = 200;

  it.each([
    { name: 'loads', words: [LDR_X3_X2, ADD_X4_X3, ADD_X2_1, COUNT_DOWN, repeat(4), HVC], doublewords: 1 },
    {
      name: 'pairs',
      words: [LDP_X3_X5_X2, ADD_X4_X3, ADD_X4_X5, ADD_X2_1, COUNT_DOWN, repeat(5), HVC],
      doublewords: 2,
    },
  ])('read both: $name', ({ words, doublewords }) => {
    const vcpu = filled(words).vcpus[0]!;
    let sum = 0n;
    for (let at = FIRST; at < FIRST + 80; at++) {
      for (let n = 0; n < doublewords; n++) sum += view.getBigUint64(at + n * 8, true);
    }
    for (let round = 0; round < ROUNDS; round++) {
      vcpu.setX(4, 0n);
      start(vcpu, 80, VIRTUAL + FIRST);
      expect(vcpu.getX(4)).toBe(BigInt.asUintN(64, sum));
    }
  });

  it('write both', () => {
    const machine = filled([STR_X4_X2, ADD_X2_1, COUNT_DOWN, repeat(3), HVC]);
    const vcpu = machine.vcpus[0]!;
    vcpu.setX(4, 0x8877_6655_4433_2211n);
    const behind = machine.readPhysical(PHYSICAL[0] + 4096, 64)!.slice();
    for (let round = 0; round < ROUNDS; round++) start(vcpu, 80, VIRTUAL + FIRST);
    // Each byte is the lowest one of a store, but the last seven.
    const expected = bytes.slice();
    expected.fill(0x11, FIRST, FIRST + 80);
    expected.set([0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88], FIRST + 80);
    expect(machine.readPhysical(PHYSICAL[0], 4096)).toEqual(expected.subarray(0, 4096));
    expect(machine.readPhysical(PHYSICAL[1], 4096)).toEqual(expected.subarray(4096));
    expect(machine.readPhysical(PHYSICAL[0] + 4096, 64)).toEqual(behind);
  });

  it('are refused from when the second page is gone', () => {
    const machine = filled([STR_X4_X2, COUNT_DOWN, repeat(2), HVC]);
    const vcpu = machine.vcpus[0]!;
    // tlbi vmalle1; dsb ish; isb; hvc
    machine.writePhysical(CODE + 0x4000, bytesOf([0xd508871f, 0xd5033b9f, 0xd5033fdf, HVC]));
    machine.writePhysical(CODE + 0x5200, bytesOf([HVC]));
    vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(CODE + 0x5000));
    start(vcpu, 2000, VIRTUAL + 4092);
    writeWord64(machine, TABLES + 0x2000 + (VIRTUAL + 4096 - RAM_BASE) / 512, 0n);
    vcpu.pc = BigInt(CODE + 0x4000);
    expect(vcpu.run(100).kind).toBe('hvc');
    vcpu.setX(4, 0x8877_6655_4433_2211n);
    const before = vcpu.instructionCount;
    start(vcpu, 2000, VIRTUAL + 4092);
    // EC 0x25, level 3 translation fault, a write; FAR is the first byte that is not there.
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)).toBe(0x9600_0047n);
    expect(vcpu.getSysreg(SYSREG.FAR_EL1)).toBe(BigInt(VIRTUAL + 4096));
    expect([vcpu.getSysreg(SYSREG.ELR_EL1), vcpu.getX(1)]).toEqual([BigInt(CODE), 2000n]);
    expect(vcpu.instructionCount - before).toBe(1);
    expect(machine.readPhysical(PHYSICAL[0] + 4092, 4)).toEqual(new Uint8Array(4));
  });

  it('end a reservation that another vcpu has in the second page', () => {
    const machine = withMmu([STR_X4_X2, COUNT_DOWN, repeat(2), HVC], 2);
    const [one, two] = machine.vcpus as readonly [VcpuHardware, VcpuHardware];
    // ldxr x3, [x2]; hvc; stxr w4, x3, [x2]; hvc
    machine.writePhysical(CODE + 0x4000, bytesOf([0xc85f7c43, HVC, 0xc8047c43, HVC]));
    start(one, 2000, VIRTUAL + 4092);
    const status = (at: number, stores: number): bigint => {
      two.pc = BigInt(CODE + 0x4000);
      two.setX(2, BigInt(at));
      expect(two.run(100).kind).toBe('hvc');
      start(one, stores, VIRTUAL + 4092);
      expect(two.run(100).kind).toBe('hvc');
      return two.getX(4);
    };
    expect([VIRTUAL + 4096, VIRTUAL + 0x1800].map((at) => status(at, 1))).toEqual([1n, 0n]);
    expect([VIRTUAL + 4096, VIRTUAL + 0x1800].map((at) => status(at, 2000))).toEqual([1n, 0n]);
  });
});

describe('a page that hot code has read', () => {
  const SUM = [LDR_X3_X2, ADD_X4_X3, COUNT_DOWN, repeat(3), HVC];
  const LEVEL3_ENTRY = TABLES + 0x2000 + (VIRTUAL - RAM_BASE) / 512;

  it('may be mapped elsewhere', () => {
    const machine = withMmu(SUM);
    const vcpu = machine.vcpus[0]!;
    writeWord64(machine, PHYSICAL[0], 1n);
    writeWord64(machine, PHYSICAL[1], 1000n);
    vcpu.setX(4, 0n);
    start(vcpu, 500, VIRTUAL);
    const entry = readWord64(machine, LEVEL3_ENTRY);
    writeWord64(machine, LEVEL3_ENTRY, (entry & 0xfffn) | BigInt(PHYSICAL[1]));
    // tlbi vaae1, x6; b CODE
    machine.writePhysical(CODE + 0x4000, bytesOf([0xd5088766, branch(-0x1001)]));
    vcpu.setX(6, BigInt(VIRTUAL) >> 12n);
    vcpu.setX(1, 500n);
    vcpu.pc = BigInt(CODE + 0x4000);
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect(vcpu.getX(4)).toBe(500n * 1001n);
  });

  it.each(['interpreter', 'jit'] as const)(
    'is walked again after TLBI or its eviction, in tier %s',
    (tier) => {
      // dsb ish; isb; mov x8, #3; 1: ldr x7, [x2]; add x0, x0, x7; subs x8, x8, #1; b.ne 1b
      const read = [0xd5033b9f, 0xd5033fdf, 0xd2800068, 0xf9400047, 0x8b070000, 0xf1000508, repeat(3)];
      // str x4, [x3]; tlbi vaae1, x6. str x5, [x3]; ldr x10, [x9]
      const words = [0xf9000064, 0xd5088766, ...read, 0xf9000065, 0xf940012a, ...read, COUNT_DOWN];
      const machine = machineWith([...words, repeat(words.length), HVC], 1, MODEL, tier);
      const vcpu = machine.vcpus[0]!;
      enableMmu(machine, vcpu, RAM_BASE, PAGES);
      // Behind RAM the same blocks again: pages 16 MiB apart share an entry of the software TLB.
      const level2 = TABLES + 0x1000;
      writeWord64(machine, level2 + (RAM_SIZE / 0x20_0000) * 8, readWord64(machine, level2 + 8));
      vcpu.setX(9, BigInt(VIRTUAL + RAM_SIZE));
      writeWord64(machine, PHYSICAL[0], 1n);
      writeWord64(machine, PHYSICAL[1], 1000n);
      const entry = readWord64(machine, LEVEL3_ENTRY);
      vcpu.setX(3, BigInt(LEVEL3_ENTRY));
      vcpu.setX(4, entry);
      vcpu.setX(5, (entry & 0xfffn) | BigInt(PHYSICAL[1]));
      vcpu.setX(6, BigInt(VIRTUAL) >> 12n);
      vcpu.setX(0, 0n);
      start(vcpu, 200, VIRTUAL);
      expect(vcpu.getX(0)).toBe(200n * 3n * 1001n);
    },
  );

  /** A second set of tables, in which the first page is the second. */
  function otherTables(machine: MachineHardware): bigint {
    const other = TABLES - 0x1_0000;
    machine.writePhysical(other, machine.readPhysical(TABLES, 0x3000)!);
    for (const link of [(RAM_BASE / 2 ** 30) * 8, 0x1000]) {
      writeWord64(machine, other + link, readWord64(machine, TABLES + link) - 0x1_0000n);
    }
    const entry = LEVEL3_ENTRY - 0x1_0000;
    writeWord64(machine, entry, (readWord64(machine, entry) & 0xfffn) | BigInt(PHYSICAL[1]));
    return BigInt(other);
  }
  it.each([false, true])('is another one in another address space; a watchpoint in it: %s', (isWatched) => {
    const machine = withMmu(SUM);
    const vcpu = machine.vcpus[0]!;
    if (isWatched) watch(vcpu, VIRTUAL + 0x800);
    writeWord64(machine, PHYSICAL[0], 1n);
    writeWord64(machine, PHYSICAL[1], 1000n);
    const roots = [BigInt(TABLES), otherTables(machine)] as const;
    for (let round = 0; round < 20; round++) {
      vcpu.setSysreg(SYSREG.TTBR0_EL1, roots[round % 2]!);
      vcpu.setX(4, 0n);
      start(vcpu, 1000, VIRTUAL);
      expect(vcpu.getX(4)).toBe(round % 2 === 0 ? 1000n : 1_000_000n);
    }
  });
  it('is each vcpu’s own', () => {
    const machine = withMmu(SUM, 2);
    const [one, two] = machine.vcpus as readonly [VcpuHardware, VcpuHardware];
    writeWord64(machine, PHYSICAL[0], 1n);
    writeWord64(machine, PHYSICAL[1], 1000n);
    two.setSysreg(SYSREG.TTBR0_EL1, otherTables(machine));
    for (const vcpu of [one, two]) {
      vcpu.pc = BigInt(CODE);
      vcpu.setX(1, 100_000n);
      vcpu.setX(2, BigInt(VIRTUAL));
      vcpu.setX(4, 0n);
    }
    for (let turn = 1; turn <= 20; turn++) {
      expect(one.run(400)).toEqual({ kind: 'budget' });
      expect(two.run(400)).toEqual({ kind: 'budget' });
      expect([one.getX(4), two.getX(4)]).toEqual([BigInt(turn) * 100n, BigInt(turn) * 100_000n]);
    }
  });
});

describe('a page that hot code has written', () => {
  it.each([false, true])('may become code; a watchpoint in it: %s', (isWatched) => {
    const machine = machineWith([STR_W3_X2, COUNT_DOWN, repeat(2), HVC], 1, MODEL, 'jit');
    const vcpu = machine.vcpus[0]!;
    if (isWatched) watch(vcpu, DATA + 0x800);
    const runs = (word: number): bigint => {
      vcpu.setX(3, BigInt(word));
      start(vcpu, 500, DATA);
      vcpu.setX(0, 0n);
      vcpu.pc = BigInt(DATA);
      vcpu.run(1);
      return vcpu.getX(0);
    };
    expect([ADD_X0_1, ADD_X0_2, ADD_X0_1, ADD_X0_2].map(runs)).toEqual([1n, 2n, 1n, 2n]);
  });
});
