/** Exact real numbers, and what IEEE 754 says of a number rounded to a format: definitions, not algorithms. */
import { expect } from 'vitest';

export type Size = 16 | 32 | 64;
export type Mode = 'n' | 'p' | 'm' | 'z';
export interface Rational {
  readonly n: bigint;
  /** Positive. */
  readonly d: bigint;
}
/** A real number is known by how it compares with rationals: the sign of (it - q). */
export type Real = (q: Rational) => number;

const FRACTION = { 16: 10, 32: 23, 64: 52 } as const;
const BIAS = { 16: 15, 32: 127, 64: 1023 } as const;
const FLAG = { OFC: 4, UFC: 8, IXC: 16 } as const;

const power = (e: number): Rational =>
  e >= 0 ? { n: 1n << BigInt(e), d: 1n } : { n: 1n, d: 1n << BigInt(-e) };
export const multiply = (a: Rational, b: Rational): Rational => ({ n: a.n * b.n, d: a.d * b.d });
export const add = (a: Rational, b: Rational): Rational => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
export const negate = ({ n, d }: Rational): Rational => ({ n: -n, d });
const sign = (n: bigint): number => (n > 0n ? 1 : n < 0n ? -1 : 0);
export const compare = (a: Rational, b: Rational): number => sign(a.n * b.d - b.n * a.d);
export const rational =
  (x: Rational): Real =>
  (q) =>
    compare(x, q);
/** The positive root. */
export const squareRoot =
  (x: Rational): Real =>
  (q) =>
    q.n < 0n ? 1 : compare(x, multiply(q, q));

export const exponentOf = (size: Size, bits: bigint): number =>
  Number(BigInt.asUintN(size - 1, bits) >> BigInt(FRACTION[size]));
export const isNumber = (size: Size, bits: bigint): boolean => exponentOf(size, bits) !== 2 * BIAS[size] + 1;
export const isNegative = (size: Size, bits: bigint): boolean => bits >> BigInt(size - 1) === 1n;

/** The value of a finite number; of an infinity, the number that would follow the largest one. */
export function numberOf(size: Size, bits: bigint): Rational {
  const biased = exponentOf(size, bits);
  const fraction = BigInt.asUintN(FRACTION[size], bits);
  const mantissa = biased === 0 ? fraction : fraction | (1n << BigInt(FRACTION[size]));
  const scale = power(Math.max(biased, 1) - BIAS[size] - FRACTION[size]);
  const magnitude = multiply({ n: mantissa, d: 1n }, scale);
  return isNegative(size, bits) ? negate(magnitude) : magnitude;
}

/** The neighbour in a direction; from zero, that with the direction's sign. */
function neighbour(size: Size, bits: bigint, up: boolean): bigint {
  const signBit = 1n << BigInt(size - 1);
  const magnitude = bits & ~signBit;
  if (magnitude === 0n) return up ? 1n : signBit | 1n;
  const away = up !== isNegative(size, bits);
  return (bits & signBit) | (away ? magnitude + 1n : magnitude - 1n);
}

/** Check a result and its flags against the definition of correct rounding. `x` is not zero. */
export function expectRounded(size: Size, mode: Mode, x: Real, result: bigint, flags: number): void {
  const zero = { n: 0n, d: 1n };
  const negative = x(zero) < 0;
  expect(isNegative(size, result), 'sign').toBe(negative);
  const limit = power(BIAS[size] + 1);
  const beyond = negative ? x(negate(limit)) <= 0 : x(limit) >= 0;
  const away = mode === 'n' || mode === (negative ? 'm' : 'p');
  const infinity = BigInt(2 * BIAS[size] + 1) << BigInt(FRACTION[size]);
  if (beyond) {
    expect(BigInt.asUintN(size - 1, result), 'overflow').toBe(away ? infinity : infinity - 1n);
    expect(flags, 'flags of overflow').toBe(FLAG.OFC | FLAG.IXC);
    return;
  }
  const error = x(numberOf(size, result));
  const smallest = power(1 - BIAS[size]);
  const tiny = negative ? x(negate(smallest)) > 0 : x(smallest) < 0;
  const overflowed = BigInt.asUintN(size - 1, result) === infinity;
  const inexact = FLAG.IXC | (tiny ? FLAG.UFC : 0) | (overflowed ? FLAG.OFC : 0);
  expect(flags, 'flags').toBe(error === 0 ? 0 : inexact);
  if (error === 0) return;
  const next = numberOf(size, neighbour(size, result, error > 0));
  expect(x(next), 'between neighbours').toBe(-error);
  if (mode === 'n') {
    const middle = multiply(add(numberOf(size, result), next), { n: 1n, d: 2n });
    const nearer = x(middle) * error;
    expect(nearer < 0 || (nearer === 0 && (result & 1n) === 0n), 'nearest, ties to even').toBe(true);
  } else {
    const up = mode === 'p' || (mode === 'z' && negative);
    expect(error < 0, 'direction').toBe(up);
  }
}
