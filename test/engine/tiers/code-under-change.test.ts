/**
 * Hot code under what an operating system does to it: several address spaces, pages mapped anew, instructions stored through
 * another address, code loaded again and again, more hot code than there is room for. Words are GNU as output; sums follow
 * from the programs.
 */
import { describe, expect, it } from 'vitest';
import type { MachineHardware } from '../../../src/engine/hardware.ts';
import { REGION_SLOTS } from '../../../src/engine/tiers/interpreter/abi.ts';
import {
  bytesOf,
  CODE,
  enableMmu,
  HVC,
  MODEL,
  machineWith,
  RAM_BASE,
  RAM_SIZE,
  readWord64,
  TABLES,
  writeWord64,
} from '../machine-fixture.ts';

/** 2 MiB that are mapped by pages. */
const SPECIAL = RAM_BASE + 0x40_0000;
/** Where the function is that the programs call. */
const FUNCTION = SPECIAL + 0x3000;
const ENTRY = TABLES + 0x2000 + ((FUNCTION - SPECIAL) / 4096) * 8;
const FIRST = RAM_BASE + 0x60_0000;
const SECOND = RAM_BASE + 0x60_1000;
/** mov x2, #50; 1: add x0, x0, #`step`; subs x2, x2, #1; b.ne 1b; ret */
const adding = (step: number): number[] => [
  0xd2800642,
  0x91000000 | (step << 10),
  0xf1000442,
  0x54ffffc1,
  0xd65f03c0,
];
const BLR_X22 = 0xd63f02c0;
const ISB = 0xd5033fdf;
const DSB = 0xd5033b9f;
/** subs x1, x1, #1; b.ne to the start of `words` instructions; hvc. */
const counted = (words: readonly number[]): number[] => [
  ...words,
  0xf1000421,
  (0x54000001 | ((-(words.length + 1) & 0x7ffff) << 5)) >>> 0,
  HVC,
];

function start(words: readonly number[]): MachineHardware {
  const machine = machineWith(words, 1, MODEL, 'jit');
  machine.writePhysical(FIRST, bytesOf(adding(1)));
  machine.writePhysical(SECOND, bytesOf(adding(3)));
  const pages = [{ va: FUNCTION, pa: FIRST }];
  enableMmu(machine, machine.vcpus[0]!, SPECIAL, pages);
  machine.vcpus[0]!.setX(22, BigInt(FUNCTION));
  return machine;
}

describe('hot code', () => {
  it('belongs to its address space', () => {
    // msr ttbr0_el1, x20; isb; blr x22; msr ttbr0_el1, x21; isb; blr x22
    const machine = start(counted([0xd5182014, ISB, BLR_X22, 0xd5182015, ISB, BLR_X22]));
    const vcpu = machine.vcpus[0]!;
    // The same tables once more, with another page for the function.
    const other = RAM_BASE + 0xfe_0000;
    for (let offset = 0; offset < 0x3000; offset += 8)
      writeWord64(machine, other + offset, readWord64(machine, TABLES + offset));
    const slot = (RAM_BASE / 2 ** 30) * 8;
    writeWord64(machine, other + slot, BigInt(other + 0x1000) | 3n);
    const block = ((SPECIAL - RAM_BASE) / 0x20_0000) * 8;
    writeWord64(machine, other + 0x1000 + block, BigInt(other + 0x2000) | 3n);
    const page = other + (ENTRY - TABLES);
    writeWord64(machine, page, (readWord64(machine, page) & 0xfffn) | BigInt(SECOND));
    vcpu.setX(20, BigInt(TABLES) | (1n << 48n));
    vcpu.setX(21, BigInt(other) | (2n << 48n));
    vcpu.setX(1, 100n);
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect(vcpu.getX(0)).toBe(100n * 50n * (1n + 3n));
  });

  it('goes with its mapping, by TLBI of the page', () => {
    // str x4, [x3]; dsb; tlbi vaae1is, x6; dsb; isb; blr x22; the same with x5
    const change = (store: number): number[] => [store, DSB, 0xd5088366, DSB, ISB, BLR_X22];
    const machine = start(counted([...change(0xf9000064), ...change(0xf9000065)]));
    const vcpu = machine.vcpus[0]!;
    const attributes = readWord64(machine, ENTRY) & 0xfffn;
    vcpu.setX(3, BigInt(ENTRY));
    vcpu.setX(4, BigInt(SECOND) | attributes);
    vcpu.setX(5, BigInt(FIRST) | attributes);
    vcpu.setX(6, BigInt(FUNCTION) >> 12n);
    vcpu.setX(1, 100n);
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect(vcpu.getX(0)).toBe(100n * 50n * (1n + 3n));
  });

  it('changes with a store through another address', () => {
    // str w4, [x3]; dc cvau, x3; dsb; ic ivau, x22; dsb; isb; blr x22; eor w4, w4, w5
    const words = [0xb9000064, 0xd50b7b23, DSB, 0xd50b7536, DSB, ISB, BLR_X22, 0x4a050084];
    const machine = start(counted(words));
    const vcpu = machine.vcpus[0]!;
    const [, one] = adding(1);
    const [, two] = adding(2);
    // The block that maps all of RAM has the function's second word at its physical address.
    vcpu.setX(3, BigInt(FIRST + 4));
    vcpu.setX(4, BigInt(two! >>> 0));
    vcpu.setX(5, BigInt((one! ^ two!) >>> 0));
    vcpu.setX(1, 200n);
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect(vcpu.getX(0)).toBe(100n * 50n * (2n + 1n));
  });

  it('is loaded again and again into the same page', () => {
    const machine = start(counted([BLR_X22]));
    const vcpu = machine.vcpus[0]!;
    let sum = 0n;
    for (let step = 1; step <= 60; step++) {
      machine.writePhysical(FIRST, bytesOf(adding(step)));
      vcpu.pc = BigInt(CODE);
      vcpu.setX(1, 10n);
      expect(vcpu.run(100_000).kind).toBe('hvc');
      sum += 500n * BigInt(step);
      expect(vcpu.getX(0)).toBe(sum);
    }
  });

  it('makes room for newer code when there is too much of it', () => {
    const loops = REGION_SLOTS + 52;
    // mov x2, #9; 1: add x0, x0, #1; subs x2, x2, #1; b.ne 1b
    const loop = [0xd2800122, 0x91000400, 0xf1000442, 0x54ffffc1];
    const words = counted(Array.from({ length: loops }, () => loop).flat());
    expect(words.length * 4).toBeLessThan(RAM_SIZE);
    // b.ne reaches one MiB.
    const vcpu = machineWith(words, 1, MODEL, 'jit').vcpus[0]!;
    vcpu.setX(1, 3n);
    expect(vcpu.run(10_000_000).kind).toBe('hvc');
    expect(vcpu.getX(0)).toBe(BigInt(3 * 9 * loops));
    expect(vcpu.instructionCount).toBe(3 * ((1 + 9 * 3) * loops + 2) + 1);
  }, 60_000);
});
