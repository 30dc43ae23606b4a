/** Floating point in a region: the fast paths in place where they may be taken, otherwise calls of tier 1's functions. */
import type { FpSize } from '../../../fp/format.ts';
import { FPCR, FPSR } from '../../../fp/context.ts';
import type { FpOperation } from '../../../fp/operation.ts';
import { OPCODE } from '../../../host-map.ts';
import { STATE } from '../../../layout.ts';
import { bin, eqz, float, k32, k64, sel, wrap } from '../../../semantics/build.ts';
import type { FpShape } from '../../../semantics/emitter.ts';
import { FLAG_KIND } from '../../../semantics/flags.ts';
import type { FloatOp, I32, I64, V128 } from '../../../semantics/ir.ts';
import { type LaneSize, splatLane } from '../../../semantics/lanes.ts';
import { lanewise } from '../../lanewise.ts';
import { lower } from '../../lower.ts';
import { ControlEmitter } from '../control.ts';
import { fromGeneral, numberOf } from './conversion.ts';
import { Lanes, type Region } from './lanes.ts';
import { fastLanesOf, fastScalarOf, fromIntegerOf } from './table.ts';

const RMODE = 3 << FPCR.RMODE_SHIFT;

/** Whether fast paths may be taken in a state: rounding to nearest, no flushing, Inexact set. */
export const allowsFastPaths = (fpcr: number, fpsr: number): boolean =>
  (fpcr & (RMODE | FPCR.FZ)) === 0 && (fpsr & FPSR.INEXACT) !== 0;

type Fast = 32 | 64;

export abstract class FloatingPointEmitter extends ControlEmitter implements Region {
  /** The region has floating-point operations, so that it matters whether it was made for fast paths. */
  dependsOnFloating = false;

  /** Not zero when a region with fast paths must not be entered. */
  protected unfitFloating(): I32 {
    const inexact = bin('xor', bin('and', this.word(STATE.FPSR), k32(FPSR.INEXACT)), k32(FPSR.INEXACT));
    return bin('or', bin('and', this.word(STATE.FPCR), k32(RMODE | FPCR.FZ)), inexact);
  }
  /** Whether this instruction may have a fast path at this size; notes that the region depends on that. */
  #isFast(size: FpSize): size is Fast {
    const { fast, refused } = this.madeFor;
    if (size === 16 || refused.has(this.step!.record)) return false;
    this.dependsOnFloating = true;
    return fast;
  }

  refuse(): void {
    this.sideExit(k32(OPCODE.REFUSED));
  }
  when(c: I32, then: () => void): void {
    lower(this.f, c);
    this.f.if(then);
  }
  variable(v: V128): { readonly value: V128; set(v: V128): void } {
    const index = this.temporaries.take('v128');
    this.set(index, v);
    return { value: { o: 'local', t: 'v128', index, pinned: true }, set: (next) => this.set(index, next) };
  }

  fp(operation: FpOperation, size: FpSize, ...operands: readonly I64[]): I64 {
    return this.#inPlace(operation, size, operands) ?? this.#called(operation, size, operands);
  }
  #called(operation: FpOperation, size: FpSize, operands: readonly I64[]): I64 {
    const f = this.helpers.fp.indexOf(operation, size, operands.length);
    return this.let<'i64'>({ o: 'call', t: 'i64', f, args: operands });
  }
  #inPlace(operation: FpOperation, size: FpSize, [a, fraction]: readonly I64[]): I64 | undefined {
    const integral = fraction === undefined || (fraction.o === 'const' && fraction.k === 0n);
    if (a === undefined || !integral || !this.#isFast(size)) return undefined;
    const from = fromIntegerOf(operation, size);
    const convert = fastScalarOf(operation, size);
    if (from === undefined && convert === undefined) return undefined;
    return from === undefined
      ? convert!(this, numberOf(a, size))
      : fromGeneral(from.sign, from.bits, from.to, a);
  }

  fpLanes(operation: FpOperation, shape: FpShape, ...operands: readonly (V128 | I64)[]): V128 {
    const pinned = operands.map((operand) => this.let(operand as V128));
    const { size } = shape;
    const fast = this.#isFast(size) ? fastLanesOf(operation, size, this.madeFor.fused) : undefined;
    const integral = !/cvt/.test(operation) || (operands[1]?.o === 'const' && operands[1].k === 0n);
    if (fast === undefined || !integral)
      return lanewise(shape, pinned, (v) => this.#called(operation, size, v));
    const [a, b, c] = pinned.map((v) => (v.t === 'v128' ? v : splatLane((size / 8) as LaneSize, v as never)));
    return fast(new Lanes(this, { size: size as Fast, lanes: shape.lanes }), a!, b!, c!);
  }

  fpCompare(operation: 'cmp' | 'cmpe', size: FpSize, a: I64, b: I64): void {
    if (!this.#isFast(size)) {
      this.setNzcv(wrap(this.#called(operation, size, [a, b])));
      return;
    }
    const [x, y] = [a, b].map((v) => this.let(numberOf(v, size))) as [
      ReturnType<typeof numberOf>,
      ReturnType<typeof numberOf>,
    ];
    const is = (op: 'eq' | 'lt' | 'ne', p = x, q = y): I32 => float('i32', `${x.t}.${op}` as FloatOp, p, q);
    const isConstant = b.o === 'const';
    this.when(isConstant ? is('ne', x, x) : bin('or', is('ne', x, x), is('ne', y, y)), () => this.refuse());
    const nzcv = sel(is('lt'), k32(0b1000), sel(is('eq'), k32(0b0110), k32(0b0010)));
    this.pending = { kind: FLAG_KIND.PACKED, a: nzcv, numbers: [x, y] };
  }

  /** Fast paths rely on what FPCR and FPSR are at entry: a write that would change that is tier 1's. */
  override setDoubleword(at: number, v: I64): void {
    if (this.madeFor.fast && at === STATE.FPSR) {
      const value = this.let(v);
      this.guard(eqz(bin('and', wrap(value), k32(FPSR.INEXACT))));
      super.setDoubleword(at, value);
    } else if (this.madeFor.fast && at === STATE.FPCR) {
      const value = this.let(v);
      this.guard(wrap(bin('and', value, k64(RMODE | FPCR.FZ))));
      super.setDoubleword(at, value);
    } else super.setDoubleword(at, v);
  }
}
