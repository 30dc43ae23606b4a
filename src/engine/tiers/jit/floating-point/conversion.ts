/**
 * Fast paths of conversions between formats and to and from integers (Arm ARM pseudocode FPConvert, FPToFixed,
 * FixedToFP), where there are no fraction bits. That they are inexact is nothing new.
 */
import {
  bin,
  cmp,
  extract,
  eqz,
  extractFloat,
  float,
  k128,
  k32,
  k64,
  replaceFloat,
  vec,
  wrap,
} from '../../../semantics/build.ts';
import type { FloatOp, FloatTy, I32, I64, V128, Val } from '../../../semantics/ir.ts';
import { type FastLetter, roundingOf } from './arithmetic.ts';
import type { FastLanes, Lanes, Region } from './lanes.ts';

type Sign = 's' | 'u';
type Size = 32 | 64;

/** The number whose bits an operand has: without a detour where it is a lane. */
export function numberOf(bits: I64, size: Size): Val<FloatTy> {
  const lane = size === 32 && bits.o === 'binary' && bits.op === 'and' ? (bits.a as I64) : bits;
  if (lane.o === 'extract' && lane.lane === 'i64x2' && lane.index === 0) {
    return extractFloat(size === 64 ? 'f64x2' : 'f32x4', 0, lane.v);
  }
  if (size === 64) return float('f64', 'f64.reinterpret_i64', bits);
  return float('f32', 'f32.reinterpret_i32', wrap(bits));
}
export function bitsOf(x: Val<FloatTy>): I64 {
  if (x.t === 'f64') return float('i64', 'i64.reinterpret_f64', x);
  const bits: I32 = float('i32', 'i32.reinterpret_f32', x);
  return { o: 'unary', t: 'i64', op: 'extu', a: bits };
}
const constant = (t: FloatTy, exponent: number, sign: 0n | 1n = 0n): Val<FloatTy> =>
  t === 'f64'
    ? float('f64', 'f64.reinterpret_i64', k64((sign << 63n) | (BigInt(exponent + 1023) << 52n)))
    : float('f32', 'f32.reinterpret_i32', k32((sign << 31n) | (BigInt(exponent + 127) << 23n)));
const zero = (t: FloatTy): Val<FloatTy> =>
  t === 'f64' ? float('f64', 'f64.reinterpret_i64', k64(0)) : float('f32', 'f32.reinterpret_i32', k32(0));

/** 1 when an integral number is not for an integer type, or NaN. */
function doesNotFit(x: Val<FloatTy>, sign: Sign, bits: Size): I32 {
  const is = (op: 'lt' | 'ge', limit: Val<FloatTy>, v = x): I32 =>
    float('i32', `${x.t}.${op}` as FloatOp, v, limit);
  const small = is(
    'lt',
    constant(x.t, sign === 's' ? bits - 1 : bits),
    sign === 's' ? float(x.t, `${x.t}.abs` as FloatOp, x) : x,
  );
  return eqz(sign === 's' ? small : bin('and', small, is('ge', zero(x.t))));
}
const truncated = (x: Val<FloatTy>, sign: Sign, bits: Size): I64 =>
  float('i64', `i64.trunc_sat_${x.t}_${bits === 64 ? sign : 's'}`, x);
const rounded = (x: Val<FloatTy>, letter: FastLetter): Val<FloatTy> =>
  float(x.t, `${x.t}.${roundingOf(letter)}`, x);

/** Scalar conversions on bit patterns. */
export type FastScalar = (region: Region, x: Val<FloatTy>) => I64;

export const toGeneral =
  (letter: FastLetter, sign: Sign, bits: Size): FastScalar =>
  (region, number) => {
    const x = region.let(rounded(number, letter));
    region.when(doesNotFit(x, sign, bits), () => region.refuse());
    const value = truncated(x, sign, bits);
    return bits === 64 ? value : bin('and', value, k64(0xffff_ffff));
  };
export const fromGeneral = (sign: Sign, bits: Size, to: FloatTy, a: I64): I64 =>
  bitsOf(float(to, `${to}.convert_i${bits}_${sign}`, bits === 64 ? a : wrap(a)));

/** To single precision: of results as in arithmetic.ts. */
export const demoted: FastScalar = (region, number) => {
  const x = region.let(number);
  const bits = region.let(bin('and', bitsOf(float('f32', 'f32.demote', x)), k64(0xffff_ffff)));
  const exponent = bin('and', bin('sub', wrap(bin('shr', bits, k64(23))), k32(2)), k32(0xff));
  region.when(cmp('gtu', exponent, k32(0xfc)), () =>
    region.when(float('i32', 'f64.ne', x, zero('f64')), () => region.refuse()),
  );
  return bits;
};
export const promoted: FastScalar = (region, number) => {
  const x = region.let(number);
  region.when(float('i32', 'f32.ne', x, x), () => region.refuse());
  return bitsOf(float('f64', 'f64.promote', x));
};

// Lanes as wide as the integers

export const lanesFromIntegers =
  (sign: Sign): FastLanes =>
  (l, a) => {
    if (l.shape.size === 32) return l.result(vec(`f32x4.convert_${sign}`, a));
    let v: V128 = k128(0n);
    for (let i = 0; i < l.shape.lanes; i++) {
      v = replaceFloat('f64x2', i, v, float('f64', `f64.convert_i64_${sign}`, extract('i64x2', i, a)));
    }
    return l.pin(v);
  };
export const lanesToIntegers =
  (letter: FastLetter, sign: Sign): FastLanes =>
  (l, a) => {
    const x = l.pin(letter === 'z' ? a : l.do(roundingOf(letter), a));
    if (l.shape.size === 64) return doublesToIntegers(l, x, sign);
    const bound = l.power(sign === 's' ? 31 : 32);
    const fits = l.do('lt', sign === 's' ? l.do('abs', x) : x, bound);
    const minusOne = l.every(0xbf80_0000n);
    const good = sign === 's' ? fits : vec('and', fits, l.do('gt', x, minusOne));
    l.refuseIf(l.anyOf(vec('not', good)));
    return l.result(vec(`i32x4.trunc_sat_${sign}`, x));
  };
function doublesToIntegers(l: Lanes, x: V128, sign: Sign): V128 {
  let v: V128 = k128(0n);
  for (let i = 0; i < l.shape.lanes; i++) {
    const number = l.region.let(float('f64', 'f64.trunc', extractFloat('f64x2', i, x)));
    l.refuseIf(doesNotFit(number, sign, 64));
    v = { o: 'replace', t: 'v128', lane: 'i64x2', index: i, v, a: truncated(number, sign, 64) };
  }
  return l.pin(v);
}
