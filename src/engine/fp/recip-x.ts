/** Arm ARM pseudocode FPRecpX. */
import type { FpContext } from './context.ts';
import { biasedExponentOf, type Format, pack, signOf } from './format.ts';
import { fpProcessNaN } from './process-nan.ts';
import { fpUnpack, isNan } from './unpack.ts';

/** A power of two near the reciprocal: the exponent inverted. */
export function fpRecpX(cx: FpContext, f: Format, op: bigint): bigint {
  const a = fpUnpack(cx, f, op);
  if (isNan(a)) return fpProcessNaN(cx, f, a, op);
  const biased = biasedExponentOf(f, op);
  return pack(f, signOf(f, op), biased === 0 ? f.maximumBiased - 1 : f.maximumBiased - biased, 0n);
}
