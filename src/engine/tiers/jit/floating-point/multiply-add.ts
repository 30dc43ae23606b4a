/** Fast paths of a + b * c, rounded once (Arm ARM pseudocode FPMulAdd). What arithmetic.ts says of results holds here. */
import {
  anyTrue,
  bin,
  bitselect,
  cmp,
  extract,
  k128,
  multiplyAdd,
  shuffle,
  vec,
} from '../../../semantics/build.ts';
import type { V128 } from '../../../semantics/ir.ts';
import { onlyLanes } from '../../../semantics/simd-fp/floating.ts';
import type { Bad, FastLanes, Lanes } from './lanes.ts';

/**
 * Where the host rounds once. A result that is zero or tiny is exact when a factor is zero: it is the addend then, or a
 * sum of zeros. A zero is exact, too, when the addend is not small: it and a product that cancels it are multiples of
 * what is far above half the smallest denormal number.
 */
export const fusedMultiplyAdd: FastLanes = (l, a, b, c) => {
  const r = l.result(multiplyAdd(l.lane, b, c, a));
  l.refuseUnless(l.unusual(r), () => {
    const noProduct = vec('and', vec('or', l.isZero(b), l.isZero(c)), l.do('eq', r, r));
    const large = l.do('ge', l.do('abs', a), l.power(l.shape.size === 64 ? -900 : -60));
    return vec('or', noProduct, vec('and', l.isZero(r), large));
  });
  return r;
};

/** Knuth's error-free sum: `rounded` = a + b rounded; returns a + b - rounded. */
function errorOfSum(l: Lanes, a: V128, b: V128, rounded: V128): V128 {
  const b1 = l.pin(l.do('sub', rounded, a));
  return l.do('add', l.do('sub', a, l.do('sub', rounded, b1)), l.do('sub', b, b1));
}

/** Half an unit of the 26th place, and all bits but those of the places behind. */
const HALF_PLACE = 0x400_0000n;
const PLACES = 0xffff_ffff_f800_0000n;
/**
 * b * c - product. Each factor is split into two numbers of at most 26 bits, by rounding its bit pattern, whose
 * products and their sums in this order are exact (Dekker): with factors of exponents eb and ec, all are multiples of
 * 2^(eb+ec-104) below 2^53 times their own unit.
 */
function errorOfProduct(l: Lanes, b: V128, c: V128, product: V128): V128 {
  const split = (x: V128): { high: V128; low: V128 } => {
    const rounded = vec('and', vec('i64x2.add', x, l.every(HALF_PLACE)), l.every(PLACES));
    const high = l.pin(rounded);
    return { high, low: l.pin(l.do('sub', x, high)) };
  };
  const [x, y] = [split(b), split(c)];
  const highs = l.do('sub', l.do('mul', x.high, y.high), product);
  const middle = l.do('add', l.do('mul', x.high, y.low), l.do('mul', x.low, y.high));
  return l.do('add', l.do('add', highs, middle), l.do('mul', x.low, y.low));
}

/**
 * Doubles where the host may round twice. p + e is the product, s + t the sum of p and a, both exactly; what is sought
 * is s + t + e rounded once. w is t + e rounded, so the truth lies between s + w(1 - 2^-52) and s + w(1 + 2^-52), and
 * when both round to one number, that is it. Comparing them also finds every NaN, and overflow on the way, which makes
 * e or t NaN. It fails close to the middle of two numbers; then s + w is right if t + e was exact.
 *
 * e is exact when |p| is 2^-960 or more. Below, it is garbage of the order of p, which cannot matter when the result is
 * 2^-900 or more: it is a then, and all that is added is far below a quarter of a unit in its last place.
 */
