/** Arm ARM pseudocode FPRSqrtEstimate, UnsignedRSqrtEstimate, RecipSqrtEstimate. */
import { FPSR, type FpContext } from './context.ts';
import { biasedExponentOf, bitLength, type Format, fpInfinity, fpZero, pack } from './format.ts';
import { fpInvalid, fpProcessNaN } from './process-nan.ts';
import { fpUnpack, isNan } from './unpack.ts';

/** Nine bits of 1/sqrt: 128 <= a < 512 stands for [0.25, 1), the result for [1, 2). */
function recipSqrtEstimate(a: number): number {
  const scaled = a < 256 ? 2 * a + 1 : 2 * ((a & ~1) + 1);
  let b = 512;
  while (scaled * (b + 1) * (b + 1) < 2 ** 28) b++;
  return (b + 1) >> 1;
}

export function fpRSqrtEstimate(cx: FpContext, f: Format, op: bigint): bigint {
  const a = fpUnpack(cx, f, op);
  if (isNan(a)) return fpProcessNaN(cx, f, a, op);
  if (a.kind === 'zero') {
    cx.raise(FPSR.DIVIDE_BY_ZERO);
    return fpInfinity(f, a.sign);
  }
  if (a.sign === 1) return fpInvalid(cx, f);
  if (a.kind === 'infinity') return fpZero(f, 0);
  let exponent = biasedExponentOf(f, op);
  let fraction = op & f.fractionMask;
  if (exponent === 0) {
    const shift = f.fractionBits + 1 - bitLength(fraction);
    exponent = 1 - shift;
    fraction = (fraction << BigInt(shift)) & f.fractionMask;
  }
  const top = 256 + Number(fraction >> (f.fractionShift - 8n));
  const scaled = (exponent & 1) === 0 ? top : top >> 1;
  const bias = 1 - f.minimumExponent;
  const resultExponent = Math.floor((3 * bias - 1 - exponent) / 2);
  const result = BigInt(recipSqrtEstimate(scaled) & 0xff) << (f.fractionShift - 8n);
  return pack(f, 0, resultExponent, result);
}

/** URSQRTE: a 32-bit fixed-point operand in [0.25, 1). */
export function unsignedRSqrtEstimate(op: bigint): bigint {
  if (op >> 30n === 0n) return 0xffff_ffffn;
  return BigInt(recipSqrtEstimate(Number(op >> 23n))) << 23n;
}
