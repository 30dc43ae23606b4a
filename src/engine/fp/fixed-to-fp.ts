/** Arm ARM pseudocode FixedToFP. */
import type { FpContext } from './context.ts';
import { type Format, fpZero } from './format.ts';
import { fpRound } from './round.ts';
import type { FixedType } from './to-fixed.ts';

/** From a fixed-point number with `fractionBits` bits behind the point. */
export function fixedToFp(
  cx: FpContext,
  f: Format,
  op: bigint,
  fractionBits: number,
  { bits, signed }: FixedType,
): bigint {
  const value = signed ? BigInt.asIntN(bits, op) : BigInt.asUintN(bits, op);
  if (value === 0n) return fpZero(f, 0);
  const mantissa = value < 0n ? -value : value;
  return fpRound(cx, f, value < 0n ? 1 : 0, { mantissa, exponent: -fractionBits });
}
