/** Memory that the guest only reads, as KVM has it behind KVM_MEM_READONLY: fetches, loads and page walks work there. */
import { describe, expect, it } from 'vitest';
import { sysregKey } from '../../../src/abi/arm/sysreg-key.ts';
import type { MachineHardware, Tier } from '../../../src/engine/hardware.ts';
import { createMachine } from '../../../src/engine/machine.ts';
import {
  bytesOf,
  HVC,
  MODEL,
  RAM_BASE,
  RAM_SIZE,
  readWord64,
  SYSREG,
  writeWord64,
} from '../machine-fixture.ts';

const ROM_SIZE = 0x40_0000;
/** Below 2 MiB, on a page without code. */
const TABLES = 0x10_0000;
const WORD = 0x18_0000;
const VALUE = 0x1122_3344_5566_7788n;
const ROUNDS = 50n;
/** DCZID_EL0: DC ZVA does 64 bytes. */
const MODEL_WITH_ZVA = { ...MODEL, idRegisters: new Map([[sysregKey(3, 3, 0, 0, 7), 4n]]) };

// Words as GNU as has them: loop: ldr x1, [x0]; add x2, x2, x1; subs x3, x3, #1; b.ne loop
const LOOP = [0xf940_0001, 0x8b01_0042, 0xf100_0463, 0x54ff_ffa1];
const STR_X2 = 0xf900_0002;
const STRB_W2_3 = 0x3900_0c02;
const STP_X1_X2 = 0xa900_0801;
const LDADD = 0xf821_0004;
const LDXR_X1 = 0xc85f_7c01;
const STXR_W5 = 0xc805_7c02;
const DC_ZVA = 0xd50b_7420;

/** A program at address 0, X0 at a word of ROM, X3 rounds. */
function machineOf(words: readonly number[], tier: Tier): MachineHardware {
  const rom = { base: 0, size: ROM_SIZE };
  const machine = createMachine({
    ramBase: RAM_BASE,
    ramSize: RAM_SIZE,
    rom,
    models: [MODEL_WITH_ZVA],
    tier,
  });
  machine.writePhysical(0, bytesOf(words));
  writeWord64(machine, WORD, VALUE);
  const [vcpu] = machine.vcpus;
  vcpu!.pc = 0n;
  vcpu!.setX(0, BigInt(WORD));
  vcpu!.setX(3, ROUNDS);
  return machine;
}

/** MMU on: ROM's first 2 MiB and 1 GiB from the base of RAM mapped to themselves, Normal, with tables in ROM. */
function enableMmu(machine: MachineHardware): void {
  const [vcpu] = machine.vcpus;
  writeWord64(machine, TABLES, BigInt(TABLES + 0x1000) | 3n);
  writeWord64(machine, TABLES + 8, BigInt(RAM_BASE) | 0x701n);
  writeWord64(machine, TABLES + 0x1000, 0x701n);
  vcpu!.setSysreg(SYSREG.MAIR_EL1, 0xffn);
  vcpu!.setSysreg(SYSREG.TCR_EL1, 25n);
  vcpu!.setSysreg(SYSREG.TTBR0_EL1, BigInt(TABLES));
  vcpu!.setSysreg(SYSREG.SCTLR_EL1, 1n);
}

describe.each(['interpreter', 'jit'] as const)('read-only memory, %s', (tier) => {
  it.each([false, true])('is fetched and loaded from; MMU and tables in it: %s', (mmu) => {
    const machine = machineOf([...LOOP, HVC], tier);
    if (mmu) enableMmu(machine);
    const [vcpu] = machine.vcpus;
    expect(vcpu!.run(10_000)).toEqual({ kind: 'hvc', imm: 0 });
    expect(vcpu!.getX(2)).toBe(BigInt.asUintN(64, VALUE * ROUNDS));
  });

  it.each([
    ['str', STR_X2, 8, 0],
    ['strb', STRB_W2_3, 1, 3],
  ])('refuses %s with what it would store, whatever was loaded there before', (_, store, size, offset) => {
    const machine = machineOf([...LOOP, store], tier);
    enableMmu(machine);
    const [vcpu] = machine.vcpus;
    const stop = vcpu!.run(10_000);
    const sum = BigInt.asUintN(64, VALUE * ROUNDS);
    expect(stop).toMatchObject({
      kind: 'stage2-data',
      ipa: WORD + offset,
      readOnly: true,
      access: { address: BigInt(WORD + offset), bytes: size, read: false, write: true },
      syndrome: { isv: true, size, register: 2 },
      data: BigInt.asUintN(size * 8, sum),
    });
    expect([vcpu!.pc, vcpu!.instructionCount]).toEqual([16n, 200]);
    expect(readWord64(machine, WORD)).toBe(VALUE);
  });

  it.each([
    ['a pair', [STP_X1_X2], { read: false, write: true }],
    ['an atomic', [LDADD], { read: true, write: true }],
    ['an exclusive', [LDXR_X1, STXR_W5], { read: false, write: true }],
    ['DC ZVA', [DC_ZVA], { read: false, write: true }],
  ])('refuses %s, of which the syndrome tells nothing', (_, words, access) => {
    const machine = machineOf([...LOOP, ...words], tier);
    enableMmu(machine);
    const stop = machine.vcpus[0]!.run(10_000);
    expect(stop).toMatchObject({
      kind: 'stage2-data',
      ipa: WORD,
      readOnly: true,
      access,
      syndrome: { isv: false },
    });
    expect(readWord64(machine, WORD)).toBe(VALUE);
  });

  it('lets RAM be stored to by the same code', () => {
    const machine = machineOf([...LOOP, STR_X2, HVC], tier);
    enableMmu(machine);
    const [vcpu] = machine.vcpus;
    vcpu!.setX(0, BigInt(RAM_BASE + WORD));
    expect(vcpu!.run(10_000).kind).toBe('hvc');
  });

  it('is changed by the host, and code there decodes anew', () => {
    const machine = machineOf([...LOOP, HVC], tier);
    const [vcpu] = machine.vcpus;
    vcpu!.run(10_000);
    // add x2, x2, #1 instead of add x2, x2, x1
    expect(machine.writePhysical(4, bytesOf([0x9100_0442]))).toBe(true);
    vcpu!.pc = 0n;
    vcpu!.setX(2, 0n);
    vcpu!.setX(3, ROUNDS);
    vcpu!.run(10_000);
    expect(vcpu!.getX(2)).toBe(ROUNDS);
  });
});

describe('the host', () => {
  const machine = machineOf([HVC], 'interpreter');
  it('sees both ranges, and none that goes beyond one', () => {
    expect(machine.rom).toEqual({ base: 0, size: ROM_SIZE });
    expect(machine.readPhysical(WORD, 2)).toEqual(Uint8Array.of(0x88, 0x77));
    expect(machine.readPhysical(ROM_SIZE - 1, 2)).toBeNull();
    expect(machine.readPhysical(RAM_BASE - 1, 2)).toBeNull();
    expect(machine.readPhysical(RAM_BASE + RAM_SIZE, 1)).toBeNull();
    expect(machine.writePhysical(ROM_SIZE - 1, new Uint8Array(2))).toBe(false);
  });
});
