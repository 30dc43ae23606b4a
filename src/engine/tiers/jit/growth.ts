/**
 * How large regions are made. Small at first: what is compiled costs as much as if it were executed thousands of times. Large where a
 * small one was left again and again because it ended there, such as a loop around a switch with many cases.
 */
import { type Extent, LARGE, SMALL } from './formation.ts';

/** Times that a record before which regions end has been hot, before anything is made of it. */
const TIMES = 4;
/** Fewer instructions than that for each arrival: leaving there is what takes the time. */
const APART = 128;

export class Growth {
  /** Arrivals that make a record hot. */
  readonly #threshold: number;
  readonly #recent = new Map<number, { times: number; since: number }>();
  readonly #large = new Set<number>();

  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  extentOf(head: number): Extent {
    return this.#large.has(head) ? LARGE : SMALL;
  }
  /** A record before which regions end is hot, so many instructions having been retired: true when they are to be larger. */
  isDue(record: number, retired: number): boolean {
    const recent = this.#recent.get(record) ?? { times: 0, since: retired };
    this.#recent.set(record, recent);
    if (++recent.times < TIMES) return false;
    this.#recent.delete(record);
    return retired - recent.since <= TIMES * this.#threshold * APART;
  }
  /** The region that starts at this record is to be large. */
  grow(head: number): void {
    this.#large.add(head);
  }
  /** Records stand for other instructions from now on. */
  clear(): void {
    this.#recent.clear();
    this.#large.clear();
  }
}
