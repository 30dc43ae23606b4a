/** Arm ARM pseudocode FPMul, FPMulX. */
import type { FpContext } from './context.ts';
import { type Format, fpInfinity, fpTwo, fpZero, type Sign } from './format.ts';
import { fpInvalid, fpProcessNaNs } from './process-nan.ts';
import { fpRound } from './round.ts';
import { fpUnpack, type Unpacked } from './unpack.ts';

export const signOfProduct = (a: Unpacked, b: Unpacked): Sign => (a.sign === b.sign ? 0 : 1);
/** Zero times infinity, in either order. */
export const isZeroTimesInfinity = (a: Unpacked, b: Unpacked): boolean =>
  (a.kind === 'zero' && b.kind === 'infinity') || (a.kind === 'infinity' && b.kind === 'zero');

export function fpMul(cx: FpContext, f: Format, op1: bigint, op2: bigint): bigint {
  return multiply(cx, f, op1, op2, () => fpInvalid(cx, f));
}

/** Zero times infinity is 2, for Newton-Raphson iterations. */
export function fpMulX(cx: FpContext, f: Format, op1: bigint, op2: bigint): bigint {
  return multiply(cx, f, op1, op2, (sign) => fpTwo(f, sign));
}

function multiply(
  cx: FpContext,
  f: Format,
  op1: bigint,
  op2: bigint,
  zeroTimesInfinity: (sign: Sign) => bigint,
): bigint {
  const a = fpUnpack(cx, f, op1);
  const b = fpUnpack(cx, f, op2);
  const nan = fpProcessNaNs(cx, f, [a, op1], [b, op2]);
  if (nan !== undefined) return nan;
  const sign = signOfProduct(a, b);
  if (isZeroTimesInfinity(a, b)) return zeroTimesInfinity(sign);
  if (a.kind === 'infinity' || b.kind === 'infinity') return fpInfinity(f, sign);
  if (a.kind === 'zero' || b.kind === 'zero') return fpZero(f, sign);
  return fpRound(cx, f, sign, { mantissa: a.mantissa * b.mantissa, exponent: a.exponent + b.exponent });
}
