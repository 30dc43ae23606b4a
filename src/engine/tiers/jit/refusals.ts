/**
 * Instructions that regions have refused to do in place too often: floating point whose result needs a second look, accesses that
 * cross pages. Regions made from now on call tier 1's functions for them.
 */

/**
 * So many within so many instructions each are too often. A refusal is a call of the host and the way back to a region's entry, as long
 * as some hundred instructions take; with calls in it a loop has fewer values in registers each time round.
 */
const MOST = 100;
const APART = 4000;

export class Refusals {
  readonly #recent = new Map<number, { count: number; since: number }>();
  /** Records of these instructions. */
  readonly slow = new Set<number>();

  /** Note one, with how many instructions have been retired; true when it is the one too many. */
  note(record: number, retired: number): boolean {
    const recent = this.#recent.get(record) ?? { count: 0, since: retired };
    this.#recent.set(record, recent);
    if (++recent.count < MOST || this.slow.has(record)) return false;
    if (retired - recent.since > MOST * APART) {
      this.#recent.set(record, { count: 0, since: retired });
      return false;
    }
    this.slow.add(record);
    return true;
  }
  /** The records `first` to `last` stand for other instructions from now on. */
  forget(first: number, last: number): void {
    for (const record of this.#recent.keys()) {
      if (record < first || record > last) continue;
      this.#recent.delete(record);
      this.slow.delete(record);
    }
  }
}
