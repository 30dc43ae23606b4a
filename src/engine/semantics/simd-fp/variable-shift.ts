/**
 * Shifts by a register: every lane of n by the signed low byte of m's lane, to the left when that is positive.
 * WebAssembly shifts all lanes by the same count only, so this goes lane by lane on 64-bit numbers.
 */
import { bin, cmp, exts, extract, extu, k32, k64, k128, konst, neg, sel } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import { FPSR_QC } from '../../layout.ts';
import type { I32, I64, V128 } from '../ir.ts';
import { type LaneSize, replaceLane, SHAPES } from '../lanes.ts';
import { bitsOf, type Sign } from './lane-arithmetic.ts';

export interface VariableShift {
  readonly sign: Sign;
  readonly rounding: boolean;
  readonly saturating: boolean;
}

/** A lane as a 64-bit number. */
function extendedLane(size: LaneSize, sign: Sign, index: number, v: V128): I64 {
  if (size === 8) return extract('i64x2', index, v);
  const lane = extract(SHAPES[size], index, v, sign === 's');
  return sign === 's' ? exts(lane) : extu(lane);
}

const beyond63 = (count: I32): I32 => cmp('gtu', count, k32(63));
/** Counts up to 128. */
function shiftRight(sign: Sign, x: I64, count: I32): I64 {
  if (sign === 's') return bin('sar', x, extu(sel(beyond63(count), k32(63), count)));
  return sel(beyond63(count), k64(0), bin('shr', x, extu(count)));
}

function rightShifted(e: Emitter, { sign, rounding }: VariableShift, x: I64, count: I32): I64 {
  if (!rounding) return shiftRight(sign, x, count);
  // One bit less, then that bit decides: the sum of x and half a unit could need 65 bits.
  const doubled = e.let(shiftRight(sign, x, e.let(bin('sub', count, k32(1)))));
  return bin('add', bin(sign === 's' ? 'sar' : 'shr', doubled, k64(1)), bin('and', doubled, k64(1)));
}

interface Shifted {
  readonly value: I64;
  /** 1 when it does not fit the lane. */
  readonly over: I32;
}
/** The lane's number moved to the top of 64 bits, so that what is shifted out is lost at every size. */
function leftSaturated(e: Emitter, sign: Sign, size: LaneSize, x: I64, count: I32): Shifted {
  const spare = k64(64 - bitsOf(size));
  const top = e.let(bin('shl', x, spare));
  const shifted = e.let(bin('shl', top, extu(count)));
  const back = bin(sign === 's' ? 'sar' : 'shr', shifted, extu(count));
  const over = e.let(cmp('ne', sel(beyond63(count), k64(0), back), top));
  const most = (1n << BigInt(bitsOf(size) - 1)) - 1n;
  const limit = sign === 'u' ? k64(-1) : bin('xor', bin('sar', x, k64(63)), konst('i64', most));
  return { value: sel(over, limit, bin('shr', shifted, spare)), over };
}

/** n shifted by m; both pinned. FPSR.QC for those that saturate. */
export function variableShift(
  e: Emitter,
  shift: VariableShift,
  size: LaneSize,
  lanes: number,
  n: V128,
  m: V128,
): V128 {
  let result: V128 = k128(0n);
  let saturated: I32 = k32(0);
  for (let i = 0; i < lanes; i++) {
    const x = e.let(extendedLane(size, shift.sign, i, n));
    const count = e.let(extract('i8x16', i * size, m, true));
    const isRight = cmp('lts', count, k32(0));
    const right = rightShifted(e, shift, x, e.let(neg(count)));
    let left: I64;
    if (shift.saturating) {
      const { value, over } = leftSaturated(e, shift.sign, size, x, count);
      left = value;
      saturated = e.let(bin('or', saturated, sel(isRight, k32(0), over)));
    } else {
      left = sel(beyond63(count), k64(0), bin('shl', x, extu(count)));
    }
    result = e.let(replaceLane(size, i, result, sel(isRight, right, left)));
  }
  if (shift.saturating) e.raise(bin('mul', saturated, k32(FPSR_QC)));
  return result;
}
