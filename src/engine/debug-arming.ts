/**
 * Makes the comparators of the vcpu that runs effective: breakpoints are planted in decoded code, pages with
 * watchpoints are kept out of the software TLB. Everything else runs as if there were no debugger.
 */
import type { Board } from './board.ts';
import { plantedAddresses } from './debug/breakpoints.ts';
import { isWatchedPage, matchWatchpoints } from './debug/watchpoints.ts';
import type { Watch } from './memory/slow-path.ts';
import type { Pe } from './system/pe.ts';

const MDSCR_MDE = 1n << 15n;

/** Text that differs when the pages to watch may differ; empty when there are none. */
function watchedSlots(pe: Pe): string {
  const { file, mdscr } = pe.debug;
  if (file === null || (mdscr & MDSCR_MDE) === 0n) return '';
  let text = '';
  for (let slot = 0; slot < pe.model.watchpoints; slot++) {
    const control = file.wcr[slot]!;
    if ((control & 1n) !== 0n) text += `${control}:${file.wvr[slot]} `;
  }
  return text;
}
function watchOf(pe: Pe): Watch {
  return {
    covers: (lo, hi) => isWatchedPage(pe, lo, hi),
    match: (lo, hi, bytes, read, write, unprivileged) =>
      matchWatchpoints(pe, lo, hi, bytes, read, write, unprivileged),
  };
}

export class DebugArming {
  /** Breakpoints or watchpoints may differ from what is planted and cached. */
  stale = true;
  /** A breakpoint may fire anywhere: one instruction at a time. */
  everywhere = false;
  readonly #board: Board;
  #watching = '';

  constructor(board: Board) {
    this.#board = board;
  }

  /** Bring planted breakpoints and watched pages up to date. */
  refresh(pe: Pe): void {
    const planted = plantedAddresses(pe);
    this.stale = false;
    this.everywhere = planted === 'every';
    this.#board.cache.plant(planted === 'every' ? [] : planted);
    const watching = watchedSlots(pe);
    this.#board.slow.select(pe, watching === '' ? null : watchOf(pe));
    // Entries made under the old watchpoints would let accesses pass unseen, or slow them down for ever.
    if (watching !== this.#watching) this.#board.flushTlb();
    this.#watching = watching;
  }
}
