/** ERET. Source: Arm ARM, AArch64.ExceptionReturn, SetPSTATEFromSPSR, DebugExceptionReturnSS. */
import { MODE, PSTATE } from '../../abi/arm/pstate.ts';
import type { PeModel } from '../hardware.ts';
import { debugExceptionsEnabled, debugExceptionsEnabledFrom, stepRequested } from '../debug/enabled.ts';
import { branchAddressHigh, clearExclusive, writePstate } from './exceptions.ts';
import type { Pe } from './pe.ts';
import { SLOT } from './storage.ts';

/** Fields that SPSR gives back whether or not the return is legal. */
const ALWAYS = PSTATE.DAIF | PSTATE.PAN | PSTATE.UAO | PSTATE.DIT | PSTATE.SSBS;
/** Fields of features: RES0 in PSTATE when the PE has not got them. */
const FEATURE_FIELDS: readonly (readonly [feature: string, bits: number])[] = [
  ['FEAT_PAN', PSTATE.PAN],
  ['FEAT_UAO', PSTATE.UAO],
  ['FEAT_DIT', PSTATE.DIT],
  ['FEAT_SSBS', PSTATE.SSBS],
  ['FEAT_BTI', PSTATE.BTYPE],
];

/** Exception level that M[4:0] names, or null when a return to it from EL1 is illegal. */
function targetLevel(spsr: number): 0 | 1 | null {
  const mode = spsr & (PSTATE.NRW | PSTATE.MODE);
  if (mode === MODE.EL0t) return 0;
  return mode === MODE.EL1t || mode === MODE.EL1h ? 1 : null;
}

/** PSTATE.SS after the return: SPSR.SS counts only when stepping starts to be enabled by it. */
function returnedStep(pe: Pe, spsr: number, target: 0 | 1): number {
  if (!stepRequested(pe) || debugExceptionsEnabled(pe)) return 0;
  if (!debugExceptionsEnabledFrom(pe, target, (spsr & PSTATE.D) !== 0)) return 0;
  return spsr & PSTATE.SS;
}

/** Bits of PSTATE that no implemented feature gives a meaning. */
export function absentFields({ features }: PeModel): number {
  let bits = 0;
  for (const [feature, field] of FEATURE_FIELDS) {
    if (!features.has(feature)) bits |= field;
  }
  return bits;
}

/**
 * Return from EL1 by SPSR_EL1 and ELR_EL1. An illegal return keeps the Exception level, sets PSTATE.IL and
 * still branches. Clears the local monitor and sets the event register.
 */
export function exceptionReturn(pe: Pe): void {
  const state = pe.state;
  const spsr = state.sysregLo(SLOT.SPSR_EL1);
  const pcLo = state.sysregLo(SLOT.ELR_EL1);
  const pcHi = state.sysregHi(SLOT.ELR_EL1);
  const target = targetLevel(spsr);
  const step = returnedStep(pe, spsr, target ?? state.el);
  let pstate = (spsr & ALWAYS) | step;
  if (target === null) pstate |= PSTATE.IL | (state.pstate & PSTATE.MODE);
  else pstate |= spsr & (PSTATE.IL | PSTATE.BTYPE | PSTATE.MODE);
  state.nzcv = spsr >>> 28;
  writePstate(pe, pstate & ~absentFields(pe.model));
  state.setPc(pcLo, target === null ? pcHi : branchAddressHigh(state, pcHi));
  clearExclusive(state);
  pe.eventRegister = true;
}
