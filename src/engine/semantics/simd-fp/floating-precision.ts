/** Arm ARM, Advanced SIMD two-register miscellaneous: FCVTL, FCVTN, FCVTXN, which change the size of lanes. */
import type { Row } from '../../decode/row.ts';
import type { FpOperation } from '../../fp/operation.ts';
import { k128 } from '../build.ts';
import { scalar, lowHalf } from '../vector.ts';
import { combine } from '../width.ts';
import { readScalar, vectorOperands, writeScalar } from './floating.ts';
import { readLanes, readsDestination, withLanes, writeLanes } from './floating-vector.ts';

const encodingClass = 'Advanced SIMD two-register miscellaneous';

interface Precision {
  /** Size of the larger lanes; the others have half of it. */
  readonly wide: 32 | 64;
  /** The narrow lanes are those of the upper half. */
  readonly upper: boolean;
}
const halfOf = (wide: 32 | 64): 16 | 32 => (wide === 64 ? 32 : 16);
const precisions = (wide: readonly (32 | 64)[]): readonly Precision[] =>
  combine({ wide, upper: [false, true] });
const operands: Row['operands'] = readsDestination((f, o, pcLo, pcHi) => {
  vectorOperands(f, o, pcLo, pcHi);
  o.variant = f.sz * 2 + f.Q;
});

const lengthen: Row<Precision> = {
  name: 'FCVTL',
  encodingClass,
  pattern: '0 Q:1 0 01110 0 sz:1 10000 10111 10 Rn:5 Rd:5',
  fp: true,
  variants: precisions([32, 64]),
  operands,
  emit(e, { wide, upper }, o) {
    const count = 128 / wide;
    const values = readLanes(e, o.rn, halfOf(wide), count, upper ? count : 0);
    const results = values.map((v) => e.fp(`cvt${wide}`, halfOf(wide), v));
    writeLanes(e, o.rd, wide, results);
  },
};

const narrow = (name: string, U: 0 | 1, sz: string, wide: readonly (32 | 64)[]): Row<Precision> => ({
  name,
  encodingClass,
  pattern: `0 Q:1 ${U} 01110 0 ${sz} 10000 10110 10 Rn:5 Rd:5`,
  fp: true,
  variants: precisions(wide),
  operands,
  emit(e, v, o) {
    const count = 128 / v.wide;
    const to = halfOf(v.wide);
    const operation: FpOperation = U === 1 ? 'cvtxn' : `cvt${to}`;
    const results = readLanes(e, o.rn, v.wide, count).map((lane) => e.fp(operation, v.wide, lane));
    const into = v.upper ? scalar(lowHalf(e.V(o.ra))) : k128(0n);
    e.setV(o.rd, withLanes(to, results, into, v.upper ? count : 0));
  },
});

const narrowScalar: Row = {
  name: 'FCVTXN (SIMD scalar)',
  encodingClass: 'Advanced SIMD scalar two-register miscellaneous',
  pattern: '01 1 11110 0 1 10000 10110 10 Rn:5 Rd:5',
  fp: true,
  variants: [{}],
  operands: vectorOperands,
  emit: (e, _, o) => writeScalar(e, o.rd, e.fp('cvtxn', 64, readScalar(e, o.rn, 64))),
};

export const FLOATING_PRECISION: readonly Row[] = [
  lengthen,
  narrow('FCVTN', 0, 'sz:1', [32, 64]),
  narrow('FCVTXN', 1, '1', [64]),
  narrowScalar,
] as readonly Row[];
