/** V register values from and to 64-bit halves. */
import { bin, extract, k128, replace, splat, un, vec } from './build.ts';
import type { Emitter, ImmediateField, RegisterField } from './emitter.ts';
import type { I64, V128 } from './ir.ts';

/** A value in the low bits, everything above zero. */
export const scalar = (low: I64): V128 => replace('i64x2', 0, k128(0n), low);
/** Both halves. */
export const halves = (low: I64, high: I64): V128 => replace('i64x2', 1, splat('i64x2', low), high);
export const lowHalf = (v: V128): I64 => extract('i64x2', 0, v);
export const highHalf = (v: V128): I64 => extract('i64x2', 1, v);

/** A vector result: the 64-bit form clears the upper half. */
export function setVector(
  e: Emitter,
  full: boolean,
  rd: RegisterField,
  v: V128,
  next: 0 | 1 | 2 | 3 = 0,
): void {
  e.setV(rd, full ? v : vec('and', v, k128(0xffff_ffff_ffff_ffffn)), next);
}

/** A 128-bit immediate from its halves. */
export const vectorImmediate = (e: Emitter, low: ImmediateField, high: ImmediateField): V128 =>
  halves(e.imm(low), e.imm(high));

/** `v` with the bits of `mask` taken from `from`. */
export const insertBits = (e: Emitter, v: V128, from: V128, mask: V128): V128 => {
  const m = e.let(mask);
  return vec('or', vec('andnot', v, m), vec('and', from, m));
};

/** The bits of `v` that the immediates select, moved down to bit 0. */
export function selectedBits(e: Emitter, v: V128, low: ImmediateField, high: ImmediateField): I64 {
  const value = e.let(v);
  const bits = bin('or', bin('and', lowHalf(value), e.imm(low)), bin('and', highHalf(value), e.imm(high)));
  return bin('shr', bits, un('ctz', bin('or', e.imm(low), e.imm(high))));
}
