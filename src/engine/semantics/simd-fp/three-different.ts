/** Arm ARM, Advanced SIMD three different and Advanced SIMD scalar three different. */
import type { OperandFields, Row } from '../../decode/row.ts';
import { halves, highHalf, lowHalf } from '../vector.ts';
import type { Emitter } from '../emitter.ts';
import type { V128 } from '../ir.ts';
import type { LaneSize } from '../lanes.ts';
import { VECTOR } from '../operands.ts';
import { combine } from '../width.ts';
import { BHS, existing, HS, scalarName } from './arrangement.ts';
import { polynomialProduct } from './carry-less.ts';
import {
  absoluteDifference,
  add,
  bitsOf,
  everyLane,
  extend,
  multiplyLong,
  type Sign,
  sub,
  wider,
} from './lane-arithmetic.ts';
import { type Half, HALVES, narrowInto } from './narrow.ts';
import { polynomialMultiply } from './three-same.ts';
import { doublingMultiplyLong, saturatingAdd, saturatingSubtract } from './saturating.ts';

/** `size` is that of the narrow elements. */
interface Form {
  readonly size: LaneSize;
  readonly half: Half;
  /** The lowest element alone. */
  readonly scalar: boolean;
}
/** n, m: the source registers, pinned; d: the destination as it was; `wide`: twice `size`. */
interface Sources extends Form {
  readonly e: Emitter;
  readonly wide: LaneSize;
  readonly n: V128;
  readonly m: V128;
  readonly d: V128;
}
interface Instruction {
  readonly name: string;
  readonly U: 0 | 1;
  readonly opcode: string;
  readonly sizes: readonly LaneSize[];
  readonly scalar?: true;
  readonly cold?: true;
  readonly operation: (s: Sources) => V128;
}

const log2 = (size: LaneSize): number => 31 - Math.clz32(size);

/** What d is worth: all of it, or in the scalar form the wide lane that exists. */
const accumulator = (e: Emitter, o: OperandFields, { size, scalar }: Form): V128 =>
  scalar ? existing(e, o, { size: wider(size), form: 'scalar' }, e.V(o.ra)) : e.V(o.ra);
const source = (e: Emitter, o: OperandFields, { size, scalar }: Form, v: V128): V128 =>
  scalar ? existing(e, o, { size, form: 'scalar' }, v) : v;

function row(i: Instruction, scalar: boolean): Row<Form> {
  const variants: readonly Form[] = scalar
    ? i.sizes.map((size): Form => ({ size, half: 'low', scalar }))
    : combine({ size: i.sizes, half: HALVES, scalar: [false] });
  const first = log2(i.sizes[0]!);
  const prefix = scalar ? `01 ${i.U} 11110` : `0 Q:1 ${i.U} 01110`;
  const size = i.sizes.length === 1 ? '00' : 'size:2';
  return {
    name: scalar ? scalarName(i.name) : i.name,
    encodingClass: scalar ? 'Advanced SIMD scalar three different' : 'Advanced SIMD three different',
    pattern: `${prefix} ${size} 1 Rm:5 ${i.opcode} 00 Rn:5 Rd:5`,
    fp: true,
    ...(i.cold === true || scalar ? { cold: true } : {}),
    allocated: (f) => i.sizes.some((size) => log2(size) === f.size),
    variants,
    operands(f, o) {
      o.variant = scalar ? f.size - first : (f.size - first) * 2 + f.Q;
      o.rd = f.Rd;
      o.ra = f.Rd;
      o.rn = f.Rn;
      o.rm = f.Rm;
      o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.rm | VECTOR.ra;
    },
    emit(e, form, o) {
      const n = e.let(source(e, o, form, e.V(o.rn)));
      const m = e.let(source(e, o, form, e.V(o.rm)));
      const d = accumulator(e, o, form);
      e.setV(o.rd, i.operation({ ...form, e, wide: wider(form.size), n, m, d }));
    },
  };
}

/** An instruction and its unsigned twin. */
const both = (name: string, opcode: string, operation: (sign: Sign, s: Sources) => V128): Instruction[] =>
  (['s', 'u'] as const).map(
    (sign): Instruction => ({
      name: `${sign.toUpperCase()}${name}`,
      U: sign === 's' ? 0 : 1,
      opcode,
      sizes: BHS,
      operation: (s) => operation(sign, s),
    }),
  );