export const multiplyAddDouble: FastLanes = (l, a, b, c) => {
  const p = l.pin(l.do('mul', b, c));
  const e = l.pin(errorOfProduct(l, b, c, p));
  const s = l.pin(l.do('add', p, a));
  const t = l.pin(errorOfSum(l, p, a, s));
  const w = l.pin(l.do('add', t, e));
  const towards = (factor: bigint): V128 => l.do('add', s, l.do('mul', w, l.every(factor)));
  const r = l.result(towards(0x3fef_ffff_ffff_fffen));
  const r2 = l.pin(towards(0x3ff0_0000_0000_0001n));
  const small = l.outside(r, -900, 1023);
  const differs = l.do('ne', r, r2);
  const bad: Bad = l.isScalar
    ? {
        any: bin('or', cmp('ne', extract('i64x2', 0, r), extract('i64x2', 0, r2)), small.any),
        lanes: k128(0n),
      }
    : ((lanes) => ({ lanes, any: anyTrue(lanes) }))(l.pin(vec('or', differs, small.lanes)));
  const result = l.region.variable(r);
  l.region.when(bad.any, () => {
    const noProduct = l.pin(vec('or', l.isZero(b), l.isZero(c)));
    const near = l.pin(bitselect(noProduct, s, l.do('add', s, w)));
    const exact = l.isZero(errorOfSum(l, t, e, w));
    const size = l.do('abs', near);
    const inRange = vec('and', l.do('ge', size, l.power(-900)), l.do('lt', size, l.every(0x7ffn << 52n)));
    const cancelled = vec('and', l.isZero(near), l.do('ge', l.do('abs', p), l.power(-960)));
    const fine = vec('and', exact, vec('or', inRange, cancelled));
    l.refuseMissing(bad, vec('or', fine, vec('and', noProduct, l.do('lt', size, l.every(0x7ffn << 52n)))));
    result.set(l.isScalar ? onlyLanes(near, l.shape) : bitselect(l.wholeLanes(bad.lanes), near, r));
  });
  return result.value;
};

const UPPER_HALF = Array.from({ length: 16 }, (_, n) => (n + 8) % 16);
const LOWER_HALVES = Array.from({ length: 16 }, (_, n) => (n < 8 ? n : n + 8));
/** Bits of a double that a single has not, and the one of them that is half a unit in a single's last place. */
const CUT = 0x1fff_ffffn;
const HALF = 0x1000_0000n;

/**
 * Singles where the host may round twice: in double precision, where the product is exact, then to single. The first
 * rounding can only do harm when it ends half way between two singles, unless that sum was exact.
 */
export const multiplyAddSingle: FastLanes = (l, a, b, c) => {
  const { lanes } = l.shape;
  const d = l.at(64, lanes === 1 ? 1 : 2);
  const part = (upper: boolean): V128 => {
    const wide = (v: V128): V128 => vec('f64x2.promote_low', upper ? shuffle(UPPER_HALF, v, v) : v);
    const x = d.pin(wide(a));
    const p = d.pin(d.do('mul', wide(b), wide(c)));
    const s = d.pin(d.do('add', p, x));
    const outside = d.outside(s, -125, 126);
    const halfWay = d.pin(vec('i64x2.eq', vec('and', s, d.every(CUT)), d.every(HALF)));
    const any = d.isScalar ? bin('or', extract('i32x4', 0, halfWay), outside.any) : null;
    const mask = d.isScalar ? halfWay : d.pin(vec('or', halfWay, outside.lanes));
    const bad: Bad = { any: any ?? anyTrue(mask), lanes: mask };
    d.refuseUnless(bad, () => {
      const size = d.do('abs', s);
      const inRange = vec('and', d.do('ge', size, d.power(-125)), d.do('lt', size, d.power(127)));
      return vec('or', d.isZero(s), vec('and', inRange, d.isZero(errorOfSum(d, p, x, s))));
    });
    return vec('f32x4.demote_zero', s);
  };
  if (lanes !== 4) return l.result(part(false));
  const [low, high] = [l.pin(part(false)), l.pin(part(true))];
  return l.result(shuffle(LOWER_HALVES, low, high));
};
