/** Arm ARM pseudocode FPMulAdd: addend + op1 * op2 with one rounding. */
import type { FpContext } from './context.ts';
import { type Format, fpInfinity, fpZero, type Sign } from './format.ts';
import { isZeroTimesInfinity, signOfProduct } from './mul.ts';
import { fpInvalid, fpProcessNaNs } from './process-nan.ts';
import { fpRoundSum } from './sum.ts';
import { fpUnpack, type Unpacked } from './unpack.ts';

export function fpMulAdd(cx: FpContext, f: Format, addend: bigint, op1: bigint, op2: bigint): bigint {
  const a = fpUnpack(cx, f, addend);
  const b = fpUnpack(cx, f, op1);
  const c = fpUnpack(cx, f, op2);
  const nan = fpProcessNaNs(cx, f, [a, addend], [b, op1], [c, op2]);
  // A quiet NaN as addend does not hide that the product is invalid.
  if (isZeroTimesInfinity(b, c) && (nan === undefined || a.kind === 'quiet')) return fpInvalid(cx, f);
  return nan ?? addProduct(cx, f, a, b, c);
}

function addProduct(cx: FpContext, f: Format, a: Unpacked, b: Unpacked, c: Unpacked): bigint {
  const sign: Sign = signOfProduct(b, c);
  const infinite = b.kind === 'infinity' || c.kind === 'infinity';
  if (a.kind === 'infinity') return infinite && a.sign !== sign ? fpInvalid(cx, f) : fpInfinity(f, a.sign);
  if (infinite) return fpInfinity(f, sign);
  const zero = b.kind === 'zero' || c.kind === 'zero';
  if (a.kind === 'zero' && zero && a.sign === sign) return fpZero(f, sign);
  const product = { sign, mantissa: b.mantissa * c.mantissa, exponent: b.exponent + c.exponent };
  return fpRoundSum(cx, f, a, product);
}
