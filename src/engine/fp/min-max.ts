/** Arm ARM pseudocode FPMax, FPMin, FPMaxNum, FPMinNum. */
import { orderOf } from './compare.ts';
import type { FpContext } from './context.ts';
import { type Format, fpInfinity, fpZero, type Sign } from './format.ts';
import { fpProcessNaNs } from './process-nan.ts';
import { fpUnpack } from './unpack.ts';

type Which = 'max' | 'min';

/** Of two zeros, the maximum is negative only when both are. */
const signOfZero = (which: Which, a: Sign, b: Sign): Sign =>
  (which === 'max' ? a & b : a | b) === 1 ? 1 : 0;

function pick(cx: FpContext, f: Format, op1: bigint, op2: bigint, which: Which): bigint {
  const a = fpUnpack(cx, f, op1);
  const b = fpUnpack(cx, f, op2);
  const nan = fpProcessNaNs(cx, f, [a, op1], [b, op2]);
  if (nan !== undefined) return nan;
  const difference = orderOf(f, a, op1) - orderOf(f, b, op2);
  const first = which === 'max' ? difference > 0n : difference < 0n;
  const { kind } = first ? a : b;
  if (kind === 'zero') return fpZero(f, signOfZero(which, a.sign, b.sign));
  return first ? op1 : op2;
}

/** A single quiet NaN counts as the infinity that loses. */
function pickNumber(cx: FpContext, f: Format, op1: bigint, op2: bigint, which: Which): bigint {
  const quiet1 = fpUnpack(cx, f, op1).kind === 'quiet';
  const quiet2 = fpUnpack(cx, f, op2).kind === 'quiet';
  const loser = fpInfinity(f, which === 'max' ? 1 : 0);
  return pick(cx, f, quiet1 && !quiet2 ? loser : op1, quiet2 && !quiet1 ? loser : op2, which);
}

export const fpMax = (cx: FpContext, f: Format, op1: bigint, op2: bigint): bigint =>
  pick(cx, f, op1, op2, 'max');
export const fpMin = (cx: FpContext, f: Format, op1: bigint, op2: bigint): bigint =>
  pick(cx, f, op1, op2, 'min');
export const fpMaxNum = (cx: FpContext, f: Format, op1: bigint, op2: bigint): bigint =>
  pickNumber(cx, f, op1, op2, 'max');
export const fpMinNum = (cx: FpContext, f: Format, op1: bigint, op2: bigint): bigint =>
  pickNumber(cx, f, op1, op2, 'min');
