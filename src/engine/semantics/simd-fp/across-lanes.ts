/** Arm ARM, Advanced SIMD across lanes and Advanced SIMD scalar pairwise: integers. */
import type { Row } from '../../decode/row.ts';
import { bin } from '../build.ts';
import type { V128 } from '../ir.ts';
import type { LaneSize } from '../lanes.ts';
import { VECTOR } from '../operands.ts';
import { highHalf, lowHalf, scalar } from '../vector.ts';
import { existing } from './arrangement.ts';
import { add, addPairsLong, fold, maximum, minimum, type Sign, wider } from './lane-arithmetic.ts';

interface Form {
  readonly size: LaneSize;
  readonly span: 8 | 16;
}
/** Two words are no vector here. */
const FORMS: readonly Form[] = [
  { size: 1, span: 8 },
  { size: 1, span: 16 },
  { size: 2, span: 8 },
  { size: 2, span: 16 },
  { size: 4, span: 16 },
];

interface Instruction {
  readonly name: string;
  readonly U: 0 | 1;
  readonly opcode: string;
  /** Sums are twice as wide as the elements. */
  readonly long?: Sign;
  readonly combine: (size: LaneSize, a: V128, b: V128) => V128;
}
const INSTRUCTIONS: readonly Instruction[] = [
  { name: 'SADDLV', U: 0, opcode: '00011', long: 's', combine: add },
  { name: 'UADDLV', U: 1, opcode: '00011', long: 'u', combine: add },
  { name: 'SMAXV', U: 0, opcode: '01010', combine: (size, a, b) => maximum(size, 's', a, b) },
  { name: 'UMAXV', U: 1, opcode: '01010', combine: (size, a, b) => maximum(size, 'u', a, b) },
  { name: 'SMINV', U: 0, opcode: '11010', combine: (size, a, b) => minimum(size, 's', a, b) },
  { name: 'UMINV', U: 1, opcode: '11010', combine: (size, a, b) => minimum(size, 'u', a, b) },
  { name: 'ADDV', U: 0, opcode: '11011', combine: add },
];

const row = ({ name, U, opcode, long, combine }: Instruction): Row<Form> => ({
  name,
  encodingClass: 'Advanced SIMD across lanes',
  pattern: `0 Q:1 ${U} 01110 size:2 11000 ${opcode} 10 Rn:5 Rd:5`,
  fp: true,
  allocated: (f) => f.size < 2 || (f.size === 2 && f.Q === 1),
  variants: FORMS,
  operands(f, o) {
    o.variant = f.size === 2 ? 4 : f.size * 2 + f.Q;
    o.rd = f.Rd;
    o.rn = f.Rn;
    o.vectorMask = VECTOR.rd | VECTOR.rn;
  },
  emit(e, { size, span }, o) {
    const n = e.V(o.rn);
    const width = long === undefined ? size : wider(size);
    const elements = long === undefined ? n : addPairsLong(e, size, long, n);
    const all = fold(e, width, span, (a, b) => combine(width, a, b), elements);
    e.setV(o.rd, existing(e, o, { size: width, form: 'scalar' }, all));
  },
});

const addPair: Row = {
  name: 'ADDP (scalar)',
  encodingClass: 'Advanced SIMD scalar pairwise',
  pattern: '01 0 11110 11 11000 11011 10 Rn:5 Rd:5',
  fp: true,
  variants: [{}],
  operands(f, o) {
    o.rd = f.Rd;
    o.rn = f.Rn;
    o.vectorMask = VECTOR.rd | VECTOR.rn;
  },
  emit(e, _, o) {
    const n = e.let(e.V(o.rn));
    e.setV(o.rd, scalar(bin('add', lowHalf(n), highHalf(n))));
  },
};

export const ACROSS_LANES_INTEGER: readonly Row<Form>[] = INSTRUCTIONS.map(row);
export const SCALAR_PAIRWISE_INTEGER: readonly Row[] = [addPair];
