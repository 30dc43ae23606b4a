/**
 * Integer arithmetic on every lane of a vector, for all element sizes. WebAssembly's own instruction where it has one
 * of the same meaning. Operands that a function uses twice have to be pinned by the caller, unless it has the emitter.
 */
import { anyTrue, bin, bitselect, k32, k128, shiftLanes, shuffle, vec } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import { FPSR_QC } from '../../layout.ts';
import type { I32, V128 } from '../ir.ts';
import { type LaneSize, SHAPES } from '../lanes.ts';

/** How lanes are numbers: signed or unsigned. */
export type Sign = 's' | 'u';
export type Wide = Exclude<LaneSize, 1>;

export const bitsOf = (size: LaneSize): number => 8 * size;
/** Twice the size. */
export const wider = (size: LaneSize): Wide => (2 * size) as Wide;

/** A constant in every lane. */
export function everyLane(size: LaneSize, value: bigint): V128 {
  const bits = bitsOf(size);
  let all = 0n;
  for (let at = 0; at < 128; at += bits) all |= BigInt.asUintN(bits, value) << BigInt(at);
  return k128(all);
}
export const smallest = (size: LaneSize): V128 => everyLane(size, 1n << BigInt(bitsOf(size) - 1));
export const largest = (size: LaneSize): V128 => everyLane(size, (1n << BigInt(bitsOf(size) - 1)) - 1n);
const ZERO = k128(0n);

export const and = (a: V128, b: V128): V128 => vec('and', a, b);
export const or = (a: V128, b: V128): V128 => vec('or', a, b);
export const xor = (a: V128, b: V128): V128 => vec('xor', a, b);
/** a AND NOT b. */
export const andNot = (a: V128, b: V128): V128 => vec('andnot', a, b);
export const invert = (a: V128): V128 => vec('not', a);

export const add = (size: LaneSize, a: V128, b: V128): V128 => vec(`${SHAPES[size]}.add`, a, b);
export const sub = (size: LaneSize, a: V128, b: V128): V128 => vec(`${SHAPES[size]}.sub`, a, b);
export const negate = (size: LaneSize, a: V128): V128 => vec(`${SHAPES[size]}.neg`, a);
export const absolute = (size: LaneSize, a: V128): V128 => vec(`${SHAPES[size]}.abs`, a);
export const equal = (size: LaneSize, a: V128, b: V128): V128 => vec(`${SHAPES[size]}.eq`, a, b);
export const notEqual = (size: LaneSize, a: V128, b: V128): V128 => vec(`${SHAPES[size]}.ne`, a, b);

export const shl = (size: LaneSize, a: V128, by: I32): V128 => shiftLanes(SHAPES[size], 'shl', a, by);
export const shr = (size: LaneSize, sign: Sign, a: V128, by: I32): V128 =>
  shiftLanes(SHAPES[size], `shr_${sign}`, a, by);
/** All ones in negative lanes. */
export const signs = (size: LaneSize, a: V128): V128 => shr(size, 's', a, k32(bitsOf(size) - 1));

export function greater(size: LaneSize, sign: Sign, a: V128, b: V128): V128 {
  if (size !== 8) return vec(`${SHAPES[size]}.gt_${sign}`, a, b);
  if (sign === 's') return vec('i64x2.gt_s', a, b);
  return vec('i64x2.gt_s', xor(a, smallest(8)), xor(b, smallest(8)));
}
export const greaterOrEqual = (size: LaneSize, sign: Sign, a: V128, b: V128): V128 =>
  size === 8 ? invert(greater(8, sign, b, a)) : vec(`${SHAPES[size]}.ge_${sign}`, a, b);
/** Uses its operands twice. */
export const minimum = (size: LaneSize, sign: Sign, a: V128, b: V128): V128 =>
  size === 8 ? bitselect(greater(8, sign, a, b), b, a) : vec(`${SHAPES[size]}.min_${sign}`, a, b);
/** Uses its operands twice. */
export const maximum = (size: LaneSize, sign: Sign, a: V128, b: V128): V128 =>
  size === 8 ? bitselect(greater(8, sign, a, b), a, b) : vec(`${SHAPES[size]}.max_${sign}`, a, b);

