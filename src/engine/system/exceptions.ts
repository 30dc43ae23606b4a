/**
 * Exception entry to EL1. Source: Arm ARM, AArch64.TakeException, and the syndromes of each exception.
 * Every `take...` expects PC at the preferred return address and leaves it at the vector.
 */
import { EC, ESR_IL, esr, FAULT, ISS_ABORT, ISS_CONDITION_ALWAYS } from '../../abi/arm/esr.ts';
import { MODE, PSTATE } from '../../abi/arm/pstate.ts';
import { BTYPE_SHIFT, STATE } from '../layout.ts';
import type { CpuState } from '../state.ts';
import { OUTCOME, type Outcome, type Pe } from './pe.ts';
import { updateRegime } from './regime.ts';
import { setSlotHalves, SLOT } from './storage.ts';

export type Vector = 'synchronous' | 'irq' | 'fiq' | 'serror';
const VECTOR_OFFSET: { readonly [V in Vector]: number } = {
  synchronous: 0,
  irq: 0x80,
  fiq: 0x100,
  serror: 0x180,
};

const SCTLR_SPAN = 1 << 23;
/** SCTLR_EL1.DSSBS is bit 44: bit 12 of the upper half, which is SSBS's own place in PSTATE. */
const SCTLR_DSSBS_HIGH = 1 << 12;

/** Set PSTATE without NZCV; moves the stack pointers when the selection changes. */
export function writePstate(pe: Pe, value: number): void {
  const state = pe.state;
  const before = state.pstate;
  const selected = state.spEl1Selected;
  state.pstate = value;
  if (state.spEl1Selected !== selected) {
    state.setSysreg(selected ? SLOT.SP_EL1 : SLOT.SP_EL0, state.sp);
    state.sp = state.sysreg(selected ? SLOT.SP_EL0 : SLOT.SP_EL1);
  }
  if ((before ^ value) & (PSTATE.MODE | PSTATE.PAN | PSTATE.UAO)) updateRegime(pe);
}

/** Set all of PSTATE, NZCV included, from SPSR layout. */
export function writeSpsrToPstate(pe: Pe, spsr: number): void {
  pe.state.nzcv = spsr >>> 28;
  writePstate(pe, spsr & 0x0fff_ffff);
}

/** PSTATE that EL1 starts an exception handler with. */
function handlerPstate(pe: Pe): number {
  const state = pe.state;
  const keep = PSTATE.PAN | PSTATE.DIT | PSTATE.TCO;
  let value = (state.pstate & keep) | PSTATE.DAIF | MODE.EL1h;
  if (pe.model.features.has('FEAT_PAN') && (state.sysregLo(SLOT.SCTLR_EL1) & SCTLR_SPAN) === 0)
    value |= PSTATE.PAN;
  if (pe.model.features.has('FEAT_SSBS')) value |= state.sysregHi(SLOT.SCTLR_EL1) & SCTLR_DSSBS_HIGH;
  return value;
}

/** Offset within the vector table of the group that the source of the exception selects. */
function vectorGroup(state: CpuState): number {
  if (state.el === 0) return 0x400;
  return state.spEl1Selected ? 0x200 : 0;
}

/**
 * Take an exception to EL1 from the current state. `syndrome` null leaves ESR_EL1 as it is (IRQ and FIQ).
 * FAR_EL1 is the caller's business.
 */
export function takeException(pe: Pe, vector: Vector, syndrome: number | null): void {
  const state = pe.state;
  setSlotHalves(state, SLOT.SPSR_EL1, state.spsr | 0, 0);
  setSlotHalves(state, SLOT.ELR_EL1, state.pcLo, state.pcHi);
  if (syndrome !== null) setSlotHalves(state, SLOT.ESR_EL1, syndrome | 0, 0);
  const offset = vectorGroup(state) + VECTOR_OFFSET[vector];
  writePstate(pe, handlerPstate(pe));
  // The manual leaves NZCV alone here; every recorded machine clears it, and SPSR_EL1 has the flags.
  state.nzcv = 0;
  state.setPc((state.sysregLo(SLOT.VBAR_EL1) & ~0x7ff) | offset, state.sysregHi(SLOT.VBAR_EL1));
  pe.debug.stepped = false;
  pe.debug.steppedExclusive = false;
}

/** FAR_EL1 for the exception that follows. */
export function setFar(state: CpuState, lo: number, hi: number): void {
  setSlotHalves(state, SLOT.FAR_EL1, lo, hi);
}

/** UNDEFINED instruction: EC 0, FAR_EL1 untouched. */
export function takeUndefined(pe: Pe): void {
  takeException(pe, 'synchronous', ESR_IL);
}

