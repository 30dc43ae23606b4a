/** Which records something happens to again and again: so many times, each within so many instructions. */
export class Bursts {
  readonly #times: number;
  readonly #within: number;
  readonly #recent = new Map<number, { times: number; readonly since: number }>();

  /** `times` events, `apart` instructions for each. */
  constructor(times: number, apart: number) {
    this.#times = times;
    this.#within = times * apart;
  }
  /** Note an event, with how many instructions have been retired; true when it is the last of a burst. */
  note(record: number, retired: number): boolean {
    const recent = this.#recent.get(record) ?? { times: 0, since: retired };
    this.#recent.set(record, recent);
    if (++recent.times < this.#times) return false;
    this.#recent.delete(record);
    return retired - recent.since <= this.#within;
  }
  /** The records `first` to `last` stand for other instructions from now on. */
  forget(first: number, last: number): void {
    for (const record of this.#recent.keys()) {
      if (record >= first && record <= last) this.#recent.delete(record);
    }
  }
}
