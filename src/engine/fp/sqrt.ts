/** Arm ARM pseudocode FPSqrt. */
import type { FpContext } from './context.ts';
import { bitLength, type Format, fpInfinity, fpZero } from './format.ts';
import { fpInvalid, fpProcessNaN } from './process-nan.ts';
import { fpRound } from './round.ts';
import { fpUnpack, isNan } from './unpack.ts';

export function fpSqrt(cx: FpContext, f: Format, op: bigint): bigint {
  const a = fpUnpack(cx, f, op);
  if (isNan(a)) return fpProcessNaN(cx, f, a, op);
  if (a.kind === 'zero') return fpZero(f, a.sign);
  if (a.sign === 1) return fpInvalid(cx, f);
  if (a.kind === 'infinity') return fpInfinity(f, 0);
  const missing = Math.max(0, 2 * (f.fractionBits + 3) - bitLength(a.mantissa));
  // An even exponent has a half.
  const shift = missing + ((a.exponent - missing) & 1);
  const square = a.mantissa << BigInt(shift);
  const mantissa = squareRoot(square);
  return fpRound(cx, f, 0, {
    mantissa,
    exponent: (a.exponent - shift) / 2,
    more: mantissa * mantissa !== square,
  });
}

/** Largest integer whose square is at most `n`; 0 < n < 2^200. */
function squareRoot(n: bigint): bigint {
  let root = BigInt(Math.floor(Math.sqrt(Number(n))));
  // Newton's iteration: the estimate has 53 bits, so two steps are more than enough.
  for (let i = 0; i < 2; i++) root = (root + n / root) >> 1n;
  while (root * root > n) root--;
  while ((root + 1n) * (root + 1n) <= n) root++;
  return root;
}
