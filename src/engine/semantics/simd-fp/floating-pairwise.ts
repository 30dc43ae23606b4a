/**
 * Floating point between lanes of one register. Arm ARM, Advanced SIMD three same (pairwise), Advanced SIMD scalar
 * pairwise, Advanced SIMD across lanes.
 */
import type { FpSize } from '../../fp/format.ts';
import type { FpOperation } from '../../fp/operation.ts';
import type { Row } from '../../decode/row.ts';
import type { Emitter } from '../emitter.ts';
import type { I64 } from '../ir.ts';
import { named, writeScalar } from './floating.ts';
import {
  type Arrangement,
  arrangements,
  classOf,
  formPattern,
  readLanes,
  withHalf,
  writeLanes,
} from './floating-vector.ts';

/** The operation on neighbours: half as many lanes. */
function pairs(e: Emitter, operation: FpOperation, size: FpSize, lanes: readonly I64[]): I64[] {
  return Array.from({ length: lanes.length / 2 }, (_, i) =>
    e.fp(operation, size, lanes[2 * i]!, lanes[2 * i + 1]!),
  );
}

/** Vm's lanes follow Vn's. */
const pairwise = (name: string, o: 0 | 1, opcode: string, operation: FpOperation): Row<Arrangement>[] =>
  withHalf((half) => ({
    ...arrangements('vector', half),
    name: named(`${name} (vector)`, half),
    encodingClass: classOf('vector', 'three same', half),
    pattern: formPattern(
      'vector',
      1,
      o,
      `${half ? `10 Rm:5 00 ${opcode.slice(2)} 1` : `sz:1 1 Rm:5 ${opcode} 1`} Rn:5 Rd:5`,
    ),
    emit(e, { size, lanes }, { rd, rn, rm }) {
      const all = [rn, rm].flatMap((r) => readLanes(e, r, size, lanes));
      writeLanes(e, rd, size, pairs(e, operation, size, all));
    },
  }));

const scalarPairwise = (name: string, o: 0 | 1, opcode: string, operation: FpOperation): Row<Arrangement>[] =>
  withHalf((half) => ({
    ...arrangements('SIMD scalar', half),
    name: named(`${name} (SIMD scalar)`, half),
    encodingClass: 'Advanced SIMD scalar pairwise',
    pattern: `01 ${half ? 0 : 1} 11110 ${o} ${half ? '0' : 'sz:1'} 11000 ${opcode} 10 Rn:5 Rd:5`,
    emit(e, { size }, { rd, rn }) {
      const [low, high] = readLanes(e, rn, size, 2) as [I64, I64];
      writeScalar(e, rd, e.fp(operation, size, low, high));
    },
  }));

const WORDS: readonly Arrangement[] = [{ size: 32, lanes: 4 }];
/** Arm ARM pseudocode Reduce: halves against halves, so that neighbours meet first. */
const acrossLanes = (name: string, o: 0 | 1, opcode: string, operation: FpOperation): Row<Arrangement>[] =>
  withHalf((half) => {
    const { variants, ...common } = arrangements('vector', half);
    return {
      ...common,
      variants: half ? variants : WORDS,
      name: named(name, half),
      encodingClass: 'Advanced SIMD across lanes',
      pattern: `0 ${half ? 'Q:1 0' : '1 1'} 01110 ${o} 0 11000 ${opcode} 10 Rn:5 Rd:5`,
      emit(e, { size, lanes }, { rd, rn }) {
        let values = readLanes(e, rn, size, lanes);
        while (values.length > 1) values = pairs(e, operation, size, values);
        writeScalar(e, rd, values[0]!);
      },
    };
  });

export const FLOATING_PAIRWISE: readonly Row<Arrangement>[] = [
  ...pairwise('FMAXNMP', 0, '11000', 'maxnm'),
  ...pairwise('FADDP', 0, '11010', 'add'),
  ...pairwise('FMAXP', 0, '11110', 'max'),
  ...pairwise('FMINNMP', 1, '11000', 'minnm'),
  ...pairwise('FMINP', 1, '11110', 'min'),
  ...scalarPairwise('FMAXNMP', 0, '01100', 'maxnm'),
  ...scalarPairwise('FADDP', 0, '01101', 'add'),
  ...scalarPairwise('FMAXP', 0, '01111', 'max'),
  ...scalarPairwise('FMINNMP', 1, '01100', 'minnm'),
  ...scalarPairwise('FMINP', 1, '01111', 'min'),
  ...acrossLanes('FMAXNMV', 0, '01100', 'maxnm'),
  ...acrossLanes('FMAXV', 0, '01111', 'max'),
  ...acrossLanes('FMINNMV', 1, '01100', 'minnm'),
  ...acrossLanes('FMINV', 1, '01111', 'min'),
];
