/**
 * Fast paths of addition, multiplication, division, square root, extremes, comparisons and rounding to integers.
 *
 * Why looking at the result is enough (Arm ARM pseudocode FPAdd, FPMul, FPDiv, FPSqrt, FPRoundBase; FPCR.RMode and FZ
 * zero, Inexact set): WebAssembly's operations are those of IEEE 754 with ties to even, so finite results have the
 * same bits. A NaN operand makes the result NaN. An infinite operand makes it NaN or infinite, but for x / infinity,
 * which is an exact zero. Overflow gives infinity, division by zero infinity, an invalid operation NaN: all three
 * leave. Without FZ denormal operands raise nothing. What remains is Underflow: a result that is tiny before rounding
 * and inexact. Rounding takes a tiny number to at most the smallest normal one, so none of exponent field 2 or more
 * was tiny.
 */
import { k32, shiftLanes, vec } from '../../../semantics/build.ts';
import type { RoundingLetter } from '../../../fp/operation.ts';
import type { FastLanes } from './lanes.ts';

/** A sum that is tiny is exact: operands are multiples of the smallest denormal number. */
export const sum =
  (op: 'add' | 'sub'): FastLanes =>
  (l, a, b) => {
    const r = l.result(l.do(op, a, b));
    l.refuseIf(l.notFinite(r).any);
    return r;
  };

/** A zero is exact when a factor is zero; the other one is finite then, or the product would be NaN. */
export const product: FastLanes = (l, a, b) => {
  const r = l.result(l.do('mul', a, b));
  l.refuseUnless(l.unusual(r), () => vec('and', l.isZero(r), vec('or', l.isZero(a), l.isZero(b))));
  return r;
};

/** A zero is exact when the dividend is zero or the divisor infinite. */
export const quotient: FastLanes = (l, a, b) => {
  const r = l.result(l.do('div', a, b));
  const infinity = l.shape.size === 64 ? 0x7ffn << 52n : 0xffn << 23n;
  l.refuseUnless(l.unusual(r), () =>
    vec('and', l.isZero(r), vec('or', l.isZero(a), l.do('eq', l.do('abs', b), l.every(infinity)))),
  );
  return r;
};

/** Roots of numbers are never tiny, and that of zero is exact. */
export const root: FastLanes = (l, a) => {
  const r = l.result(l.do('sqrt', a));
  l.refuseIf(l.notFinite(r).any);
  return r;
};

/** WebAssembly orders zeros as Arm does, and its result is NaN when an operand is. */
export const extreme =
  (op: 'min' | 'max'): FastLanes =>
  (l, a, b) => {
    const r = l.result(l.do(op, a, b));
    l.refuseIf(l.anyNaN(r));
    return r;
  };

/** 1 in lanes where it holds. */
export const relation =
  (op: 'eq' | 'ge' | 'gt'): FastLanes =>
  (l, a, b) => {
    l.refuseIf(l.anyNaN(...[a, b].filter((v) => v.o !== 'const')));
    const { size } = l.shape;
    return l.result(shiftLanes(size === 64 ? 'i64x2' : 'i32x4', 'shr_u', l.do(op, a, b), k32(size - 1)));
  };

const ROUNDING = { n: 'nearest', p: 'ceil', m: 'floor', z: 'trunc' } as const;
export type FastLetter = Exclude<RoundingLetter, 'a'>;
export const FAST_LETTERS = Object.keys(ROUNDING) as FastLetter[];
export const roundingOf = (letter: FastLetter): (typeof ROUNDING)[FastLetter] => ROUNDING[letter];

export const roundToIntegral =
  (letter: FastLetter): FastLanes =>
  (l, a) => {
    const r = l.result(l.do(ROUNDING[letter], a));
    l.refuseIf(l.anyNaN(r));
    return r;
  };
