/**
 * The newest output of a console, by position: bytes counted since the VM was created, lost ones included. What is in it
 * is stored on the timeline.
 */
import type { ConsoleOutput } from './types.ts';

/** Output that came at one time. */
interface Piece {
  readonly from: number;
  readonly bytes: Uint8Array;
  /** Its event on the timeline. */
  readonly sequence: number;
}

export type ConsoleItem =
  | ({ readonly kind: 'output' } & ConsoleOutput & { readonly sequence: number })
  /** The cursor is no position of what is kept: the stream goes on at the oldest byte that is. */
  | { readonly kind: 'resync'; readonly oldest: number };

export class ConsoleLog {
  readonly #limit: number;
  readonly #followers = new Set<() => void>();
  #kept: Piece[] = [];
  #size = 0;
  /** Position after the newest byte that was announced, and after the newest that is here. */
  #announced = 0;
  #next = 0;
  #closed = false;

  /** `limit`: bytes kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes are about to be stored: the position of the first of them. `lost` ones came before and are gone. */
  announce(length: number, lost: number): number {
    const from = this.#announced + lost;
    this.#announced = from + length;
    return from;
  }
  /** They are stored. In the order in which they were announced. */
  append(piece: Piece): void {
    if (piece.from > this.#next) {
      this.#kept = [];
      this.#size = 0;
    }
    this.#kept.push(piece);
    this.#size += piece.bytes.length;
    this.#next = piece.from + piece.bytes.length;
    while (this.#size > this.#limit && this.#kept.length > 1) {
      this.#size -= this.#kept.shift()!.bytes.length;
    }
    this.#wake();
  }
  /** The VM is gone, and there will be no more. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  get #oldest(): number {
    return this.#next - this.#size;
  }
  #wake(): void {
    for (const wake of [...this.#followers]) {
      wake();
    }
  }

  /** From position `after` on, at most `limit` bytes; a position that is yet to come has none. */
  read(after: number, limit: number): ConsoleOutput {
    const from = Math.min(Math.max(after, this.#oldest), this.#next);
    const bytes = new Uint8Array(Math.min(limit, this.#next - from));
    for (const piece of this.#kept) {
      const skip = Math.max(0, from - piece.from);
      const room = bytes.length - (piece.from + skip - from);
      if (skip < piece.bytes.length && room > 0) {
        bytes.set(piece.bytes.subarray(skip, skip + room), piece.from + skip - from);
      }
    }
    return { from, next: from + bytes.length, bytes };
  }

  /** Output from position `after` on as it comes, until the VM or the reader goes away. Null: only what is yet to come. */
  async *follow(after: number | null, signal: AbortSignal): AsyncGenerator<ConsoleItem, void, void> {
    let cursor = after ?? this.#next;
    while (!signal.aborted) {
      if (cursor < this.#oldest || cursor > this.#next) {
        cursor = this.#oldest;
        yield { kind: 'resync', oldest: cursor };
        continue;
      }
      const piece = this.#kept.find(({ from, bytes }) => cursor < from + bytes.length);
      if (piece !== undefined) {
        const from = cursor;
        cursor = piece.from + piece.bytes.length;
        const bytes = piece.bytes.subarray(from - piece.from);
        yield { kind: 'output', from, next: cursor, bytes, sequence: piece.sequence };
        continue;
      }
      if (this.#closed) {
        return;
      }
      await this.#change(signal);
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#followers.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#followers.add(done);
      signal.addEventListener('abort', done);
    });
  }
}
