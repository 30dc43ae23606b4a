/**
 * How large regions are made. Small at first: what is compiled costs as much as if it were executed thousands of times. Large where a
 * small one was left again and again because it ended there, such as a loop around a switch with many cases.
 */
import { Bursts } from './bursts.ts';
import { type Extent, LARGE, SMALL } from './formation.ts';

/** Times that a record before which regions end has been hot, before anything is made of it. */
const TIMES = 4;
/** Fewer instructions than that for each arrival: leaving there is what takes the time. */
const APART = 128;

export class Growth {
  readonly #bursts: Bursts;
  readonly #large = new Set<number>();

  /** `threshold`: arrivals that make a record hot. */
  constructor(threshold: number) {
    this.#bursts = new Bursts(TIMES, threshold * APART);
  }

  extentOf(head: number): Extent {
    return this.#large.has(head) ? LARGE : SMALL;
  }
  /** A record before which regions end is hot, so many instructions having been retired: true when they are to be larger. */
  isDue(record: number, retired: number): boolean {
    return this.#bursts.note(record, retired);
  }
  /** The region that starts at this record is to be large. */
  grow(head: number): void {
    this.#large.add(head);
  }
  /** Records stand for other instructions from now on. */
  clear(): void {
    this.#bursts.forget(0, Number.MAX_SAFE_INTEGER);
    this.#large.clear();
  }
}
