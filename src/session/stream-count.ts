/** The streams that are open, of every kind, against their limit. */
import { SessionError } from './errors.ts';

export class StreamCount {
  readonly #limit: number;
  #open = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get open(): number {
    return this.#open;
  }

  /** The same items, counted as long as somebody reads them. */
  counted<T>(source: AsyncGenerator<T, void, void>): AsyncGenerator<T, void, void> {
    if (this.#open >= this.#limit) {
      throw new SessionError(
        'stream-limit',
        `${this.#limit} event streams are open; close one or try later.`,
        {
          facts: { limit: this.#limit, used: this.#open },
        },
      );
    }
    return this.#count(source);
  }
  async *#count<T>(source: AsyncGenerator<T, void, void>): AsyncGenerator<T, void, void> {
    this.#open += 1;
    try {
      yield* source;
    } finally {
      this.#open -= 1;
    }
  }
}
