/** Arm ARM pseudocode FPAdd, FPSub. */
import type { FpContext } from './context.ts';
import { type Format, fpInfinity, fpZero } from './format.ts';
import { fpInvalid, fpProcessNaNs } from './process-nan.ts';
import { fpRoundSum } from './sum.ts';
import { fpUnpack, type Unpacked } from './unpack.ts';

export function fpAdd(cx: FpContext, f: Format, op1: bigint, op2: bigint): bigint {
  const a = fpUnpack(cx, f, op1);
  const b = fpUnpack(cx, f, op2);
  return fpProcessNaNs(cx, f, [a, op1], [b, op2]) ?? addNumbers(cx, f, a, b);
}

/** Not FPAdd of a negated operand: a NaN keeps its sign. */
export function fpSub(cx: FpContext, f: Format, op1: bigint, op2: bigint): bigint {
  const a = fpUnpack(cx, f, op1);
  const b = fpUnpack(cx, f, op2);
  const negated: Unpacked = { ...b, sign: b.sign === 0 ? 1 : 0 };
  return fpProcessNaNs(cx, f, [a, op1], [b, op2]) ?? addNumbers(cx, f, a, negated);
}

function addNumbers(cx: FpContext, f: Format, a: Unpacked, b: Unpacked): bigint {
  if (a.kind === 'infinity' && b.kind === 'infinity' && a.sign !== b.sign) return fpInvalid(cx, f);
  if (a.kind === 'infinity') return fpInfinity(f, a.sign);
  if (b.kind === 'infinity') return fpInfinity(f, b.sign);
  if (a.kind === 'zero' && b.kind === 'zero' && a.sign === b.sign) return fpZero(f, a.sign);
  return fpRoundSum(cx, f, a, b);
}
