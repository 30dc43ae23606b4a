/** Arm ARM pseudocode FPConvert, FPConvertNaN. */
import { FPSR, type FpContext, type Rounding } from './context.ts';
import { type Format, fpDefaultNaN, fpInfinity, fpZero, signOf } from './format.ts';
import { fpRoundConvert } from './round.ts';
import { fpUnpackConvert, isNan, type Unpacked } from './unpack.ts';

/** From one format to another. With FPCR.AHP, half precision has neither infinities nor NaNs. */
export function fpConvert(
  cx: FpContext,
  from: Format,
  to: Format,
  op: bigint,
  rounding: Rounding = cx.rounding,
): bigint {
  const a = fpUnpackConvert(cx, from, op);
  const alternative = to.size === 16 && cx.alternativeHalf;
  if (isNan(a)) return convertNaN(cx, from, to, op, a, alternative);
  if (a.kind === 'infinity') {
    if (!alternative) return fpInfinity(to, a.sign);
    cx.raise(FPSR.INVALID);
    return fpZero(to, a.sign) | to.magnitudeMask;
  }
  return a.kind === 'zero' ? fpZero(to, a.sign) : fpRoundConvert(cx, to, a.sign, a, rounding);
}

function convertNaN(
  cx: FpContext,
  from: Format,
  to: Format,
  op: bigint,
  { kind, sign }: Unpacked,
  alternative: boolean,
): bigint {
  if (kind === 'signalling' || alternative) cx.raise(FPSR.INVALID);
  if (alternative) return fpZero(to, sign);
  if (cx.defaultNaN) return fpDefaultNaN(to);
  const fraction = ((op & from.fractionMask) << to.fractionShift) >> from.fractionShift;
  return fpInfinity(to, signOf(from, op)) | to.quietBit | fraction;
}
