/**
 * Instructions that regions have refused to do in place too often: floating point whose result needs a second look, accesses that
 * cross pages, accesses to pages with watchpoints. Regions made from now on call functions for them, or are made otherwise.
 */
import { Bursts } from './bursts.ts';

/**
 * So many within so many instructions each are too often. A refusal is a call of the host and the way back to a region's entry, as long
 * as some hundred instructions take; with calls in it a loop has fewer values in registers each time round.
 */
const MOST = 100;
const APART = 4000;

export class Refusals {
  readonly #bursts: Bursts;
  /** Records of these instructions. */
  readonly slow = new Set<number>();

  /** `counting`: one that is noted stands for so many. */
  constructor(counting = 1) {
    this.#bursts = new Bursts(Math.ceil(MOST / counting), APART * counting);
  }
  /** Note one, with how many instructions have been retired; true when it is the one too many. */
  note(record: number, retired: number): boolean {
    if (this.slow.has(record) || !this.#bursts.note(record, retired)) return false;
    this.slow.add(record);
    return true;
  }
  /** The records `first` to `last` stand for other instructions from now on. */
  forget(first: number, last: number): void {
    this.#bursts.forget(first, last);
    for (const record of this.slow) {
      if (record >= first && record <= last) this.slow.delete(record);
    }
  }
}
