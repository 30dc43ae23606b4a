/**
 * Arm ARM, Advanced SIMD shift by immediate and Advanced SIMD scalar shift by immediate: results half or twice as wide
 * as the source.
 */
import type { Row } from '../../decode/row.ts';
import { wrap } from '../build.ts';
import type { LaneSize } from '../lanes.ts';
import { setImm, VECTOR } from '../operands.ts';
import { combine } from '../width.ts';
import { BHS, existing, scalarName } from './arrangement.ts';
import { extend, shl, type Sign, wider } from './lane-arithmetic.ts';
import { type Half, HALVES, narrowInto } from './narrow.ts';
import { clamp } from './saturating.ts';
import { elementOf, leftCount, rightCount, shiftRight } from './shift-immediate.ts';

/** `size` is that of the narrow elements. */
interface Form {
  readonly size: LaneSize;
  readonly half: Half;
  readonly scalar: boolean;
}
const VECTOR_FORMS: readonly Form[] = combine({ size: BHS, half: HALVES, scalar: [false] });
const SCALAR_FORMS: readonly Form[] = combine({ size: BHS, half: HALVES, scalar: [true] }).filter(
  ({ half }) => half === 'low',
);

type Frame = Omit<Row<Form>, 'emit'>;
const frame = (
  name: string,
  U: 0 | 1,
  opcode: string,
  scalar: boolean,
  count: typeof leftCount,
  cold: boolean,
): Frame => ({
  name: scalar ? scalarName(name) : name,
  encodingClass: `Advanced SIMD ${scalar ? 'scalar ' : ''}shift by immediate`,
  pattern: `${scalar ? `01 ${U} 111110` : `0 Q:1 ${U} 011110`} immh:4 immb:3 ${opcode} 1 Rn:5 Rd:5`,
  fp: true,
  ...(cold ? { cold } : {}),
  allocated: (f) => f.immh !== 0 && f.immh < 8,
  variants: scalar ? SCALAR_FORMS : VECTOR_FORMS,
  operands(f, o) {
    o.variant = scalar ? elementOf(f) : elementOf(f) * 2 + f.Q;
    setImm(o, count(f));
    o.rd = f.Rd;
    o.ra = f.Rd;
    o.rn = f.Rn;
    o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.ra;
  },
});

interface Narrowing {
  readonly name: string;
  readonly U: 0 | 1;
  readonly opcode: string;
  readonly rounding: boolean;
  /** What the wide numbers are, and what they become; absent: their low bits are taken. */
  readonly saturates?: readonly [from: Sign, to: Sign];
}
const NARROWING: readonly Narrowing[] = [
  { name: 'SHRN', U: 0, opcode: '10000', rounding: false },
  { name: 'RSHRN', U: 0, opcode: '10001', rounding: true },
  { name: 'SQSHRUN', U: 1, opcode: '10000', rounding: false, saturates: ['s', 'u'] },
  { name: 'SQRSHRUN', U: 1, opcode: '10001', rounding: true, saturates: ['s', 'u'] },
  { name: 'SQSHRN', U: 0, opcode: '10010', rounding: false, saturates: ['s', 's'] },
  { name: 'SQRSHRN', U: 0, opcode: '10011', rounding: true, saturates: ['s', 's'] },
  { name: 'UQSHRN', U: 1, opcode: '10010', rounding: false, saturates: ['u', 'u'] },
  { name: 'UQRSHRN', U: 1, opcode: '10011', rounding: true, saturates: ['u', 'u'] },
];

const narrowing = ({ name, U, opcode, rounding, saturates }: Narrowing, scalar: boolean): Row<Form> => ({
  ...frame(name, U, opcode, scalar, (f) => rightCount(f) - 1, scalar || saturates !== undefined),
  emit(e, { size, half }, o) {
    const wide = wider(size);
    const n = scalar ? existing(e, o, { size: wide, form: 'scalar' }, e.V(o.rn)) : e.V(o.rn);
    const [from, to] = saturates ?? ['u', 'u'];
    const shifted = shiftRight(e, wide, from, rounding, n, wrap(e.imm(o.imm)));
    const result = saturates === undefined ? shifted : clamp(e, size, from, to, shifted);
    e.setV(o.rd, narrowInto(size, half, 'even', result, e.V(o.ra)));
  },
});

const lengthening = (name: string, U: 0 | 1, sign: Sign): Row<Form> => ({
  ...frame(name, U, '10100', false, leftCount, false),
  emit: (e, { size, half }, o) =>
    e.setV(o.rd, shl(wider(size), extend(size, half, sign, e.V(o.rn)), wrap(e.imm(o.imm)))),
});

export const SHIFT_IMMEDIATE_NARROW: readonly Row<Form>[] = [
  ...NARROWING.map((n) => narrowing(n, false)),
  lengthening('SSHLL', 0, 's'),
  lengthening('USHLL', 1, 'u'),
];
export const SCALAR_SHIFT_IMMEDIATE_NARROW: readonly Row<Form>[] = NARROWING.filter(
  ({ saturates }) => saturates !== undefined,
).map((n) => narrowing(n, true));
