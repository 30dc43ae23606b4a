/** The newest output of a console, by position: bytes counted since the VM was created, lost ones included. */
import type { ConsoleOutput } from './types.ts';

export class ConsoleLog {
  readonly #limit: number;
  #kept: Uint8Array[] = [];
  #size = 0;
  /** Position after the newest byte. */
  #next = 0;

  /** `limit`: bytes kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Returns the position of the first of the bytes. `lost` ones came before and are gone. */
  append(bytes: Uint8Array, lost: number): number {
    if (lost > 0) {
      this.#kept = [];
      this.#size = 0;
    }
    const from = this.#next + lost;
    this.#next = from + bytes.length;
    this.#kept.push(bytes);
    this.#size += bytes.length;
    while (this.#size > this.#limit && this.#kept.length > 1) {
      this.#size -= this.#kept.shift()!.length;
    }
    return from;
  }

  /** From position `after` on, at most `limit` bytes; a position that is yet to come has none. */
  read(after: number, limit: number): ConsoleOutput {
    const start = this.#next - this.#size;
    const from = Math.min(Math.max(after, start), this.#next);
    const bytes = new Uint8Array(Math.min(limit, this.#next - from));
    let at = start;
    for (const piece of this.#kept) {
      const skip = Math.max(0, from - at);
      const room = bytes.length - (at + skip - from);
      if (skip < piece.length && room > 0) {
        bytes.set(piece.subarray(skip, skip + room), at + skip - from);
      }
      at += piece.length;
    }
    return { from, next: from + bytes.length, bytes };
  }
}
