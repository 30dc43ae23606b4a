/** Arm ARM, Advanced SIMD three same and Advanced SIMD scalar three same: floating point, lane by lane. */
import type { Row } from '../../decode/row.ts';
import { absolute, emitLanes, type Meaning, named, negated, operation } from './floating.ts';
import {
  allOnes,
  type Arrangement,
  arrangements,
  classOf,
  type Form,
  formPattern,
  readsDestination,
  withHalf,
} from './floating-vector.ts';

interface Encoding {
  readonly U: 0 | 1;
  /** Bit 23. */
  readonly o: 0 | 1;
  readonly opcode: string;
}

const threeSame = (
  form: Form,
  name: string,
  { U, o, opcode }: Encoding,
  meaning: Meaning,
): Row<Arrangement>[] =>
  withHalf((half) => {
    const common = arrangements(form, half);
    const tail = half ? `10 Rm:5 00 ${opcode.slice(2)} 1` : `sz:1 1 Rm:5 ${opcode} 1`;
    return {
      ...common,
      name: named(`${name} (${form})`, half),
      encodingClass: classOf(form, 'three same', half),
      pattern: formPattern(form, U, o, `${tail} Rn:5 Rd:5`),
      operands: readsDestination(common.operands),
      emit: (e, v, operands) => emitLanes(e, v, operands, meaning),
    };
  });
/** Both forms. */
const both = (name: string, encoding: Encoding, meaning: Meaning): Row<Arrangement>[] => [
  ...threeSame('vector', name, encoding, meaning),
  ...threeSame('SIMD scalar', name, encoding, meaning),
];

/** All ones where it holds. */
const relation =
  (name: 'cmeq' | 'cmge' | 'cmgt'): Meaning =>
  (e, shape, n, m) =>
    allOnes(shape, e.fpLanes(name, shape, n, m));
const absoluteRelation =
  (name: 'cmge' | 'cmgt'): Meaning =>
  (e, shape, n, m) =>
    allOnes(shape, e.fpLanes(name, shape, absolute(n, shape), absolute(m, shape)));

export const FLOATING_THREE_SAME: readonly Row<Arrangement>[] = [
  ...threeSame('vector', 'FMAXNM', { U: 0, o: 0, opcode: '11000' }, operation('maxnm')),
  ...threeSame('vector', 'FMLA', { U: 0, o: 0, opcode: '11001' }, (e, shape, n, m, d) =>
    e.fpLanes('madd', shape, d, n, m),
  ),
  ...threeSame('vector', 'FADD', { U: 0, o: 0, opcode: '11010' }, operation('add')),
  ...threeSame('vector', 'FMAX', { U: 0, o: 0, opcode: '11110' }, operation('max')),
  ...threeSame('vector', 'FMINNM', { U: 0, o: 1, opcode: '11000' }, operation('minnm')),
  ...threeSame('vector', 'FMLS', { U: 0, o: 1, opcode: '11001' }, (e, shape, n, m, d) =>
    e.fpLanes('madd', shape, d, negated(n, shape), m),
  ),
  ...threeSame('vector', 'FSUB', { U: 0, o: 1, opcode: '11010' }, operation('sub')),
  ...threeSame('vector', 'FMIN', { U: 0, o: 1, opcode: '11110' }, operation('min')),
  ...threeSame('vector', 'FMUL', { U: 1, o: 0, opcode: '11011' }, operation('mul')),
  ...threeSame('vector', 'FDIV', { U: 1, o: 0, opcode: '11111' }, operation('div')),
  ...both('FMULX', { U: 0, o: 0, opcode: '11011' }, operation('mulx')),
  ...both('FRECPS', { U: 0, o: 0, opcode: '11111' }, operation('recps')),
  ...both('FRSQRTS', { U: 0, o: 1, opcode: '11111' }, operation('rsqrts')),
  ...both('FABD', { U: 1, o: 1, opcode: '11010' }, (e, shape, n, m) =>
    absolute(e.fpLanes('sub', shape, n, m), shape),
  ),
  ...both('FCMEQ', { U: 0, o: 0, opcode: '11100' }, relation('cmeq')),
  ...both('FCMGE', { U: 1, o: 0, opcode: '11100' }, relation('cmge')),
  ...both('FCMGT', { U: 1, o: 1, opcode: '11100' }, relation('cmgt')),
  ...both('FACGE', { U: 1, o: 0, opcode: '11101' }, absoluteRelation('cmge')),
  ...both('FACGT', { U: 1, o: 1, opcode: '11101' }, absoluteRelation('cmgt')),
];
