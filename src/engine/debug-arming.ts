/**
 * Makes the comparators of the vcpu that runs effective: breakpoints are planted in decoded code, pages with
 * watchpoints are kept out of the software TLB. Everything else runs as if there were no debugger.
 */
import type { Board } from './board.ts';
import { plantedAddresses } from './debug/breakpoints.ts';
import {
  type ArmedWatchpoint,
  armedWatchpoints,
  isWatchedPage,
  matchWatchpoints,
} from './debug/watchpoints.ts';
import type { Watch } from './memory/slow-path.ts';
import type { Pe } from './system/pe.ts';

function watchOf(pe: Pe, armed: readonly ArmedWatchpoint[]): Watch {
  return {
    covers: (lo, hi) => isWatchedPage(armed, lo, hi),
    match: (lo, hi, bytes, read, write, unprivileged) =>
      matchWatchpoints(pe, armed, lo, hi, bytes, read, write, unprivileged),
  };
}

/** Whether the same bytes are watched, in the same order. */
function sameRanges(a: readonly ArmedWatchpoint[], b: readonly ArmedWatchpoint[]): boolean {
  return a.length === b.length && a.every(({ start, end }, n) => start === b[n]!.start && end === b[n]!.end);
}

export class DebugArming {
  /** Breakpoints or watchpoints may differ from what is planted and cached. */
  stale = true;
  /** A breakpoint may fire anywhere: one instruction at a time. */
  everywhere = false;
  readonly #board: Board;
  #watching: readonly ArmedWatchpoint[] = [];

  constructor(board: Board) {
    this.#board = board;
  }

  /** Bring planted breakpoints and watched pages up to date. */
  refresh(pe: Pe): void {
    const planted = plantedAddresses(pe);
    this.stale = false;
    this.everywhere = planted === 'every';
    this.#board.cache.plant(planted === 'every' ? [] : planted);
    const armed = armedWatchpoints(pe);
    this.#board.slow.select(pe, armed.length === 0 ? null : watchOf(pe, armed));
    // Entries made under the old watchpoints would let accesses pass unseen, or slow them down for ever.
    if (!sameRanges(armed, this.#watching)) this.#board.flushTlb();
    this.#watching = armed;
  }
}
