/** What scalar floating-point rows share. A size of 32 or 64 bits is bit 22 of most encodings. */
import type { FpSize } from '../../fp/format.ts';
import type { OperandFields, Row } from '../../decode/row.ts';
import { bin, k64 } from '../build.ts';
import type { Emitter, RegisterField } from '../emitter.ts';
import type { I64 } from '../ir.ts';
import { VECTOR } from '../operands.ts';
import { lowHalf, scalar } from '../vector.ts';

export interface Sized {
  readonly size: FpSize;
}
/** By the encodings' `sz`. */
export const FP_SIZES: readonly Sized[] = [{ size: 32 }, { size: 64 }];

/** The `ptype` bits of scalar encodings and what follows from them: single and double, or half precision. */
export interface Precision {
  readonly ptype: string;
  readonly half: boolean;
  readonly row: Pick<Row<Sized>, 'variants' | 'fp' | 'feature' | 'cold'>;
}
const PRECISIONS: readonly Precision[] = [
  { ptype: '0 sz:1', half: false, row: { fp: true, variants: FP_SIZES } },
  { ptype: '11', half: true, row: { fp: true, feature: 'fp16', cold: true, variants: [{ size: 16 }] } },
];
/** `FABS (scalar)` and `FABS (scalar, half)`. */
export const named = (name: string, half: boolean): string =>
  half ? name.replace(/\)?$/, (end) => (end === ')' ? ', half)' : ' (half)')) : name;
/** Rows of an instruction: single and double precision, and half. */
export const inPrecisions = <V>(make: (p: Precision) => Row<V>): Row<V>[] => PRECISIONS.map(make);

const maskOf = (size: FpSize): I64 => k64((1n << BigInt(size)) - 1n);
const signOf = (size: FpSize): I64 => k64(1n << BigInt(size - 1));

/** The low `size` bits. */
export const lowBits = (v: I64, size: FpSize): I64 => (size === 64 ? v : bin('and', v, maskOf(size)));
/** Arm ARM pseudocode FPNeg, FPAbs. */
export const negated = (v: I64, size: FpSize): I64 => bin('xor', v, signOf(size));
export const absolute = (v: I64, size: FpSize): I64 => bin('and', v, k64((1n << BigInt(size - 1)) - 1n));

export const readScalar = (e: Emitter, r: RegisterField, size: FpSize): I64 => lowBits(lowHalf(e.V(r)), size);
/** The rest of the register becomes zero. */
export const writeScalar = (e: Emitter, r: RegisterField, v: I64): void => e.setV(r, scalar(v));

/** Result of an instruction from the values of its source registers. */
export type Meaning = (e: Emitter, size: FpSize, n: I64, m: I64, a: I64) => I64;

/** Rd, Rn, Rm, Ra as far as the pattern has them: all V registers. */
export const vectorOperands: Row['operands'] = (f, o) => {
  o.variant = f.sz;
  o.rd = f.Rd;
  o.rn = f.Rn;
  o.rm = f.Rm;
  o.ra = f.Ra;
  o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.rm | VECTOR.ra;
};

export function emitScalar(e: Emitter, { size }: Sized, o: OperandFields, meaning: Meaning): void {
  const [n, m, a] = [o.rn, o.rm, o.ra].map((r) => readScalar(e, r, size)) as [I64, I64, I64];
  writeScalar(e, o.rd, meaning(e, size, n, m, a));
}
