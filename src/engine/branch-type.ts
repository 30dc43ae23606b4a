/**
 * PSTATE.BTYPE, where FEAT_BTI is implemented. Generated code keeps it lazily: an indirect branch notes its type
 * together with the budget left behind it, and the type stands as long as nothing else has retired.
 * Source: Arm ARM, PSTATE.BTYPE.
 */
import { PSTATE } from '../abi/arm/pstate.ts';
import { STATE } from './layout.ts';
import type { CpuState } from './state.ts';

/** PSTATE.BTYPE is up to date and stands while the budget is `budget`. */
export function noteBranchType(state: CpuState, budget: number): void {
  state.i32[STATE.BTYPE / 4] = state.pstate & PSTATE.BTYPE;
  state.i32[STATE.BTYPE_BUDGET / 4] = budget;
}

/** Bring PSTATE.BTYPE up to date; generated code has called out or was left with this budget. */
export function settleBranchType(state: CpuState, budget: number): void {
  const { i32 } = state;
  const stands = i32[STATE.BTYPE_BUDGET / 4] === budget;
  const type = stands ? i32[STATE.BTYPE / 4]! : 0;
  state.pstate = (state.pstate & ~PSTATE.BTYPE) | type;
}
