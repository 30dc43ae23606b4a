/** Lanes of a V register named by operand fields: shapes, masks and element numbers. */
import { extract, extu, replace, splat, wrap } from './build.ts';
import type { I64, Lane, V128 } from './ir.ts';
import { type Halves, ones, shiftLeft } from './operands.ts';

/** Element sizes in bytes, by log2. */
export type LaneSize = 1 | 2 | 4 | 8;
export const LANE_SIZES = [1, 2, 4, 8] as const;
/** WebAssembly's shape of lanes of a size in bytes. */
export const SHAPES = { 1: 'i8x16', 2: 'i16x8', 4: 'i32x4', 8: 'i64x2' } as const satisfies Record<
  LaneSize,
  Lane
>;

/** The low bits of `a` in every lane. */
export const splatLane = (size: LaneSize, a: I64): V128 => splat(SHAPES[size], size === 8 ? a : wrap(a));
export const replaceLane = (size: LaneSize, index: number, v: V128, a: I64): V128 =>
  replace(SHAPES[size], index, v, size === 8 ? a : wrap(a));
/** Zero-extended. */
export const extractLane = (size: LaneSize, index: number, v: V128): I64 =>
  size === 8 ? extract('i64x2', index, v) : extu(extract(SHAPES[size], index, v));

/** The bits of one lane: low and high half of the register. */
export function laneMask(size: LaneSize, index: number): readonly [low: Halves, high: Halves] {
  const none = { lo: 0, hi: 0 };
  const position = size * 8 * index;
  const mask = shiftLeft(ones(size * 8), position % 64);
  return position < 64 ? [mask, none] : [none, mask];
}

export interface Element {
  readonly log2: number;
  readonly size: LaneSize;
  readonly index: number;
}
/** The element that an `imm5` names; x0000 is reserved. */
export const isElement = (imm5: number): boolean => (imm5 & 0xf) !== 0;
export function elementOf(imm5: number): Element {
  const log2 = 31 - Math.clz32(imm5 & -imm5);
  return { log2, size: LANE_SIZES[log2 as 0 | 1 | 2 | 3], index: imm5 >> (log2 + 1) };
}
