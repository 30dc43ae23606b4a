/**
 * Where system registers live in the state block, and access without rights or traps: what a hypervisor
 * uses. Slots follow the order of the rows in abi/arm/sysregs, but for the registers with a fixed place.
 */
import { assert } from '../../base/assert.ts';
import { lo32, hi32, u64 } from '../../base/u64.ts';
import { SYSREG_BY_KEY, SYSREG_BY_NAME, SYSREGS, type SysregRow } from '../../abi/arm/sysregs.ts';
import { type SysregKey, sysregKey } from '../../abi/arm/sysreg-key.ts';
import type { PeModel } from '../hardware.ts';
import { FIXED_STORAGE } from '../inline-registers.ts';
import { STATE, SYSREG_SLOTS } from '../layout.ts';
import type { CpuState } from '../state.ts';

/** SP_EL0 and SP_EL1 have slots for when PSTATE does not select them. */
const BANKED = ['SP_EL0', 'SP_EL1'];
/** Generated code knows the places of these, so they come first. */
const FIXED: readonly string[] = FIXED_STORAGE;
const place = ({ name }: SysregRow): number => (FIXED.includes(name) ? FIXED.indexOf(name) : FIXED.length);
const STORED = SYSREGS.filter((r) => r.kind === 'storage' || BANKED.includes(r.name)).sort(
  (a, b) => place(a) - place(b),
);
assert(STORED.length <= SYSREG_SLOTS, 'the state block has a slot for every system register');

const SLOT_BY_KEY: ReadonlyMap<SysregKey, number> = new Map(STORED.map((r, slot) => [r.key, slot]));
/** Keys of the registers with storage, ascending. */
export const STORED_KEYS: readonly SysregKey[] = [...SLOT_BY_KEY.keys()].sort((a, b) => a - b);

export function slotOf(key: SysregKey): number | undefined {
  return SLOT_BY_KEY.get(key);
}

function named(name: string): number {
  const row = SYSREG_BY_NAME.get(name);
  assert(row !== undefined, () => `${name} is a system register`);
  const slot = slotOf(row.key);
  assert(slot !== undefined, () => `${name} has storage`);
  return slot;
}

/** Slots that the engine uses by name. */
export const SLOT = {
  SP_EL0: named('SP_EL0'),
  SP_EL1: named('SP_EL1'),
  SPSR_EL1: named('SPSR_EL1'),
  ELR_EL1: named('ELR_EL1'),
  ESR_EL1: named('ESR_EL1'),
  FAR_EL1: named('FAR_EL1'),
  VBAR_EL1: named('VBAR_EL1'),
  PAR_EL1: named('PAR_EL1'),
  SCTLR_EL1: named('SCTLR_EL1'),
  CPACR_EL1: named('CPACR_EL1'),
  TCR_EL1: named('TCR_EL1'),
  TTBR0_EL1: named('TTBR0_EL1'),
  TTBR1_EL1: named('TTBR1_EL1'),
  MAIR_EL1: named('MAIR_EL1'),
  CONTEXTIDR_EL1: named('CONTEXTIDR_EL1'),
  OSLSR_EL1: named('OSLSR_EL1'),
  DBGCLAIMCLR_EL1: named('DBGCLAIMCLR_EL1'),
  CNTKCTL_EL1: named('CNTKCTL_EL1'),
  CNTP_CTL_EL0: named('CNTP_CTL_EL0'),
  CNTP_CVAL_EL0: named('CNTP_CVAL_EL0'),
  CNTV_CTL_EL0: named('CNTV_CTL_EL0'),
  CNTV_CVAL_EL0: named('CNTV_CVAL_EL0'),
  MPIDR_EL1: named('MPIDR_EL1'),
  FPCR: named('FPCR'),
  FPSR: named('FPSR'),
} as const;

assert(
  STATE.SYSREGS + SLOT.FPCR * 8 === STATE.FPCR && STATE.SYSREGS + SLOT.FPSR * 8 === STATE.FPSR,
  'FPCR and FPSR are where generated code expects them',
);

/** Write a register as two halves, without a bigint. */
export function setSlotHalves(state: CpuState, slot: number, lo: number, hi: number): void {
  state.i32[STATE.SYSREGS / 4 + slot * 2] = lo;
  state.i32[STATE.SYSREGS / 4 + slot * 2 + 1] = hi;
}

/** A stack pointer, selected or not. */
export function readStackPointer(state: CpuState, el: 0 | 1): bigint {
  const selected = state.spEl1Selected ? 1 : 0;
  return el === selected ? state.sp : state.sysreg(el === 1 ? SLOT.SP_EL1 : SLOT.SP_EL0);
}

export function writeStackPointer(state: CpuState, el: 0 | 1, value: bigint): void {
  const selected = state.spEl1Selected ? 1 : 0;
  if (el === selected) state.sp = value;
  else state.setSysreg(el === 1 ? SLOT.SP_EL1 : SLOT.SP_EL0, value);
}

const MIDR_EL1 = sysregKey(3, 0, 0, 0, 0);
const CTR_EL0 = sysregKey(3, 3, 0, 0, 1);
const DCZID_EL0 = sysregKey(3, 3, 0, 0, 7);
/** DCZID_EL0.DZP: a PE without DC ZVA. */
const ZVA_PROHIBITED = 0x10n;

/** Give every register with storage its reset value. Stack pointers become 0. */
export function resetStorage(state: CpuState, { idRegisters }: PeModel): void {
  state.u64[STATE.MIDR_EL1 / 8] = idRegisters.get(MIDR_EL1) ?? 0n;
  state.u64[STATE.CTR_EL0 / 8] = idRegisters.get(CTR_EL0) ?? 0n;
  state.u64[STATE.DCZID_EL0 / 8] = idRegisters.get(DCZID_EL0) ?? ZVA_PROHIBITED;
  for (const row of STORED) {
    setSlotHalves(state, named(row.name), lo32(row.reset), hi32(row.reset));
  }
}

/** Storage of a register as software wrote it; undefined when it has none. No rights, no traps, no effects. */
export function readStored(state: CpuState, key: SysregKey): bigint | undefined {
  const slot = slotOf(key);
  if (slot === undefined) return undefined;
  if (slot === SLOT.SP_EL0) return readStackPointer(state, 0);
  if (slot === SLOT.SP_EL1) return readStackPointer(state, 1);
  return state.sysreg(slot);
}

/** Set storage. False when the register has none. The caller updates the regime and the debug state. */
export function writeStored(state: CpuState, key: SysregKey, value: bigint): boolean {
  const slot = slotOf(key);
  if (slot === undefined) return false;
  if (slot === SLOT.SP_EL0) writeStackPointer(state, 0, u64(value));
  else if (slot === SLOT.SP_EL1) writeStackPointer(state, 1, u64(value));
  else state.setSysreg(slot, u64(value));
  return true;
}

/** The row of an encoding, as far as this PE implements it. */
export function rowOf(key: SysregKey, features: ReadonlySet<string>): SysregRow | undefined {
  const row = SYSREG_BY_KEY.get(key);
  if (row?.feature !== undefined && !features.has(row.feature)) return undefined;
  return row;
}
