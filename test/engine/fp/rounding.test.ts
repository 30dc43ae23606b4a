import { describe, expect, it } from 'vitest';
import { FpContext } from '../../../src/engine/fp/context.ts';
import { codeOf, type FpOperation, runCode } from '../../../src/engine/fp/operation.ts';
import { randomFloat } from '../../oracle/floating-operands.ts';
import { xorshift } from '../../oracle/random.ts';
import {
  add,
  compare,
  expectRounded,
  isNumber,
  isNegative,
  type Mode,
  multiply,
  negate,
  type Rational,
  rational,
  type Real,
  type Size,
  squareRoot,
  numberOf,
} from './real.ts';

const SIZES: readonly Size[] = [16, 32, 64];
/** In the order of FPCR.RMode. */
const MODES: readonly Mode[] = ['n', 'p', 'm', 'z'];
const ROUNDS = 500;

const context = new FpContext();
function run(operation: FpOperation, size: Size, mode: Mode, operands: readonly bigint[]) {
  const [a = 0n, b = 0n, c = 0n] = operands;
  context.fpcr = MODES.indexOf(mode) << 22;
  context.flags = 0;
  const result = runCode(context, codeOf(operation, size), a, b, c);
  return { result, flags: context.flags };
}
const isZero = ({ n }: Rational): boolean => n === 0n;

/** The exact result for operands that are all finite; undefined where it is no number. */
type Exact = (a: Rational, b: Rational, c: Rational) => Real | undefined;
const OPERATIONS: readonly [FpOperation, number, Exact][] = [
  ['add', 2, (a, b) => rational(add(a, b))],
  ['sub', 2, (a, b) => rational(add(a, negate(b)))],
  ['mul', 2, (a, b) => rational(multiply(a, b))],
  ['mulx', 2, (a, b) => rational(multiply(a, b))],
  [
    'div',
    2,
    (a, b) =>
      isZero(b)
        ? undefined
        : rational({ n: a.n * b.d * (b.n < 0n ? -1n : 1n), d: a.d * (b.n < 0n ? -b.n : b.n) }),
  ],
  ['madd', 3, (a, b, c) => rational(add(a, multiply(b, c)))],
  ['recps', 2, (a, b) => rational(add({ n: 2n, d: 1n }, negate(multiply(a, b))))],
  [
    'rsqrts',
    2,
    (a, b) => rational(multiply({ n: 1n, d: 2n }, add({ n: 3n, d: 1n }, negate(multiply(a, b))))),
  ],
  ['sqrt', 1, (a) => (a.n < 0n ? undefined : squareRoot(a))],
];
const ZERO: Rational = { n: 0n, d: 1n };

describe.each(SIZES)('%i bits', (size) => {
  it.each(OPERATIONS)('%s is correctly rounded in every mode', (operation, count, exact) => {
    const rng = xorshift(size * 977 + count);
    let checked = 0;
    for (let i = 0; i < ROUNDS; i++) {
      const operands = Array.from({ length: count }, () => randomFloat(rng, size));
      if (!operands.every((bits) => isNumber(size, bits))) continue;
      const [a = ZERO, b = ZERO, c = ZERO] = operands.map((bits) => numberOf(size, bits));
      const x = exact(a, b, c);
      if (x === undefined) continue;
      for (const mode of MODES) {
        const { result, flags } = run(operation, size, mode, operands);
        if (x(ZERO) !== 0) expectRounded(size, mode, x, result, flags);
        else expect(BigInt.asUintN(size - 1, result) | BigInt(flags)).toBe(0n);
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(ROUNDS);
  });

  it.each(SIZES.filter((to) => to !== size))('converts to %i bits', (to) => {
    const rng = xorshift(size * 31 + to);
    for (let i = 0; i < ROUNDS; i++) {
      const bits = randomFloat(rng, size);
      if (!isNumber(size, bits)) continue;
      const x = rational(numberOf(size, bits));
      for (const mode of MODES) {
        const { result, flags } = run(`cvt${to}`, size, mode, [bits]);
        if (x(ZERO) !== 0) expectRounded(to, mode, x, result, flags);
        else expect(isNegative(to, result)).toBe(isNegative(size, bits));
      }
    }
  });

  it.each([0, 7, 32, 63])('converts integers with %i fraction bits', (fraction) => {
    const rng = xorshift(size + fraction + 1);
    for (let i = 0; i < ROUNDS; i++) {
      const word = (BigInt(rng()) << 32n) | BigInt(rng());
      const bits = word >> BigInt(rng() % 64);
      const x = { n: BigInt.asIntN(64, bits), d: 1n << BigInt(fraction) };
      for (const mode of MODES) {
        const { result, flags } = run('scvtf64', size, mode, [bits, BigInt(fraction)]);
        if (x.n !== 0n) expectRounded(size, mode, rational(x), result, flags);
        else expect(result).toBe(0n);
      }
    }
  });

  it('rounds to integers as each mnemonic says', () => {
    const rng = xorshift(size + 99);
    const half = { n: 1n, d: 2n };
    for (let i = 0; i < ROUNDS; i++) {
      const bits = randomFloat(rng, size);
      if (!isNumber(size, bits)) continue;
      const x = numberOf(size, bits);
      for (const letter of ['n', 'p', 'm', 'z', 'a'] as const) {
        const { result, flags } = run(`cvt${letter}s64`, size, 'n', [bits, 0n]);
        const integer = { n: BigInt.asIntN(64, result), d: 1n };
        const error = add(x, negate(integer));
        const magnitude = { n: error.n < 0n ? -error.n : error.n, d: error.d };
        if ((flags & 1) !== 0) {
          expect(compare(magnitude, half)).toBeGreaterThanOrEqual(0);
          continue;
        }
        expect(flags).toBe(isZero(error) ? 0 : 16);
        if (letter === 'p') expect(error.n <= 0n).toBe(true);
        if (letter === 'm') expect(error.n >= 0n).toBe(true);
        if (letter === 'z') expect(error.n * x.n >= 0n).toBe(true);
        expect(compare(magnitude, { n: 1n, d: 1n })).toBe(-1);
        if (letter !== 'n' && letter !== 'a') continue;
        const tie = compare(magnitude, half);
        expect(tie).toBeLessThanOrEqual(0);
        if (tie === 0 && letter === 'n') expect(integer.n & 1n).toBe(0n);
        if (tie === 0 && letter === 'a') expect(error.n * x.n < 0n).toBe(true);
      }
    }
  });
});

describe('exact zeros', () => {
  it.each(SIZES)('of a difference have the sign of the rounding mode, %i bits', (size) => {
    const one = BigInt({ 16: 0x3c00, 32: 0x3f80_0000, 64: 0 }[size]) || 0x3ff0_0000_0000_0000n;
    for (const mode of MODES) {
      expect(isNegative(size, run('sub', size, mode, [one, one]).result)).toBe(mode === 'm');
    }
  });
});
