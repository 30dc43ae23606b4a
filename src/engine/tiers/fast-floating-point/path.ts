/** A fast path under construction: expressions with floating-point values, and conditions to leave it. */
import { STATE } from '../../layout.ts';
import { bin, cmp, eqz, extu, float, k32, k64, ld, wrap } from '../../semantics/build.ts';
import type { FloatTy, I32, I64, Ty, Val } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import { lower } from '../lower.ts';

const INEXACT = 0x10;
/** Label of the block that the exact path follows. */
export const EXACT = 'exact';

export type Size = 32 | 64;
export type Num = Val<FloatTy>;
type Binary = 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max' | 'copysign';
type Unary = 'abs' | 'ceil' | 'floor' | 'trunc' | 'nearest' | 'sqrt';
export type Relation = 'eq' | 'ne' | 'lt' | 'gt' | 'le' | 'ge';

export const SIGN = { 32: 1n << 31n, 64: 1n << 63n } as const;
const INFINITY = { 32: 0xffn << 23n, 64: 0x7ffn << 52n } as const;
const SMALLEST = { 32: 1n << 23n, 64: 1n << 52n } as const;

/** The function under construction, at one size. */
export class Path {
  readonly size: Size;
  readonly #f: FunctionWriter;
  readonly #t: FloatTy;

  constructor(f: FunctionWriter, size: Size) {
    this.#f = f;
    this.size = size;
    this.#t = size === 64 ? 'f64' : 'f32';
  }

  /** The same function at another size. */
  at(size: Size): Path {
    return new Path(this.#f, size);
  }

  pin<T extends Ty>(v: Val<T>): Val<T> {
    const index = this.#f.local(v.t);
    lower(this.#f, v);
    this.#f.set(index);
    return { o: 'local', t: v.t as T, index, pinned: true };
  }
  /** Go on here only when it holds. */
  require(c: I32): void {
    lower(this.#f, eqz(c));
    this.#f.brIf(EXACT);
  }
  when(c: I32, then: () => void): void {
    lower(this.#f, c);
    this.#f.if(then);
  }
  /** Go on here only when Inexact has been raised before, or the result is exact. `exact` may pin. */
  requireExact(exact: () => I32): void {
    const raised = bin('and', ld('i32', 32, k32(0), STATE.FPSR), k32(INEXACT));
    this.when(eqz(raised), () => this.require(exact()));
  }
  giveBack(v: I64): void {
    lower(this.#f, v);
    this.#f.return();
  }
  giveBackIf(c: I32, v: I64): void {
    this.when(c, () => this.giveBack(v));
  }

  /** The number with these bits. */
  number(bits: I64): Num {
    if (this.size === 64) return this.pin(float('f64', 'f64.reinterpret_i64', bits));
    return this.pin(float('f32', 'f32.reinterpret_i32', wrap(bits)));
  }
  bits(x: Num): I64 {
    if (this.size === 64) return this.pin(float('i64', 'i64.reinterpret_f64', x));
    return this.pin(extu(float('i32', 'i32.reinterpret_f32', x)));
  }
  binary(op: Binary, a: Num, b: Num): Num {
    return this.pin(float(this.#t, `${this.#t}.${op}`, a, b));
  }
  unary(op: Unary, a: Num): Num {
    return this.pin(float(this.#t, `${this.#t}.${op}`, a));
  }
  is(relation: Relation, a: Num, b: Num): I32 {
    return float('i32', `${this.#t}.${relation}`, a, b);
  }
  power(exponent: number): Num {
    const [bias, fraction] = this.size === 64 ? [1023, 52n] : [127, 23n];
    return this.number(k64(BigInt(exponent + bias) << fraction));
  }

  magnitude(bits: I64): I64 {
    return bin('and', bits, k64(SIGN[this.size] - 1n));
  }
  isZero(bits: I64): I32 {
    return eqz(this.magnitude(bits));
  }
  isFinite(bits: I64): I32 {
    return cmp('ltu', this.magnitude(bits), k64(INFINITY[this.size]));
  }
  isNotDenormal(bits: I64): I32 {
    return cmp('geu', bin('sub', this.magnitude(bits), k64(1)), k64(SMALLEST[this.size] - 1n));
  }
  /** Finite, and so large that the exact result cannot have been tiny. */
  isNormal(bits: I64): I32 {
    const low = SMALLEST[this.size] + 1n;
    return cmp('ltu', bin('sub', this.magnitude(bits), k64(low)), k64(INFINITY[this.size] - low));
  }
  /** A double with so short a significand that products of two are exact. */
  isShort(bits: I64): I32 {
    return eqz(bin('and', bits, k64(0x7ff_ffff)));
  }
}

/** What a fast path does with operands a, b, c: it ends in `giveBack`. */
export type Write = (p: Path, a: I64, b: I64, c: I64) => void;
