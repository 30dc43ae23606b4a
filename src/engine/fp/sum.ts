/** The exact sum of two signed reals, rounded once: what FPAdd, FPMulAdd and the fused steps share. */
import type { FpContext } from './context.ts';
import { type Format, fpZero, type Sign } from './format.ts';
import { fpRound, type Magnitude } from './round.ts';

export interface Term extends Magnitude {
  readonly sign: Sign;
}

const shifted = ({ sign, mantissa, exponent }: Term, to: number): bigint => {
  const aligned = mantissa << BigInt(exponent - to);
  return sign === 0 ? aligned : -aligned;
};

/** An exact zero has the sign that the rounding mode gives it. `scale`: the sum times 2^scale. */
export function fpRoundSum(cx: FpContext, f: Format, a: Term, b: Term, scale = 0): bigint {
  const exponent = Math.min(a.exponent, b.exponent);
  const sum = shifted(a, exponent) + shifted(b, exponent);
  if (sum === 0n) return fpZero(f, cx.rounding === 'negative' ? 1 : 0);
  const value = { mantissa: sum < 0n ? -sum : sum, exponent: exponent + scale };
  return fpRound(cx, f, sum < 0n ? 1 : 0, value);
}
