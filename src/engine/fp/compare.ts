/** Arm ARM pseudocode FPCompare, FPCompareEQ, FPCompareGE, FPCompareGT. */
import { FPSR, type FpContext } from './context.ts';
import type { Format } from './format.ts';
import { fpUnpack, isNan, type Unpacked } from './unpack.ts';

const NZCV = { UNORDERED: 0b0011, EQUAL: 0b0110, LESS: 0b1000, GREATER: 0b0010 } as const;

/** Integers in the order of the numbers that the patterns stand for. */
export function orderOf(f: Format, { kind, sign }: Unpacked, op: bigint): bigint {
  if (kind === 'zero') return 0n;
  const magnitude = op & f.magnitudeMask;
  return sign === 0 ? magnitude : -magnitude;
}

type Which = 'both' | 'signalling';

/** Order of two operands: negative, zero or positive; undefined when they are unordered. `invalid`: which NaNs raise. */
function compare(cx: FpContext, f: Format, op1: bigint, op2: bigint, invalid: Which): bigint | undefined {
  const a = fpUnpack(cx, f, op1);
  const b = fpUnpack(cx, f, op2);
  if (!isNan(a) && !isNan(b)) return orderOf(f, a, op1) - orderOf(f, b, op2);
  if (invalid === 'both' || a.kind === 'signalling' || b.kind === 'signalling') cx.raise(FPSR.INVALID);
  return undefined;
}

/** NZCV in bits 3..0. */
export function fpCompare(cx: FpContext, f: Format, op1: bigint, op2: bigint, invalid: Which): bigint {
  const order = compare(cx, f, op1, op2, invalid);
  if (order === undefined) return BigInt(NZCV.UNORDERED);
  if (order === 0n) return BigInt(NZCV.EQUAL);
  return BigInt(order < 0n ? NZCV.LESS : NZCV.GREATER);
}

/** 1 when the relation holds, else 0. */
export const fpCompareEq = (cx: FpContext, f: Format, op1: bigint, op2: bigint): bigint =>
  compare(cx, f, op1, op2, 'signalling') === 0n ? 1n : 0n;
export const fpCompareGe = (cx: FpContext, f: Format, op1: bigint, op2: bigint): bigint =>
  (compare(cx, f, op1, op2, 'both') ?? -1n) >= 0n ? 1n : 0n;
export const fpCompareGt = (cx: FpContext, f: Format, op1: bigint, op2: bigint): bigint =>
  (compare(cx, f, op1, op2, 'both') ?? -1n) > 0n ? 1n : 0n;
