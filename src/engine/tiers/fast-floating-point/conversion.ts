/** Fast paths of conversions between formats and to, from and among integers. */
import type { RoundingLetter } from '../../fp/operation.ts';
import { bin, cmp, eqz, float, k64, sel, wrap } from '../../semantics/build.ts';
import type { FloatOp, I32, I64 } from '../../semantics/ir.ts';
import { equalInDouble, promoted } from './error-free.ts';
import type { Num, Path, Size, Write } from './path.ts';

/** The integral number that a mnemonic's letter means. */
function integral(p: Path, letter: RoundingLetter, x: Num): Num {
  const OPS = { n: 'nearest', p: 'ceil', m: 'floor', z: 'trunc' } as const;
  if (letter !== 'a') return p.unary(OPS[letter], x);
  const t = p.unary('trunc', x);
  const rest = p.unary('abs', p.binary('sub', x, t));
  const one = p.binary('copysign', p.power(0), x);
  const away = p.binary('add', t, one);
  return p.binary('copysign', sel(p.is('ge', rest, p.power(-1)), away, t), x);
}
export const roundToIntegral =
  (letter: RoundingLetter, exact: boolean): Write =>
  (p, a) => {
    const x = p.number(a);
    p.require(p.is('eq', x, x));
    const r = integral(p, letter, x);
    if (exact) p.requireExact(() => p.is('eq', r, x));
    p.giveBack(p.bits(r));
  };

/** To integers only: no fraction bits, and nothing to saturate. */
export const toInteger =
  (letter: RoundingLetter, sign: 's' | 'u', bits: Size): Write =>
  (p, a, fractionBits) => {
    p.require(eqz(fractionBits));
    const x = p.number(a);
    const r = integral(p, letter, x);
    const limit = p.power(sign === 's' ? bits - 1 : bits);
    const lowest = sign === 's' ? float(r.t, `${r.t}.neg` as FloatOp, limit) : p.number(k64(0));
    p.require(bin('and', p.is('ge', r, lowest), p.is('lt', r, limit)));
    p.requireExact(() => p.is('eq', r, x));
    const value = float('i64', `i64.trunc_sat_${r.t}_${sign}`, r);
    p.giveBack(bits === 64 ? value : bin('and', value, k64(0xffff_ffff)));
  };

/** From integers only. */
export const fromInteger =
  (sign: 's' | 'u', bits: Size): Write =>
  (p, a, fractionBits) => {
    p.require(eqz(fractionBits));
    const t = p.size === 64 ? 'f64' : 'f32';
    const source = bits === 64 ? a : wrap(a);
    if (bits === 64 || p.size === 32) p.requireExact(() => isSmall(p, a, sign, bits));
    p.giveBack(p.bits(p.pin(float(t, `${t}.convert_i${bits}_${sign}`, source))));
  };
/** Integers that every bit of which fits in a significand. */
function isSmall(p: Path, a: I64, sign: 's' | 'u', bits: Size): I32 {
  const limit = p.size === 64 ? 1n << 53n : 1n << 24n;
  if (sign === 'u') return cmp('leu', a, k64(limit));
  const extended: I64 = bits === 64 ? a : { o: 'unary', t: 'i64', op: 'ext32', a };
  return cmp('leu', bin('add', extended, k64(limit)), k64(2n * limit));
}

export const toSingle: Write = (p, a) => {
  const x = p.number(a);
  const single = p.at(32);
  const r = single.pin(float('f32', 'f32.demote', x));
  const result = single.bits(r);
  p.giveBackIf(p.isZero(a), result);
  p.require(single.isNormal(result));
  p.requireExact(() => equalInDouble(promoted(r), x));
  p.giveBack(result);
};
export const toDouble: Write = (p, a) => {
  const x = p.number(a);
  p.require(p.is('eq', x, x));
  p.giveBack(float('i64', 'i64.reinterpret_f64', promoted(x)));
};
