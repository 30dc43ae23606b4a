/** Arm ARM pseudocode FPRecipEstimate, UnsignedRecipEstimate, RecipEstimate. */
import { FPSR, type FpContext } from './context.ts';
import { biasedExponentOf, type Format, fpInfinity, fpMaxNormal, fpZero, pack } from './format.ts';
import { fpProcessNaN } from './process-nan.ts';
import { overflowsToInfinity } from './round.ts';
import { fpUnpack, isNan } from './unpack.ts';

/** Nine bits of the reciprocal: 256 <= a < 512 stands for [0.5, 1), the result for [1, 2). */
export function recipEstimate(a: number): number {
  const b = Math.floor(2 ** 19 / (2 * a + 1));
  return (b + 1) >> 1;
}

export function fpRecipEstimate(cx: FpContext, f: Format, op: bigint): bigint {
  const a = fpUnpack(cx, f, op);
  if (isNan(a)) return fpProcessNaN(cx, f, a, op);
  if (a.kind === 'infinity') return fpZero(f, a.sign);
  if (a.kind === 'zero') {
    cx.raise(FPSR.DIVIDE_BY_ZERO);
    return fpInfinity(f, a.sign);
  }
  const biased = biasedExponentOf(f, op);
  const fraction = op & f.fractionMask;
  // Below a quarter of the smallest normal number the reciprocal overflows.
  if (biased === 0 && fraction >> (f.fractionShift - 2n) === 0n) {
    cx.raise(FPSR.OVERFLOW | FPSR.INEXACT);
    return overflowsToInfinity(cx.rounding, a.sign) ? fpInfinity(f, a.sign) : fpMaxNormal(f, a.sign);
  }
  // From 2^126 or 2^1022 on it is denormal.
  if (biased >= f.maximumBiased - 2 && cx.flushes(f)) {
    cx.raise(FPSR.UNDERFLOW);
    return fpZero(f, a.sign);
  }
  return estimate(f, biased, fraction, op);
}

function estimate(f: Format, biased: number, fraction: bigint, op: bigint): bigint {
  let exponent = biased;
  let normal = fraction;
  if (biased === 0) {
    const shift = (fraction & f.quietBit) === 0n ? 2n : 1n;
    exponent = shift === 2n ? -1 : 0;
    normal = (fraction << shift) & f.fractionMask;
  }
  const scaled = 256 + Number(normal >> (f.fractionShift - 8n));
  const result = BigInt(recipEstimate(scaled) & 0xff) << (f.fractionShift - 8n);
  const resultExponent = f.maximumBiased - 2 - exponent;
  const sign = (op & f.signBit) === 0n ? 0 : 1;
  // The last two exponents are those of denormal results, whose leading one is shown.
  if (resultExponent > 0) return pack(f, sign, resultExponent, result);
  const shown = (result >> 1n) | f.quietBit;
  return pack(f, sign, 0, resultExponent === 0 ? shown : shown >> 1n);
}

/** URECPE: a 32-bit fixed-point operand in [0.5, 1). */
export function unsignedRecipEstimate(op: bigint): bigint {
  if (op >> 31n === 0n) return 0xffff_ffffn;
  return BigInt(recipEstimate(Number(op >> 23n))) << 23n;
}
