/** Instruction fetch: from an address to a record, and the exceptions that come before an instruction's own. */
import { PSTATE } from '../abi/arm/pstate.ts';
import { fromHalves } from '../base/u64.ts';
import type { Board, Tenant } from './board.ts';
import { matchBreakpoints } from './debug/breakpoints.ts';
import { debugException } from './debug/debug-exception.ts';
import { landingPad } from './decode/landing-pad.ts';
import { RECORD } from './host-map.ts';
import { BTYPE_SHIFT, STATE } from './layout.ts';
import { translate } from './memory/translate.ts';
import { createTranslationResult } from './memory/walk.ts';
import {
  branchAddressHigh,
  takeBranchTarget,
  takeIllegalState,
  takeInstructionAbort,
  takePcAlignment,
} from './system/exceptions.ts';
import { SLOT } from './system/storage.ts';

/** SCTLR_EL1.BT0 and BT1 are bits 35 and 36. */
const SCTLR_BT0_HIGH = 1 << 3;
const SCTLR_BT1_HIGH = 1 << 4;

/** Record of the instruction at `lo` in its page of records. */
const recordAt = (records: number, lo: number): number => records + ((lo & 0xffc) >> 2) * RECORD.SIZE;

export class Fetch {
  readonly #board: Board;
  readonly #translation = createTranslationResult();

  constructor(board: Board) {
    this.#board = board;
  }

  /** Record of the instruction at an address; 0 when fetching from there causes an exception. */
  record(pe: Tenant, lo: number, hi: number): number {
    const { cache, ram, tlb, branchTypes } = this.#board;
    const { state } = pe;
    if ((lo & 3) !== 0) return 0;
    const context = state.i32[STATE.CONTEXT / 4]!;
    const known = tlb.lookupCode(lo, hi, context);
    if (known !== 0) return recordAt(known, lo);
    const high = branchAddressHigh(state, hi);
    if (!translate(pe, lo, high, 'fetch', false, this.#translation)) return 0;
    const offset = ram.offset(this.#translation.physical, 4);
    if (offset < 0) return 0;
    if (cache.full) {
      cache.clear();
      tlb.flushCode();
    }
    const guarded = branchTypes && this.#translation.guarded;
    const records = cache.recordsOf(lo, high, Math.floor(offset / 4096), guarded);
    tlb.fillCode(lo, hi, context, records, guarded);
    return recordAt(records, lo);
  }

  /** Take the exception that fetching from an address causes; true when it causes none. */
  permitted(pe: Tenant, lo: number, hi: number): boolean {
    if ((lo & 3) !== 0) {
      takePcAlignment(pe);
      return false;
    }
    if (!translate(pe, lo, hi, 'fetch', false, this.#translation)) {
      takeInstructionAbort(pe, this.#translation.status);
      return false;
    }
    const { physical } = this.#translation;
    if (this.#board.ram.offset(physical, 4) >= 0) return true;
    pe.stop = { kind: 'stage2-instruction', ipa: physical, far: fromHalves(lo, hi) };
    return false;
  }

  /**
   * Take what comes before the effects of the instruction at PC, in the architecture's order; true when there is
   * nothing. For the states in which this may be more than planted records tell.
   */
  passes(pe: Tenant): boolean {
    const { pcLo, pcHi, pstate } = pe.state;
    if (!this.permitted(pe, pcLo, pcHi)) return false;
    const causes = matchBreakpoints(pe, pcLo, pcHi);
    if (causes.length > 0) debugException(pe, 'breakpoint', causes);
    else if ((pstate & PSTATE.IL) !== 0) takeIllegalState(pe);
    else if (!this.#lands(pe)) takeBranchTarget(pe);
    else return true;
    return false;
  }

  /** Whether the branch that came to PC may land there; right after `permitted`. Source: Arm ARM, AArch64.CheckForBTI. */
  #lands(pe: Tenant): boolean {
    const { state } = pe;
    const type = (state.pstate & PSTATE.BTYPE) >>> BTYPE_SHIFT;
    if (type === 0 || !this.#board.branchTypes || !this.#translation.guarded) return true;
    const { host } = this.#board.ram;
    const offset = this.#board.ram.offset(this.#translation.physical, 4);
    const word = state.i32[(host + offset) / 4]!;
    const jumps = (state.sysregHi(SLOT.SCTLR_EL1) & (state.el === 0 ? SCTLR_BT0_HIGH : SCTLR_BT1_HIGH)) === 0;
    return (landingPad(word, jumps) & (1 << type)) !== 0;
  }
}
