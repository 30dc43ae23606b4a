/** A machine with a program in it, for tests of the engine. Programs are A64 words, assembled with GNU as. */
import { sysregKey } from '../../src/abi/arm/sysreg-key.ts';
import type { MachineHardware, PeModel, Tier, VcpuHardware } from '../../src/engine/hardware.ts';
import { createMachine } from '../../src/engine/machine.ts';

export const RAM_BASE = 0x4000_0000;
export const RAM_SIZE = 0x100_0000;
/** Programs start here. */
export const CODE = 0x4000_0000;
/** A page without code. */
export const DATA = RAM_BASE + 0x10_0000;
/** Translation tables of `enableMmu`: level 1 here. */
export const TABLES = RAM_BASE + 0xff_0000;
export const HVC = 0xd4000002;

export const SYSREG = {
  SCTLR_EL1: sysregKey(3, 0, 1, 0, 0),
  TTBR0_EL1: sysregKey(3, 0, 2, 0, 0),
  TCR_EL1: sysregKey(3, 0, 2, 0, 2),
  ESR_EL1: sysregKey(3, 0, 5, 2, 0),
  FAR_EL1: sysregKey(3, 0, 6, 0, 0),
  ELR_EL1: sysregKey(3, 0, 4, 0, 1),
  MAIR_EL1: sysregKey(3, 0, 10, 2, 0),
  VBAR_EL1: sysregKey(3, 0, 12, 0, 0),
} as const;

export const MODEL: PeModel = {
  breakpoints: 6,
  watchpoints: 4,
  contextAware: 2,
  idRegisters: new Map(),
  features: new Set(['FEAT_LSE', 'FEAT_CRC32']),
};

/** Words as little-endian bytes. */
export function bytesOf(words: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  for (const [i, word] of words.entries()) view.setUint32(i * 4, word, true);
  return new Uint8Array(view.buffer);
}

/** The same with more features. */
export const modelWith = (...features: string[]): PeModel => ({
  ...MODEL,
  features: new Set([...MODEL.features, ...features]),
});

/** A machine whose vcpus all stand at the start of the program, MMU off. */
export function machineWith(
  words: readonly number[],
  vcpus = 1,
  model = MODEL,
  tier: Tier = 'auto',
): MachineHardware {
  const models = Array.from({ length: vcpus }, () => model);
  const machine = createMachine({ ramBase: RAM_BASE, ramSize: RAM_SIZE, models, tier });
  machine.writePhysical(CODE, bytesOf(words));
  for (const vcpu of machine.vcpus) vcpu.pc = BigInt(CODE);
  return machine;
}

/** 64 bits of RAM. */
export function readWord64(machine: MachineHardware, address: number): bigint {
  const bytes = machine.readPhysical(address, 8)!;
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
}
export function writeWord64(machine: MachineHardware, address: number, value: bigint): void {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, value, true);
  machine.writePhysical(address, new Uint8Array(view.buffer));
}

/** Page descriptor attributes: AF, inner shareable, Normal memory, EL1 read-write. */
const PAGE = 0x703n;
const READ_ONLY = 1n << 7n;
const UNPRIVILEGED = 1n << 6n;
/** GP, with FEAT_BTI. */
const GUARDED = 1n << 50n;
export interface Mapping {
  readonly va: number;
  readonly pa: number;
  readonly pages?: number;
  readonly readOnly?: boolean;
  readonly guarded?: boolean;
  /** EL0 may read and write it. */
  readonly unprivileged?: boolean;
}
/**
 * Turn the MMU on for a vcpu: 39-bit addresses, 4 KiB granule, all of RAM mapped to itself in 2 MiB blocks,
 * but within `table`'s 2 MiB only the given pages.
 */
export function enableMmu(
  machine: MachineHardware,
  vcpu: VcpuHardware,
  special: number,
  pages: readonly Mapping[],
): void {
  const level2 = TABLES + 0x1000;
  const level3 = TABLES + 0x2000;
  writeWord64(machine, TABLES + (RAM_BASE / 2 ** 30) * 8, BigInt(level2) | 3n);
  for (let offset = 0; offset < RAM_SIZE; offset += 0x20_0000) {
    const table = RAM_BASE + offset === special;
    const entry = table ? BigInt(level3) | 3n : BigInt(RAM_BASE + offset) | 0x701n;
    writeWord64(machine, level2 + (offset / 0x20_0000) * 8, entry);
  }
  for (const { va, pa, pages: count = 1, readOnly, guarded, unprivileged } of pages) {
    const access = (readOnly ? READ_ONLY : 0n) | (unprivileged ? UNPRIVILEGED : 0n);
    for (let i = 0; i < count; i++) {
      const attributes = PAGE | access | (guarded ? GUARDED : 0n);
      const descriptor = BigInt(pa + i * 4096) | attributes;
      writeWord64(machine, level3 + ((va - special) / 4096 + i) * 8, descriptor);
    }
  }
  vcpu.setSysreg(SYSREG.MAIR_EL1, 0xffn);
  vcpu.setSysreg(SYSREG.TCR_EL1, 25n);
  vcpu.setSysreg(SYSREG.TTBR0_EL1, BigInt(TABLES));
  vcpu.setSysreg(SYSREG.SCTLR_EL1, 1n);
}
