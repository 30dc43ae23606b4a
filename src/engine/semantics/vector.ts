/** V register values from and to 64-bit halves. */
import { extract, k128, replace, splat } from './build.ts';
import type { I64, V128 } from './ir.ts';

/** A value in the low bits, everything above zero. */
export const scalar = (low: I64): V128 => replace('i64x2', 0, k128(0n), low);
/** Both halves. */
export const halves = (low: I64, high: I64): V128 => replace('i64x2', 1, splat('i64x2', low), high);
export const lowHalf = (v: V128): I64 => extract('i64x2', 0, v);
export const highHalf = (v: V128): I64 => extract('i64x2', 1, v);
