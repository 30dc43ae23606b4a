/** Arm ARM pseudocode FPToFixed. */
import { FPSR, type FpContext, type Rounding } from './context.ts';
import type { Format } from './format.ts';
import { cut } from './round.ts';
import { fpUnpack, isNan, type Unpacked } from './unpack.ts';

export interface FixedType {
  readonly bits: 16 | 32 | 64;
  readonly signed: boolean;
}
/** Larger than every fixed-point number. */
const INFINITE = 1n << 64n;

/** To a fixed-point number with `fractionBits` bits behind the point, saturated; two's complement, unsigned. */
export function fpToFixed(
  cx: FpContext,
  f: Format,
  op: bigint,
  fractionBits: number,
  { bits, signed }: FixedType,
  rounding: Rounding,
): bigint {
  const a = fpUnpack(cx, f, op);
  if (isNan(a)) {
    cx.raise(FPSR.INVALID);
    return 0n;
  }
  const { value, inexact } = toInteger(a, fractionBits, rounding);
  const highest = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
  const lowest = signed ? -highest - 1n : 0n;
  if (value > highest || value < lowest) {
    cx.raise(FPSR.INVALID);
    return BigInt.asUintN(bits, value < 0n ? lowest : highest);
  }
  if (inexact) cx.raise(FPSR.INEXACT);
  return BigInt.asUintN(bits, value);
}

function toInteger(
  a: Unpacked,
  fractionBits: number,
  rounding: Rounding,
): { value: bigint; inexact: boolean } {
  if (a.kind === 'infinity') return { value: a.sign === 0 ? INFINITE : -INFINITE, inexact: false };
  const { kept, inexact, up } = cut(a, -(a.exponent + fractionBits), a.sign, rounding);
  const magnitude = up ? kept + 1n : kept;
  return { value: a.sign === 0 ? magnitude : -magnitude, inexact };
}
