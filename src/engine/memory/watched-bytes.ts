/** `HOST.WATCHED`: what generated code compares accesses with that are made to pages with watchpoints. */
import { assert } from '../../base/assert.ts';
import { HOST, IDLE_ENTRIES, WATCHED } from '../host-map.ts';

/** A run of bytes, VA[52:0]: the first, and the first one behind the last. */
export interface WatchedRange {
  readonly start: number;
  readonly end: number;
}

export class WatchedBytes {
  readonly #i32: Int32Array;
  readonly #u64: BigUint64Array;

  constructor(buffer: ArrayBuffer) {
    this.#i32 = new Int32Array(buffer);
    this.#u64 = new BigUint64Array(buffer);
  }

  /** Those that loads must not access unseen, and those that no access must. */
  set(loads: readonly WatchedRange[], all: readonly WatchedRange[]): void {
    this.#write(HOST.WATCHED + WATCHED.LOADS, loads);
    this.#write(HOST.WATCHED + WATCHED.ALL, all);
    this.#i32[HOST.IDLE_LEFT >> 2] = IDLE_ENTRIES;
  }
  #write(at: number, ranges: readonly WatchedRange[]): void {
    assert(ranges.length <= WATCHED.RANGES, 'a PE has at most 16 watchpoints');
    this.#i32[at >> 2] = ranges.length * WATCHED.RANGE;
    for (const [n, { start, end }] of ranges.entries()) {
      const range = at + WATCHED.LIST + n * WATCHED.RANGE;
      this.#u64[range >> 3] = BigInt(start);
      this.#u64[(range + WATCHED.END) >> 3] = BigInt(end);
    }
  }
}
