/** 64-bit random numbers as two halves, without bigint: a program's state is a hundred of them. */

export type Rng = () => number;

/** A 64-bit number that is made in place; halves are int32. */
export class Halves {
  lo = 0;
  hi = 0;

  set(lo: number, hi: number): this {
    this.lo = lo | 0;
    this.hi = hi | 0;
    return this;
  }
  /** Any number. */
  any(rng: Rng): this {
    this.hi = rng() | 0;
    this.lo = rng() | 0;
    return this;
  }
  /** A small number, sign-extended. */
  small(value: number): this {
    return this.set(value, value < 0 ? -1 : 0);
  }
  /** 1 << n. */
  bit(n: number): this {
    return n < 32 ? this.set(1 << n, 0) : this.set(0, 1 << (n - 32));
  }
  /** Add an int32. */
  add(value: number): this {
    const sum = (this.lo >>> 0) + value;
    const carry = Math.floor(sum / 2 ** 32);
    return this.set(sum, this.hi + carry);
  }
  /** AND with -(1 << n). */
  clearBelow(n: number): this {
    if (n >= 32) return this.set(0, this.hi & (-1 << (n - 32)));
    return this.set(this.lo & (-1 << n), this.hi);
  }
  /** The low `n` bits, n from 1 to 64. */
  keepBelow(n: number): this {
    if (n <= 32) return this.set(this.lo & (n === 32 ? -1 : (1 << n) - 1), 0);
    return this.set(this.lo, n === 64 ? this.hi : this.hi & ((1 << (n - 32)) - 1));
  }
  /** OR with `value` << n; `value` has no bits that would be lost. */
  or(value: number, n: number): this {
    if (n >= 32) this.hi |= value << (n - 32);
    else {
      this.lo |= value << n;
      if (n > 0) this.hi |= value >>> (32 - n);
    }
    return this;
  }
  get bigint(): bigint {
    return (BigInt(this.hi >>> 0) << 32n) | BigInt(this.lo >>> 0);
  }
}

/** Numbers at the edges of things as often as any number. */
export function interesting(rng: Rng, out: Halves): Halves {
  const kind = rng() >>> 29;
  const bit = rng() % 64;
  switch (kind) {
    case 0: {
      const value = rng();
      return out.set(value % (rng() % 2 === 0 ? 2 : 256), 0);
    }
    case 1: {
      const value = rng();
      return out.small(-1 - (value % (rng() % 2 === 0 ? 2 : 256)));
    }
    case 2:
      return out.bit(bit);
    case 3:
      return out.bit(bit).add(-1 - (rng() % 2));
    case 4:
      return out.small(rng() | 0);
    default:
      return out.any(rng);
  }
}

/** A V register as a 128-bit row of lanes in a 64-bit array: lane `at / bits` of register `n`. */
export function putLane(words: Int32Array, n: number, at: number, bits: number, { lo, hi }: Halves): void {
  const word = 4 * n + (at >> 5);
  if (bits === 64) {
    words[word] = lo;
    words[word + 1] = hi;
  } else if (bits === 32) words[word] = lo;
  else {
    const mask = ((1 << bits) - 1) << (at & 31);
    words[word] = (words[word]! & ~mask) | ((lo << (at & 31)) & mask);
  }
}
