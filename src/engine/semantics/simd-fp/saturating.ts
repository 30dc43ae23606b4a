/** Lane arithmetic that saturates: results are exact, and FPSR.QC says whether some lane did not fit. */
import { bitselect, k32, vec } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { I32, V128 } from '../ir.ts';
import { type LaneSize, SHAPES } from '../lanes.ts';
import {
  absolute,
  add,
  and,
  andNot,
  bitsOf,
  equal,
  evenLanes,
  everyLane,
  greater,
  largest,
  maximum,
  minimum,
  multiplyLong,
  negate,
  notEqual,
  oddLanes,
  or,
  raiseSaturation,
  shl,
  shr,
  type Sign,
  signs,
  smallest,
  sub,
  wider,
  xor,
} from './lane-arithmetic.ts';

/** The limit on the side of each lane's sign: 0x7f.. or 0x80... */
const limitOf = (size: LaneSize, v: V128): V128 => xor(signs(size, v), largest(size));

/** a + b, or a - b, for pinned operands. */
function sumOrDifference(
  e: Emitter,
  operation: 'add' | 'sub',
  size: LaneSize,
  sign: Sign,
  a: V128,
  b: V128,
): V128 {
  const wrapped = e.let(operation === 'add' ? add(size, a, b) : sub(size, a, b));
  if (size === 1 || size === 2) {
    const result = e.let(vec(`${SHAPES[size]}.${operation}_sat_${sign}`, a, b));
    raiseSaturation(e, xor(result, wrapped));
    return result;
  }
  if (sign === 'u') {
    const over = e.let(operation === 'add' ? greater(size, 'u', a, wrapped) : greater(size, 'u', b, a));
    raiseSaturation(e, over);
    return operation === 'add' ? or(wrapped, over) : andNot(wrapped, over);
  }
  // The sign is wrong when the operands' signs leave no doubt about it.
  const doubt = operation === 'add' ? and(xor(a, wrapped), xor(b, wrapped)) : and(xor(a, b), xor(a, wrapped));
  const over = e.let(signs(size, doubt));
  raiseSaturation(e, over);
  return bitselect(over, limitOf(size, a), wrapped);
}
export const saturatingAdd = (e: Emitter, size: LaneSize, sign: Sign, a: V128, b: V128): V128 =>
  sumOrDifference(e, 'add', size, sign, a, b);
export const saturatingSubtract = (e: Emitter, size: LaneSize, sign: Sign, a: V128, b: V128): V128 =>
  sumOrDifference(e, 'sub', size, sign, a, b);

/**
 * d + n where d is a number of one kind and n of the other. Moving zero by half the range makes a d of the other kind,
 * and puts the limits where that kind has them.
 */
export function saturatingAddMixed(e: Emitter, size: LaneSize, signOfN: Sign, d: V128, n: V128): V128 {
  const moved = e.let(xor(d, smallest(size)));
  return xor(saturatingAdd(e, size, signOfN, moved, n), smallest(size));
}

/** |n| or -n: only the smallest number has none. */
export function saturatingAbsolute(e: Emitter, size: LaneSize, n: V128): V128 {
  return whereSmallest(e, size, n, absolute(size, n));
}
export function saturatingNegate(e: Emitter, size: LaneSize, n: V128): V128 {
  return whereSmallest(e, size, n, negate(size, n));
}
function whereSmallest(e: Emitter, size: LaneSize, n: V128, result: V128): V128 {
  const over = e.let(equal(size, n, smallest(size)));
  raiseSaturation(e, over);
  return xor(result, over);
}

/** Both are the smallest number: the one product that doubles to too much. */
function bothSmallest(e: Emitter, size: LaneSize, n: V128, m: V128): V128 {
  const over = e.let(and(equal(size, n, smallest(size)), equal(size, m, smallest(size))));
  raiseSaturation(e, over);
  return over;
}
/** SQDMULH, SQRDMULH: the high half of 2nm. */
export function doublingMultiplyHigh(e: Emitter, size: LaneSize, rounding: boolean, n: V128, m: V128): V128 {
  const over = bothSmallest(e, size, n, m);
  if (size === 2 && rounding) return vec('i16x8.q15mulr_sat_s', n, m);
  const wide = wider(size);
  const doubled = (half: 'low' | 'high'): V128 => {
    const product = shl(wide, multiplyLong(size, half, 's', n, m), k32(1));
    return rounding ? add(wide, product, everyLane(wide, 1n << BigInt(bitsOf(size) - 1))) : product;
  };
  return xor(oddLanes(size, doubled('low'), doubled('high')), over);
}
/** SQDMULL: 2nm, twice as wide. */
export function doublingMultiplyLong(
  e: Emitter,
  size: LaneSize,
  half: 'low' | 'high',
  n: V128,
  m: V128,
): V128 {
  const wide = wider(size);
  const doubled = e.let(shl(wide, multiplyLong(size, half, 's', n, m), k32(1)));
  const over = e.let(equal(wide, doubled, smallest(wide)));
  raiseSaturation(e, over);
  return xor(doubled, over);
}
/** SQRDMLAH, SQRDMLSH: the high half of d * 2^bits ± 2nm, rounded. Half of it always fits twice the width. */
export function doublingMultiplyAccumulateHigh(
  e: Emitter,
  operation: 'add' | 'sub',
  size: LaneSize,
  n: V128,
  m: V128,
  d: V128,
): V128 {
  const wide = wider(size);
  const down = k32(bitsOf(size) - 1);
  const part = (half: 'low' | 'high'): V128 => {
    const product = multiplyLong(size, half, 's', n, m);
    const start = shl(wide, vec(`${SHAPES[wide]}.extend_${half}_s`, d), down);
    const sum = operation === 'add' ? add(wide, start, product) : sub(wide, start, product);
    const rounded = add(wide, sum, everyLane(wide, 1n << BigInt(bitsOf(size) - 2)));
    return clamp(e, size, 's', 's', shr(wide, 's', rounded, down));
  };
  const low = part('low');
  return evenLanes(size, low, part('high'));
}

/** Numbers of twice `size` limited to those that lanes of `size` can hold, still in their wide lanes. */
export function clamp(e: Emitter, size: LaneSize, from: Sign, to: Sign, v: V128): V128 {
  const wide = wider(size);
  const bits = BigInt(bitsOf(size));
  const value = e.let(v);
  const high = everyLane(wide, (1n << (to === 's' ? bits - 1n : bits)) - 1n);
  let result = e.let(minimum(wide, from, value, high));
  if (from === 's') {
    result = e.let(maximum(wide, 's', result, everyLane(wide, to === 's' ? -(1n << (bits - 1n)) : 0n)));
  }
  raiseSaturation(e, notEqual(wide, result, value));
  return result;
}

/** n << by for pinned operands: SQSHL, UQSHL. */
export function saturatingShiftLeft(e: Emitter, size: LaneSize, sign: Sign, n: V128, by: I32): V128 {
  const shifted = e.let(shl(size, n, by));
  const over = e.let(notEqual(size, shr(size, sign, shifted, by), n));
  raiseSaturation(e, over);
  return sign === 'u' ? or(shifted, over) : bitselect(over, limitOf(size, n), shifted);
}
/** A signed n << by as an unsigned number: SQSHLU. */
export function saturatingShiftLeftUnsigned(e: Emitter, size: LaneSize, n: V128, by: I32): V128 {
  const shifted = e.let(shl(size, n, by));
  const over = e.let(notEqual(size, shr(size, 'u', shifted, by), n));
  const negative = e.let(signs(size, n));
  raiseSaturation(e, or(over, negative));
  return andNot(or(shifted, over), negative);
}
