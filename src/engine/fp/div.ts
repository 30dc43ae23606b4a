/** Arm ARM pseudocode FPDiv. */
import { FPSR, type FpContext } from './context.ts';
import { bitLength, type Format, fpInfinity, fpZero } from './format.ts';
import { signOfProduct } from './mul.ts';
import { fpInvalid, fpProcessNaNs } from './process-nan.ts';
import { fpRound, type Magnitude } from './round.ts';
import { fpUnpack, type Unpacked } from './unpack.ts';

export function fpDiv(cx: FpContext, f: Format, op1: bigint, op2: bigint): bigint {
  const a = fpUnpack(cx, f, op1);
  const b = fpUnpack(cx, f, op2);
  const nan = fpProcessNaNs(cx, f, [a, op1], [b, op2]);
  if (nan !== undefined) return nan;
  const sign = signOfProduct(a, b);
  if (a.kind === b.kind && a.kind !== 'number') return fpInvalid(cx, f);
  if (a.kind === 'infinity' || b.kind === 'zero') {
    if (a.kind !== 'infinity') cx.raise(FPSR.DIVIDE_BY_ZERO);
    return fpInfinity(f, sign);
  }
  if (a.kind === 'zero' || b.kind === 'infinity') return fpZero(f, sign);
  return fpRound(cx, f, sign, quotient(f, a, b));
}

/** Enough bits of the quotient to round it, and whether there is a remainder. */
function quotient(f: Format, a: Unpacked, b: Unpacked): Magnitude {
  const wanted = f.fractionBits + 3;
  const shift = Math.max(0, wanted + bitLength(b.mantissa) - bitLength(a.mantissa));
  const dividend = a.mantissa << BigInt(shift);
  const mantissa = dividend / b.mantissa;
  return {
    mantissa,
    exponent: a.exponent - b.exponent - shift,
    more: mantissa * b.mantissa !== dividend,
  };
}