/** The high halves of sums or differences, perhaps rounded. */
const highNarrow = (name: string, U: 0 | 1, opcode: string, operation: typeof add): Instruction => ({
  name,
  U,
  opcode,
  sizes: BHS,
  cold: true,
  operation(s) {
    const result = operation(s.wide, s.n, s.m);
    const half = everyLane(s.wide, 1n << BigInt(bitsOf(s.size) - 1));
    return narrowInto(s.size, s.half, 'odd', U === 1 ? add(s.wide, result, half) : result, s.d);
  },
});
const doubling = (
  name: string,
  opcode: string,
  operation: (s: Sources, product: V128) => V128,
): Instruction => ({
  name,
  U: 0,
  opcode,
  sizes: HS,
  scalar: true,
  cold: true,
  operation: (s) => operation(s, doublingMultiplyLong(s.e, s.size, s.half, s.n, s.m)),
});

const extended = (s: Sources, sign: Sign, v: V128): V128 => extend(s.size, s.half, sign, v);
const product = (s: Sources, sign: Sign): V128 => multiplyLong(s.size, s.half, sign, s.n, s.m);
/** Distances are unsigned numbers of the narrow size. */
const distance = (s: Sources, sign: Sign): V128 =>
  extended(s, 'u', absoluteDifference(s.size, sign, s.n, s.m));

const INSTRUCTIONS: readonly Instruction[] = [
  ...both('ADDL', '0000', (sign, s) => add(s.wide, extended(s, sign, s.n), extended(s, sign, s.m))),
  ...both('ADDW', '0001', (sign, s) => add(s.wide, s.n, extended(s, sign, s.m))),
  ...both('SUBL', '0010', (sign, s) => sub(s.wide, extended(s, sign, s.n), extended(s, sign, s.m))),
  ...both('SUBW', '0011', (sign, s) => sub(s.wide, s.n, extended(s, sign, s.m))),
  highNarrow('ADDHN', 0, '0100', add),
  highNarrow('RADDHN', 1, '0100', add),
  ...both('ABAL', '0101', (sign, s) => add(s.wide, s.d, distance(s, sign))),
  highNarrow('SUBHN', 0, '0110', sub),
  highNarrow('RSUBHN', 1, '0110', sub),
  ...both('ABDL', '0111', (sign, s) => distance(s, sign)),
  ...both('MLAL (vector)', '1000', (sign, s) => add(s.wide, s.d, product(s, sign))),
  doubling('SQDMLAL (vector)', '1001', (s, p) => saturatingAdd(s.e, s.wide, 's', s.e.let(s.d), s.e.let(p))),
  ...both('MLSL (vector)', '1010', (sign, s) => sub(s.wide, s.d, product(s, sign))),
  doubling('SQDMLSL (vector)', '1011', (s, p) =>
    saturatingSubtract(s.e, s.wide, 's', s.e.let(s.d), s.e.let(p)),
  ),
  ...both('MULL (vector)', '1100', (sign, s) => product(s, sign)),
  doubling('SQDMULL (vector)', '1101', (_, p) => p),
  {
    name: 'PMULL (bytes)',
    U: 0,
    opcode: '1110',
    sizes: [1],
    cold: true,
    operation: (s) =>
      polynomialMultiply(s.e, 2, s.e.let(extended(s, 'u', s.n)), s.e.let(extended(s, 'u', s.m))),
  },
];

/** Feature FEAT_PMULL. */
const polynomialLong: Row<{ readonly half: Half }> = {
  name: 'PMULL (doublewords)',
  encodingClass: 'Advanced SIMD three different',
  pattern: '0 Q:1 0 01110 11 1 Rm:5 1110 00 Rn:5 Rd:5',
  feature: 'pmull',
  fp: true,
  cold: true,
  variants: combine({ half: HALVES }),
  operands(f, o) {
    o.variant = f.Q;
    o.rd = f.Rd;
    o.rn = f.Rn;
    o.rm = f.Rm;
    o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.rm;
  },
  emit(e, { half }, o) {
    const of = half === 'high' ? highHalf : lowHalf;
    const { low, high } = polynomialProduct(e, of(e.V(o.rn)), of(e.V(o.rm)));
    e.setV(o.rd, halves(low, high));
  },
};

export const THREE_DIFFERENT: readonly Row[] = [
  ...INSTRUCTIONS.map((i) => row(i, false)),
  polynomialLong,
] as readonly Row[];
export const SCALAR_THREE_DIFFERENT: readonly Row<Form>[] = INSTRUCTIONS.filter((i) => i.scalar === true).map(
  (i) => row(i, true),
);
