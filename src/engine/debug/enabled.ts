/** When debug exceptions are enabled, and the software-step state. Source: Arm ARM, AArch64.GenerateDebugExceptionsFrom. */
import { MDSCR, OSLSR } from '../../abi/arm/debug-registers.ts';
import { PSTATE } from '../../abi/arm/pstate.ts';
import type { Pe } from '../system/pe.ts';
import { SLOT } from '../system/storage.ts';

const KDE = Number(MDSCR.KDE);
const MDE = Number(MDSCR.MDE);
const SS = Number(MDSCR.SS);
const OSLK = Number(OSLSR.OSLK);

/** States of the software-step machine (Arm ARM, Software step state machine). */
export const STEP = { INACTIVE: 0, ACTIVE_NOT_PENDING: 1, ACTIVE_PENDING: 2 } as const;
export type StepState = (typeof STEP)[keyof typeof STEP];

/** Whether Breakpoint, Watchpoint and Software Step exceptions can be taken from `el` with PSTATE.D = `masked`. */
export function debugExceptionsEnabledFrom(pe: Pe, el: 0 | 1, masked: boolean): boolean {
  if (pe.controls.tde) return true;
  if ((pe.state.sysregLo(SLOT.OSLSR_EL1) & OSLK) !== 0) return false;
  return el === 0 || ((pe.debug.mdscrLow & KDE) !== 0 && !masked);
}

export function debugExceptionsEnabled(pe: Pe): boolean {
  const state = pe.state;
  return debugExceptionsEnabledFrom(pe, state.el, (state.pstate & PSTATE.D) !== 0);
}

/** Breakpoints and watchpoints are live: MDSCR_EL1.MDE, and exceptions are enabled here. */
export function comparatorsEnabled(pe: Pe): boolean {
  return pe.debug.file !== null && comparatorsOn(pe) && debugExceptionsEnabled(pe);
}

/** MDSCR_EL1.MDE, whether or not debug exceptions are enabled here. */
export function comparatorsOn(pe: Pe): boolean {
  return (pe.debug.mdscrLow & MDE) !== 0;
}

/** MDSCR_EL1.SS, whether or not steps are enabled here. */
export function stepRequested(pe: Pe): boolean {
  return (pe.debug.mdscrLow & SS) !== 0;
}

export function stepState(pe: Pe): StepState {
  if (!stepRequested(pe) || !debugExceptionsEnabled(pe)) return STEP.INACTIVE;
  return (pe.state.pstate & PSTATE.SS) !== 0 ? STEP.ACTIVE_NOT_PENDING : STEP.ACTIVE_PENDING;
}

/** An instruction completed, or SVC, HVC or SMC is about to take its exception: PSTATE.SS := 0 when stepping. */
export function advanceStep(pe: Pe): void {
  if (stepRequested(pe) && debugExceptionsEnabled(pe)) pe.state.pstate &= ~PSTATE.SS;
}
