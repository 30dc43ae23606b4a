/** Arm ARM pseudocode FPRecipStepFused, FPRSqrtStepFused: 2 - a * b and (3 - a * b) / 2 with one rounding. */
import type { FpContext } from './context.ts';
import { type Format, fpInfinity, fpNeg, fpOnePointFive, fpTwo } from './format.ts';
import { isZeroTimesInfinity, signOfProduct } from './mul.ts';
import { fpProcessNaNs } from './process-nan.ts';
import { fpRoundSum } from './sum.ts';
import { fpUnpack } from './unpack.ts';

interface Step {
  readonly minuend: bigint;
  /** The result is the difference times 2^scale. */
  readonly scale: number;
  readonly zeroTimesInfinity: (f: Format) => bigint;
}

function step(cx: FpContext, f: Format, op1: bigint, op2: bigint, s: Step): bigint {
  const negated = fpNeg(f, op1);
  const a = fpUnpack(cx, f, negated);
  const b = fpUnpack(cx, f, op2);
  const nan = fpProcessNaNs(cx, f, [a, negated], [b, op2]);
  if (nan !== undefined) return nan;
  if (isZeroTimesInfinity(a, b)) return s.zeroTimesInfinity(f);
  const sign = signOfProduct(a, b);
  if (a.kind === 'infinity' || b.kind === 'infinity') return fpInfinity(f, sign);
  const product = { sign, mantissa: a.mantissa * b.mantissa, exponent: a.exponent + b.exponent };
  return fpRoundSum(cx, f, { sign: 0, mantissa: s.minuend, exponent: 0 }, product, s.scale);
}

const RECIPROCAL: Step = { minuend: 2n, scale: 0, zeroTimesInfinity: (f) => fpTwo(f, 0) };
const ROOT: Step = { minuend: 3n, scale: -1, zeroTimesInfinity: (f) => fpOnePointFive(f, 0) };

export const fpRecipStepFused = (cx: FpContext, f: Format, op1: bigint, op2: bigint): bigint =>
  step(cx, f, op1, op2, RECIPROCAL);
export const fpRSqrtStepFused = (cx: FpContext, f: Format, op1: bigint, op2: bigint): bigint =>
  step(cx, f, op1, op2, ROOT);
