/** What floating-point rows share. A size of 32 or 64 bits is bit 22 of most encodings. */
import type { FpSize } from '../../fp/format.ts';
import type { OperandFields, Row } from '../../decode/row.ts';
import type { FpOperation } from '../../fp/operation.ts';
import { bin, k128, k64, repeated, shuffle, vec } from '../build.ts';
import type { Emitter, FpShape, RegisterField } from '../emitter.ts';
import type { I64, V128 } from '../ir.ts';
import { VECTOR } from '../operands.ts';
import { lowHalf, scalar } from '../vector.ts';

/** One number. */
export interface Sized extends FpShape {
  readonly lanes: 1;
}
/** By the encodings' `sz`. */
export const FP_SIZES: readonly Sized[] = [
  { size: 32, lanes: 1 },
  { size: 64, lanes: 1 },
];

/** The `ptype` bits of scalar encodings and what follows from them: single and double, or half precision. */
export interface Precision {
  readonly ptype: string;
  readonly half: boolean;
  readonly row: Pick<Row<Sized>, 'variants' | 'fp' | 'feature' | 'cold'>;
}
const PRECISIONS: readonly Precision[] = [
  { ptype: '0 sz:1', half: false, row: { fp: true, variants: FP_SIZES } },
  {
    ptype: '11',
    half: true,
    row: { fp: true, feature: 'fp16', cold: true, variants: [{ size: 16, lanes: 1 }] },
  },
];
/** `FABS (scalar)` and `FABS (scalar, half)`. */
export const named = (name: string, half: boolean): string =>
  half ? name.replace(/\)?$/, (end) => (end === ')' ? ', half)' : ' (half)')) : name;
/** Rows of an instruction: single and double precision, and half. */
export const inPrecisions = <V>(make: (p: Precision) => Row<V>): Row<V>[] => PRECISIONS.map(make);

/** `bits` in every lane of the shape. */
function inLanes({ size, lanes }: FpShape, bits: bigint): V128 {
  return k128(BigInt.asUintN(size * lanes, repeated(size, bits)));
}
const signOf = (size: FpSize): bigint => 1n << BigInt(size - 1);
/** Arm ARM pseudocode FPNeg and FPAbs, on every lane. FPAbs clears what is beyond. */
export const negated = (v: V128, shape: FpShape): V128 => vec('xor', v, inLanes(shape, signOf(shape.size)));
export const absolute = (v: V128, shape: FpShape): V128 =>
  vec('and', v, inLanes(shape, signOf(shape.size) - 1n));
/** The lanes of the shape, zero beyond. */
export function onlyLanes(v: V128, { size, lanes }: FpShape): V128 {
  const bytes = (size / 8) * lanes;
  if (bytes === 16) return v;
  return shuffle(
    Array.from({ length: 16 }, (_, n) => (n < bytes ? n : n + 16)),
    v,
    k128(0n),
  );
}

/** The low `size` bits. */
export const readScalar = (e: Emitter, r: RegisterField, size: FpSize): I64 =>
  size === 64 ? lowHalf(e.V(r)) : bin('and', lowHalf(e.V(r)), k64((1n << BigInt(size)) - 1n));
/** The rest of the register becomes zero. */
export const writeScalar = (e: Emitter, r: RegisterField, v: I64): void => e.setV(r, scalar(v));

/** Result of an instruction from its source registers: zero beyond the shape. */
export type Meaning = (e: Emitter, shape: FpShape, n: V128, m: V128, a: V128) => V128;
/** The meaning that is one operation. */
export const operation =
  (name: FpOperation): Meaning =>
  (e, shape, n, m) =>
    e.fpLanes(name, shape, n, m);
export const unaryOperation =
  (name: FpOperation): Meaning =>
  (e, shape, n) =>
    e.fpLanes(name, shape, n);

/** Rd, Rn, Rm, Ra as far as the pattern has them: all V registers. */
export const vectorOperands: Row['operands'] = (f, o) => {
  o.variant = f.sz;
  o.rd = f.Rd;
  o.rn = f.Rn;
  o.rm = f.Rm;
  o.ra = f.Ra;
  o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.rm | VECTOR.ra;
};

/** The same for every lane of the source registers; Ra is Vd as it was, unless it is a register of its own. */
export function emitLanes(e: Emitter, shape: FpShape, o: OperandFields, meaning: Meaning): void {
  e.setV(o.rd, meaning(e, shape, e.V(o.rn), e.V(o.rm), e.V(o.ra)));
}
