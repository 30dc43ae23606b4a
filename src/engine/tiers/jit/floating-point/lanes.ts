/**
 * Fast paths of floating-point instructions in a region, on all lanes of a shape at once. A region that has any is
 * entered only while FPCR asks for round to nearest without flushing and Inexact is set already, so what is left to
 * find out is whether a result is NaN, infinite or tiny: such instructions leave the region before they have done
 * anything, for the exact path.
 */
import {
  anyTrue,
  bin,
  cmp,
  eqz,
  extract,
  extractFloat,
  float,
  k128,
  k32,
  repeated,
  shiftLanes,
  vec,
  wrap,
} from '../../../semantics/build.ts';
import type { FpShape } from '../../../semantics/emitter.ts';
import type { FloatLane, FloatLaneOp, FloatTy, I32, Ty, V128, Val } from '../../../semantics/ir.ts';
import { onlyLanes } from '../../../semantics/simd-fp/floating.ts';

/** What fast paths ask of the region's emitter. */
export interface Region {
  let<T extends Ty>(v: Val<T>): Val<T>;
  /** Leave before the instruction, for the exact path. */
  refuse(): void;
  when(c: I32, then: () => void): void;
  /** A local that is written again. */
  variable(v: V128): { readonly value: V128; set(v: V128): void };
}

/** Lanes that are not for the fast path: whether there are any, and which (all ones in some bits of the lane). */
export interface Bad {
  readonly any: I32;
  readonly lanes: V128;
}

type Operation = FloatLaneOp extends infer O
  ? O extends `${FloatLane}.${infer Name}`
    ? Name
    : never
  : never;

/** By size: bits below the exponent in the 32-bit word that has it, its largest value, and that of 1. */
const EXPONENT = {
  32: { shift: 23, top: 0xff, one: 127 },
  64: { shift: 20, top: 0x7ff, one: 1023 },
} as const;

/** The lanes of a shape in the region under construction. */
export class Lanes {
  readonly region: Region;
  readonly shape: FpShape & { readonly size: 32 | 64 };
  readonly lane: FloatLane;

  constructor(region: Region, shape: FpShape & { readonly size: 32 | 64 }) {
    this.region = region;
    this.shape = shape;
    this.lane = shape.size === 64 ? 'f64x2' : 'f32x4';
  }
  at(size: 32 | 64, lanes: FpShape['lanes']): Lanes {
    return new Lanes(this.region, { size, lanes });
  }
  get isScalar(): boolean {
    return this.shape.lanes === 1;
  }

  do(op: Operation, a: V128, b?: V128): V128 {
    return vec(`${this.lane}.${op}` as FloatLaneOp, a, b);
  }
  pin(v: V128): V128 {
    return this.region.let(v);
  }
  /** A result: zero beyond the shape. */
  result(v: V128): V128 {
    return this.pin(onlyLanes(v, this.shape));
  }
  /** `bits` in every lane of a vector, those beyond the shape included. */
  every(bits: bigint): V128 {
    return k128(repeated(this.shape.size, bits));
  }
  power(exponent: number): V128 {
    const { shape } = this;
    const { one } = EXPONENT[shape.size];
    return this.every(BigInt(exponent + one) << (shape.size === 64 ? 52n : 23n));
  }
  /** Lane 0 as a number. */
  number(v: V128): Val<FloatTy> {
    return extractFloat(this.lane, 0, v);
  }

  /** Lanes with a biased exponent other than `low` to `high`. */
  #outside(v: V128, low: number, high: number): Bad {
    const { size, lanes } = this.shape;
    const { shift, top } = EXPONENT[size];
    const [stride, word] = size === 64 ? [2, 1] : [1, 0];
    const words = (inside: number, beyond: number): V128 =>
      k128(
        [0, 1, 2, 3].reduce((all, n) => {
          const is = n % stride === word && Math.trunc(n / stride) < lanes;
          return all | (BigInt((is ? inside : beyond) >>> 0) << BigInt(32 * n));
        }, 0n),
      );
    const exponents = vec('and', v, words(top << shift, 0));
    const bad =
      low === 0
        ? vec('i32x4.eq', exponents, words(top << shift, -1))
        : vec(
            'i32x4.ge_u',
            vec('i32x4.sub', exponents, words(low << shift, 0)),
            words((high - low + 1) << shift, -1),
          );
    if (!this.isScalar) {
      const pinned = this.pin(bad);
      return { any: anyTrue(pinned), lanes: pinned };
    }
    const exponent =
      size === 64
        ? wrap(bin('shr', extract('i64x2', 0, v), { o: 'const', t: 'i64', k: 52n }))
        : bin('shr', extract('i32x4', 0, v), k32(23));
    const any = cmp('gtu', bin('and', bin('sub', exponent, k32(low)), k32(top)), k32(high - low));
    return { any, lanes: bad };
  }
  /** NaNs and infinities. */
  notFinite(v: V128): Bad {
    return this.#outside(v, 0, EXPONENT[this.shape.size].top - 1);
  }
  /** Numbers below twice the smallest normal one: they may have been rounded from tiny ones. And all that are not finite. */
  unusual(v: V128): Bad {
    return this.#outside(v, 2, EXPONENT[this.shape.size].top - 1);
  }
  /** Numbers outside 2^low to 2^(high + 1), and all that are not finite. */
  outside(v: V128, low: number, high: number): Bad {
    const { one } = EXPONENT[this.shape.size];
    return this.#outside(v, low + one, high + one);
  }
  /** 1 when a lane of the shape is set in a mask of whole lanes. */
  anyOf(mask: V128): I32 {
    if (!this.isScalar) return anyTrue(onlyLanes(mask, this.shape));
    return extract('i32x4', 0, mask);
  }
  /** 1 when a lane of one of these is NaN. */
  anyNaN(...values: readonly V128[]): I32 {
    if (this.isScalar) {
      const { t } = this.number(values[0]!);
      const is = (v: V128): I32 => float('i32', `${t as FloatTy}.ne`, this.number(v), this.number(v));
      return values.map(is).reduce((a, b) => bin('or', a, b));
    }
    return this.anyOf(values.map((v) => this.do('ne', v, v)).reduce((a, b) => vec('or', a, b)));
  }

  refuseIf(c: I32): void {
    this.region.when(c, () => this.region.refuse());
  }
  /** Of the bad lanes, if there are any, all must be in the mask that `fine` makes. */
  refuseUnless(bad: Bad, fine: () => V128): void {
    this.region.when(bad.any, () => this.refuseMissing(bad, fine()));
  }
  refuseMissing(bad: Bad, fine: V128): void {
    if (this.isScalar) this.refuseIf(eqz(extract('i32x4', 0, fine)));
    else this.refuseIf(anyTrue(vec('andnot', bad.lanes, fine)));
  }
  /** All bits of the lanes whose top bit is set. */
  wholeLanes(mask: V128): V128 {
    const { size } = this.shape;
    return shiftLanes(size === 64 ? 'i64x2' : 'i32x4', 'shr_s', mask, k32(size - 1));
  }
  isZero(v: V128): V128 {
    return this.do('eq', v, k128(0n));
  }
}

/** A fast path: the result from pinned operands; it refuses what it cannot do. */
export type FastLanes = (l: Lanes, a: V128, b: V128, c: V128) => V128;