/** SIMD or floating point trapped by CPACR_EL1.FPEN. */
export function takeFpTrap(pe: Pe): void {
  takeException(pe, 'synchronous', esr(EC.FP_ACCESS, ISS_CONDITION_ALWAYS));
}

/** PSTATE.IL is set. */
export function takeIllegalState(pe: Pe): void {
  takeException(pe, 'synchronous', esr(EC.ILLEGAL_STATE, 0));
}

/** Branch Target Exception: the ISS is the branch type. Source: Arm ARM, ESR_EL1, ISS for EC 0b001101. */
export function takeBranchTarget(pe: Pe): void {
  const type = (pe.state.pstate & PSTATE.BTYPE) >>> BTYPE_SHIFT;
  takeException(pe, 'synchronous', esr(EC.BRANCH_TARGET, type));
}

export function takePcAlignment(pe: Pe): void {
  setFar(pe.state, pe.state.pcLo, pe.state.pcHi);
  takeException(pe, 'synchronous', esr(EC.PC_ALIGNMENT, 0));
}

export function takeSpAlignment(pe: Pe): void {
  takeException(pe, 'synchronous', esr(EC.SP_ALIGNMENT, 0));
}

/**
 * Data Abort. `status` is the DFSC of the fault, `cacheMaintenance` sets CM (and WnR, as such instructions
 * always report). The address goes to FAR_EL1 with its tag.
 */
export function takeDataAbort(
  pe: Pe,
  status: number,
  vaLo: number,
  vaHi: number,
  write: boolean,
  cacheMaintenance = false,
): void {
  const ec = pe.state.el === 0 ? EC.DATA_ABORT_LOWER : EC.DATA_ABORT_SAME;
  const wnr = write || cacheMaintenance ? ISS_ABORT.WNR : 0;
  setFar(pe.state, vaLo, vaHi);
  takeException(pe, 'synchronous', esr(ec, status | wnr | (cacheMaintenance ? ISS_ABORT.CM : 0)));
}

/** Alignment fault of a data access. */
export function takeAlignmentFault(pe: Pe, vaLo: number, vaHi: number, write: boolean): void {
  takeDataAbort(pe, FAULT.ALIGNMENT, vaLo, vaHi, write);
}

/** Instruction Abort at the current PC. `status` is the IFSC. */
export function takeInstructionAbort(pe: Pe, status: number): void {
  const ec = pe.state.el === 0 ? EC.INSTRUCTION_ABORT_LOWER : EC.INSTRUCTION_ABORT_SAME;
  setFar(pe.state, pe.state.pcLo, pe.state.pcHi);
  takeException(pe, 'synchronous', esr(ec, status));
}

/** A virtual interrupt is there, masked or not. */
export function interruptPending({ controls }: Pe): boolean {
  return controls.irq || controls.fiq;
}

/** The virtual interrupt that PSTATE lets through now, FIQ first; null when there is none. */
export function deliverableInterrupt(pe: Pe): 'irq' | 'fiq' | null {
  if (pe.controls.fiq && (pe.state.pstate & PSTATE.F) === 0) return 'fiq';
  if (pe.controls.irq && (pe.state.pstate & PSTATE.I) === 0) return 'irq';
  return null;
}

export function takeInterrupt(pe: Pe, kind: 'irq' | 'fiq'): void {
  takeException(pe, kind, null);
}

/**
 * Where a branch to `lo:hi` leads: with Top Byte Ignore in force the tag is replaced by copies of bit 55.
 * Returns the new upper half. Source: Arm ARM, AArch64.BranchAddr.
 */
export function branchAddressHigh(state: CpuState, hi: number): number {
  const upper = (hi >>> 23) & 1;
  const tbi = (state.sysregHi(SLOT.TCR_EL1) >>> (5 + upper)) & 1;
  if (tbi === 0) return hi;
  return upper === 1 ? hi | 0xff00_0000 : hi & 0x00ff_ffff;
}

/** PC := PC + 4 and PSTATE.BTYPE := 0, as every instruction but a branch leaves them. */
export function advancePc(state: CpuState): void {
  state.pstate &= ~PSTATE.BTYPE;
  const lo = state.pcLo;
  state.setPc((lo + 4) | 0, lo >>> 0 >= 0xffff_fffc ? (state.pcHi + 1) | 0 : state.pcHi);
}

/** Retire with PC at the next instruction, for instructions after which the run loop has to look again. */
export function leave(pe: Pe): Outcome {
  advancePc(pe.state);
  return OUTCOME.LEAVE;
}

/** Open the local exclusive monitor. */
export function clearExclusive(state: CpuState): void {
  state.i32[STATE.EXCLUSIVE_BYTES / 4] = 0;
}
