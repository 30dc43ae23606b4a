/**
 * Makes the comparators of the vcpu that runs effective: breakpoints are planted in decoded code, pages with
 * watchpoints are closed in the software TLB, and what they watch is written down for those who look closer. Everything else
 * runs as if there were no debugger.
 */
import type { Board } from './board.ts';
import { plantedAddresses } from './debug/breakpoints.ts';
import {
  type ArmedWatchpoint,
  armedWatchpoints,
  isWatchedPage,
  matchWatchpoints,
  watchpointsOfLoads,
} from './debug/watchpoints.ts';
import type { Watch } from './memory/slow-path.ts';
import type { Pe } from './system/pe.ts';

/** The watchpoints in force, and those of them that loads may hit. */
interface Watching {
  readonly all: readonly ArmedWatchpoint[];
  readonly loads: readonly ArmedWatchpoint[];
}
const NOTHING: Watching = { all: [], loads: [] };

function watchOf(pe: Pe, { all, loads }: Watching): Watch {
  return {
    coversLoads: (lo, hi) => isWatchedPage(loads, lo, hi),
    covers: (lo, hi) => isWatchedPage(all, lo, hi),
    match: (lo, hi, bytes, read, write, unprivileged) =>
      matchWatchpoints(pe, all, lo, hi, bytes, read, write, unprivileged),
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
  #watching = NOTHING;

  constructor(board: Board) {
    this.#board = board;
  }

  /** Bring planted breakpoints and watched pages up to date. */
  refresh(pe: Pe): void {
    const planted = plantedAddresses(pe);
    this.stale = false;
    this.everywhere = planted === 'every';
    this.#board.cache.plant(planted === 'every' ? [] : planted);
    const all = armedWatchpoints(pe);
    const watching = all.length === 0 ? NOTHING : { all, loads: watchpointsOfLoads(all) };
    this.#board.slow.select(pe, all.length === 0 ? null : watchOf(pe, watching));
    const before = this.#watching;
    this.#watching = watching;
    if (sameRanges(all, before.all) && sameRanges(watching.loads, before.loads)) return;
    // Entries made under the old watchpoints would let accesses pass unseen, or slow them down for ever.
    this.#board.flushTlb();
    this.#board.watched.set(watching.loads, all);
  }
}
