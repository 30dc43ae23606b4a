/** Fast paths of the fused multiply-add, which rounds once. */
import { bin, cmp, eqz, float, k64, sel } from '../../semantics/build.ts';
import type { I32, I64 } from '../../semantics/ir.ts';
import { equalInDouble, inDouble, isZero, promoted, twoProduct, twoSum } from './error-free.ts';
import type { Path, Write } from './path.ts';

/** a + b * c in single precision: the product is exact in double precision, the sum is rounded twice. */
export const multiplyAddSingle: Write = (p, a, b, c) => {
  const d = p.at(64);
  const x = d.pin(promoted(p.number(a)));
  const product = d.pin(inDouble('mul', promoted(p.number(b)), promoted(p.number(c))));
  const s = d.binary('add', product, x);
  const sBits = d.bits(s);
  const r = p.pin(float('f32', 'f32.demote', s));
  const result = p.bits(r);
  p.require(bin('or', p.isNormal(result), isZero(d, s)));
  // Half way between two singles, the first rounding must not have lost why it is not.
  const isHalf = cmp('eq', bin('and', sBits, k64(0x1fff_ffff)), k64(0x1000_0000));
  p.when(isHalf, () => p.require(isZero(d, twoSum(d, product, x).error)));
  p.requireExact(() => {
    const { error } = twoSum(d, product, x);
    return bin('and', isZero(d, error), equalInDouble(promoted(r), s));
  });
  p.giveBack(result);
};

/** Far enough from both limits that no part of an error-free transformation is tiny or overflows. */
function isModerate(p: Path, bits: I64): I32 {
  const at = (exponent: number): bigint => BigInt(exponent + 1023) << 52n;
  return cmp('ltu', bin('sub', p.magnitude(bits), k64(at(-300))), k64(at(300) - at(-300)));
}

/**
 * a + b * c in double precision after Boldo and Melquiond: the product and the sums are split into exact parts, the
 * two smallest are added with rounding to odd, and one rounding to nearest remains.
 */
export const multiplyAddDouble: Write = (p, a, b, c) => {
  p.require(bin('and', isModerate(p, b), isModerate(p, c)));
  p.require(bin('or', isModerate(p, a), p.isZero(a)));
  const { h: uh, error: ul } = twoProduct(p, p.number(b), p.number(c));
  const { s: th, error: tl } = twoSum(p, p.number(a), ul);
  const { s: vh, error: vl } = twoSum(p, uh, th);
  const { s: z, error } = twoSum(p, tl, vl);
  const zBits = p.bits(z);
  const errorBits = p.bits(error);
  const same = eqz(bin('shr', bin('xor', zBits, errorBits), k64(63)));
  const odd = bin('add', zBits, sel(same, k64(1), k64(-1)));
  const even = eqz(bin('and', zBits, k64(1)));
  const adjust = bin('and', even, eqz(isZero(p, error)));
  const zOdd = p.number(sel(adjust, odd, zBits));
  const result = p.bits(p.binary('add', vh, zOdd));
  p.require(isModerate(p, result));
  p.requireExact(() => isZero(p, z));
  p.giveBack(result);
};
