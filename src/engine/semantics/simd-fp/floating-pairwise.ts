/**
 * Floating point between lanes of one register. Arm ARM, Advanced SIMD three same (pairwise), Advanced SIMD scalar
 * pairwise, Advanced SIMD across lanes.
 */
import type { FpSize } from '../../fp/format.ts';
import type { FpOperation } from '../../fp/operation.ts';
import type { Row } from '../../decode/row.ts';
import { shuffle } from '../build.ts';
import type { Emitter, FpShape } from '../emitter.ts';
import type { V128 } from '../ir.ts';
import { named } from './floating.ts';
import { type Arrangement, arrangements, classOf, formPattern, withHalf } from './floating-vector.ts';

/** Every other lane of the lowest `lanes` of a register, from lane `first` on, and behind them those of another one. */
function everyOther(size: FpSize, lanes: number, first: 0 | 1, a: V128, b: V128): V128 {
  const bytes = size / 8;
  const half = lanes / 2;
  return shuffle(
    Array.from({ length: 16 }, (_, n) => {
      const lane = Math.trunc(n / bytes);
      const from = lane < half ? 0 : 16;
      return from + (((2 * (lane % half) + first) * bytes + (n % bytes)) % 16);
    }),
    a,
    b,
  );
}
/** The operation on neighbours among the lowest `lanes` of two registers: as many results, those of the second one above. */
function pairs(e: Emitter, operation: FpOperation, shape: FpShape, lanes: number, a: V128, b: V128): V128 {
  const [x, y] = [e.let(a), e.let(b)];
  const [even, odd] = ([0, 1] as const).map((first) => everyOther(shape.size, lanes, first, x, y));
  return e.fpLanes(operation, shape, even!, odd!);
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
    emit: (e, v, { rd, rn, rm }) => e.setV(rd, pairs(e, operation, v, v.lanes, e.V(rn), e.V(rm))),
  }));

const scalarPairwise = (name: string, o: 0 | 1, opcode: string, operation: FpOperation): Row<Arrangement>[] =>
  withHalf((half) => ({
    ...arrangements('SIMD scalar', half),
    name: named(`${name} (SIMD scalar)`, half),
    encodingClass: 'Advanced SIMD scalar pairwise',
    pattern: `01 ${half ? 0 : 1} 11110 ${o} ${half ? '0' : 'sz:1'} 11000 ${opcode} 10 Rn:5 Rd:5`,
    emit: (e, v, { rd, rn }) => e.setV(rd, pairs(e, operation, v, 2, e.V(rn), e.V(rn))),
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
        let v = e.V(rn);
        for (let left: number = lanes; left > 1; left /= 2) {
          const shape = { size, lanes: (left / 2) as FpShape['lanes'] };
          v = pairs(e, operation, shape, left, v, v);
        }
        e.setV(rd, v);
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
