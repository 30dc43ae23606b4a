/** Arm ARM pseudocode FPRoundInt. */
import { FPSR, type FpContext, type Rounding } from './context.ts';
import { type Format, fpInfinity, fpZero } from './format.ts';
import { fpProcessNaN } from './process-nan.ts';
import { cut, fpRound } from './round.ts';
import { fpUnpack, isNan } from './unpack.ts';

/** To an integral value in the same format. `exact`: a result that differs raises Inexact. */
export function fpRoundInt(cx: FpContext, f: Format, op: bigint, rounding: Rounding, exact: boolean): bigint {
  const a = fpUnpack(cx, f, op);
  if (isNan(a)) return fpProcessNaN(cx, f, a, op);
  if (a.kind === 'infinity') return fpInfinity(f, a.sign);
  if (a.kind === 'zero') return fpZero(f, a.sign);
  const { kept, inexact, up } = cut(a, -a.exponent, a.sign, rounding);
  if (inexact && exact) cx.raise(FPSR.INEXACT);
  const mantissa = up ? kept + 1n : kept;
  return mantissa === 0n ? fpZero(f, a.sign) : fpRound(cx, f, a.sign, { mantissa, exponent: 0 }, 'zero');
}
