/** What generated code needs to know of the translation regime, kept up to date in the state block. */
import { PSTATE } from '../../abi/arm/pstate.ts';
import { STATE } from '../layout.ts';
import type { CpuState } from '../state.ts';
import type { Pe } from './pe.ts';
import { SLOT } from './storage.ts';

/** SCTLR_EL1 bits: M, A, SA, SA0, DZE, WXN. */
const SCTLR_M = 1;
const SCTLR_A = 1 << 1;
const SCTLR_SA = 1 << 3;
const SCTLR_SA0 = 1 << 4;
const SCTLR_DZE = 1 << 14;
const SCTLR_WXN = 1 << 19;

/** DCZID_EL0: not prohibited, blocks of 2^4 words. */
const ZERO_BLOCK_64 = 4;

/** Registers that a context stands for, beside SCTLR_EL1. */
const CONTEXT_SLOTS = [SLOT.TCR_EL1, SLOT.TTBR0_EL1, SLOT.TTBR1_EL1, SLOT.MAIR_EL1] as const;
/** Scratch of `updateRegime`; nothing survives a call. */
const registers = new Int32Array(9);

/**
 * Recompute context numbers, FP_ENABLED, ALIGN_STRICT and ZERO_BLOCK. Call after PSTATE's EL, PAN or UAO changed, after
 * SCTLR, TCR, TTBR, MAIR or CPACR changed, and when a vcpu is switched in.
 */
export function updateRegime(pe: Pe): void {
  const state = pe.state;
  const sctlr = state.sysregLo(SLOT.SCTLR_EL1);
  selectContexts(pe, sctlr);
  const el = state.el;
  const pan = el === 1 && (state.pstate & PSTATE.PAN) !== 0 ? 1 : 0;
  const own = pe.contexts.number(el, pan);
  const overridden = el === 1 && (state.pstate & PSTATE.UAO) !== 0;
  state.i32[STATE.CONTEXT / 4] = own;
  state.i32[STATE.CONTEXT_UNPRIVILEGED / 4] = overridden ? own : pe.contexts.number(0, 0);
  state.i32[STATE.FP_ENABLED / 4] = floatingPointEnabled(state) ? 1 : 0;
  state.i32[STATE.ALIGN_STRICT / 4] = (sctlr & SCTLR_M) === 0 || (sctlr & SCTLR_A) !== 0 ? 1 : 0;
  state.i32[STATE.ZERO_BLOCK / 4] = zeroesBlocks(state, sctlr) ? 1 : 0;
}

/** With the MMU off memory is Device memory, where DC ZVA faults. */
function zeroesBlocks(state: CpuState, sctlr: number): boolean {
  const permitted = state.el === 1 || (sctlr & SCTLR_DZE) !== 0;
  return permitted && (sctlr & SCTLR_M) !== 0 && state.i32[STATE.DCZID_EL0 / 4] === ZERO_BLOCK_64;
}

function selectContexts(pe: Pe, sctlr: number): void {
  const state = pe.state;
  registers[0] = sctlr & (SCTLR_M | SCTLR_WXN);
  let i = 1;
  for (const slot of CONTEXT_SLOTS) {
    registers[i++] = state.sysregLo(slot);
    registers[i++] = state.sysregHi(slot);
  }
  if (pe.contexts.nearlyFull(2)) {
    pe.flushTlb();
    pe.contexts.clear();
  }
  pe.contexts.select(registers);
}

/** CPACR_EL1.FPEN: 0b11 never traps, 0b01 traps EL0 only, 0bx0 traps both. */
export function floatingPointEnabled(state: CpuState): boolean {
  const fpen = (state.sysregLo(SLOT.CPACR_EL1) >>> 20) & 3;
  return fpen === 3 || (fpen === 1 && state.el === 1);
}

/** A load or store with a misaligned stack pointer as its base faults: SCTLR_EL1.SA, and SA0 at EL0. */
export function stackAlignmentChecked(state: CpuState): boolean {
  return (state.sysregLo(SLOT.SCTLR_EL1) & (state.el === 0 ? SCTLR_SA0 : SCTLR_SA)) !== 0;
}