/** Low or high half of the lanes, each extended to twice its size. */
export const extend = (size: LaneSize, half: 'low' | 'high', sign: Sign, a: V128): V128 =>
  vec(`${SHAPES[checkedWide(size)]}.extend_${half}_${sign}`, a);
/** Products of twice the size. */
export const multiplyLong = (size: LaneSize, half: 'low' | 'high', sign: Sign, a: V128, b: V128): V128 =>
  vec(`${SHAPES[checkedWide(size)]}.extmul_${half}_${sign}`, a, b);
const checkedWide = (size: LaneSize): Wide => (size === 8 ? 8 : wider(size));

/** The low half of each product. Uses its operands twice for bytes. */
export function multiply(size: LaneSize, a: V128, b: V128): V128 {
  if (size !== 1) return vec(`${SHAPES[size]}.mul`, a, b);
  return evenLanes(1, multiplyLong(1, 'low', 'u', a, b), multiplyLong(1, 'high', 'u', a, b));
}

/** Bytes of lanes `lanes` of `size` of two vectors, numbered on through both. */
export const bytesOf = (size: LaneSize, lanes: readonly number[]): number[] =>
  lanes.flatMap((lane) => Array.from({ length: size }, (_, i) => lane * size + i));
const everySecond = (size: LaneSize, first: 0 | 1): number[] =>
  bytesOf(
    size,
    Array.from({ length: 16 / size }, (_, i) => 2 * i + first),
  );
/** Lanes 0, 2, 4... of b:a. */
export const evenLanes = (size: LaneSize, a: V128, b: V128): V128 => shuffle(everySecond(size, 0), a, b);
/** Lanes 1, 3, 5... of b:a. */
export const oddLanes = (size: LaneSize, a: V128, b: V128): V128 => shuffle(everySecond(size, 1), a, b);

/** FPSR.QC when some bit of `lanes` is set. */
export const raiseSaturation = (e: Emitter, lanes: V128): void =>
  e.raise(bin('mul', anyTrue(lanes), k32(FPSR_QC)));

/** (a + b) / 2, rounded down, without overflow. */
export const halvingAdd = (size: LaneSize, sign: Sign, a: V128, b: V128): V128 =>
  add(size, and(a, b), shr(size, sign, xor(a, b), k32(1)));
/** (a + b) / 2, rounded up at half. */
export function roundingHalvingAdd(size: LaneSize, sign: Sign, a: V128, b: V128): V128 {
  if (sign === 'u' && (size === 1 || size === 2)) return vec(`${SHAPES[size]}.avgr_u`, a, b);
  return sub(size, or(a, b), shr(size, sign, xor(a, b), k32(1)));
}
/** (a - b) / 2, rounded down. */
export const halvingSubtract = (size: LaneSize, sign: Sign, a: V128, b: V128): V128 =>
  sub(size, shr(size, sign, xor(a, b), k32(1)), andNot(b, a));
/** The distance between a and b, an unsigned number. */
export const absoluteDifference = (size: LaneSize, sign: Sign, a: V128, b: V128): V128 =>
  sub(size, maximum(size, sign, a, b), minimum(size, sign, a, b));

/** Sums of neighbouring lanes, twice as wide. */
export function addPairsLong(e: Emitter, size: LaneSize, sign: Sign, a: V128): V128 {
  if (size === 1) return vec(`i16x8.extadd_pairwise_${sign}`, a);
  if (size === 2) return vec(`i32x4.extadd_pairwise_${sign}`, a);
  const v = e.let(a);
  const even = shr(8, sign, shl(8, v, k32(32)), k32(32));
  return add(8, even, shr(8, sign, v, k32(32)));
}

/** Combine all lanes into lane 0, the others being left with something; `span` bytes count. */
export function fold(
  e: Emitter,
  size: LaneSize,
  span: 8 | 16,
  combine: (a: V128, b: V128) => V128,
  v: V128,
): V128 {
  let all = e.let(v);
  for (let step = span / 2; step >= size; step /= 2) {
    const turned = e.let(
      shuffle(
        Array.from({ length: 16 }, (_, i) => (i + step) % 16),
        all,
        ZERO,
      ),
    );
    all = e.let(combine(all, turned));
  }
  return all;
}
