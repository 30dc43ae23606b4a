/** Instructions that their fast paths have refused too often: regions made from now on call tier 1's functions for them. */

/** A refusal costs a call of the host and the way back to a region's entry: far more than a call inside a region. */
const MOST = 100;

export class Refusals {
  readonly #counts = new Map<number, number>();
  /** Records of these instructions. */
  readonly slow = new Set<number>();

  /** Note one; true when it is the one too many. */
  note(record: number): boolean {
    const count = (this.#counts.get(record) ?? 0) + 1;
    this.#counts.set(record, count);
    if (count !== MOST) return false;
    this.slow.add(record);
    return true;
  }
  /** The records `first` to `last` stand for other instructions from now on. */
  forget(first: number, last: number): void {
    for (const record of this.#counts.keys()) {
      if (record < first || record > last) continue;
      this.#counts.delete(record);
      this.slow.delete(record);
    }
  }
}
