/**
 * Sortable ids: a prefix, 48 bits of milliseconds, 50 bits that start at random in each millisecond and count up
 * within it, as 20 digits of Crockford's base 32 in lower case. Text order is the order of creation.
 */
import type { Clock } from '../base/clock.ts';
import type { Rng } from '../base/rng.ts';

export type IdPrefix = 'vm' | 'run' | 'ses';

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_DIGITS = 10;
const TAIL_DIGITS = 10;

function digits(value: number, count: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < count; i++) {
    text = DIGITS[rest % 32]! + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** Ids in ascending order for the life of one process, also when the wall clock is set back. */
export class IdSource {
  readonly #clock: Clock;
  readonly #rng: Rng;
  #millisecond = 0;
  #tail = 0;

  constructor(clock: Clock, rng: Rng) {
    this.#clock = clock;
    this.#rng = rng;
  }

  next(prefix: IdPrefix): string {
    const now = this.#clock.now();
    if (now > this.#millisecond) {
      this.#millisecond = now;
      this.#tail = this.#random();
    } else {
      this.#tail += 1;
    }
    return `${prefix}_${digits(this.#millisecond, TIME_DIGITS)}${digits(this.#tail, TAIL_DIGITS)}`;
  }

  /** 40 random bits: the ten bits above them leave room to count within the millisecond. */
  #random(): number {
    return this.#rng.bytes(5).reduce((value, byte) => value * 256 + byte, 0);
  }
}

/** The id of an image is its content: `img_` and the SHA-256 in hexadecimal. */
export function imageId(sha256: string): string {
  return `img_${sha256}`;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * May this be a VM's name? Letters, digits, `.`, `_`, `-`, not starting with punctuation, and nothing that could be
 * taken for an id.
 */
export function isName(text: string, longest: number): boolean {
  return text.length <= longest && NAME.test(text) && !text.startsWith('vm_');
}
