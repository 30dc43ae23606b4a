/** Arm ARM, Advanced SIMD two-register miscellaneous, also scalar: results half or twice as wide as the source. */
import type { Row } from '../../decode/row.ts';
import { k32 } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { V128 } from '../ir.ts';
import type { LaneSize } from '../lanes.ts';
import { VECTOR } from '../operands.ts';
import { combine } from '../width.ts';
import { BHS, existing, scalarName } from './arrangement.ts';
import { bitsOf, extend, shl, type Sign, wider } from './lane-arithmetic.ts';
import { type Half, HALVES, narrowInto } from './narrow.ts';
import { clamp } from './saturating.ts';

/** `size` is that of the narrow elements. */
interface Form {
  readonly size: LaneSize;
  readonly half: Half;
  readonly scalar: boolean;
}
const VECTOR_FORMS: readonly Form[] = combine({ size: BHS, half: HALVES, scalar: [false] });
const SCALAR_FORMS = BHS.map((size): Form => ({ size, half: 'low', scalar: true }));

type Operation = (e: Emitter, form: Form, n: V128, d: V128) => V128;

const row = (name: string, U: 0 | 1, opcode: string, scalar: boolean, operation: Operation): Row<Form> => ({
  name: scalar ? scalarName(name) : name,
  encodingClass: `Advanced SIMD ${scalar ? 'scalar ' : ''}two-register miscellaneous`,
  pattern: `${scalar ? `01 ${U} 11110` : `0 Q:1 ${U} 01110`} size:2 10000 ${opcode} 10 Rn:5 Rd:5`,
  fp: true,
  ...(scalar ? { cold: true } : {}),
  allocated: (f) => f.size < 3,
  variants: scalar ? SCALAR_FORMS : VECTOR_FORMS,
  operands(f, o) {
    o.variant = scalar ? f.size : f.size * 2 + f.Q;
    o.rd = f.Rd;
    o.ra = f.Rd;
    o.rn = f.Rn;
    o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.ra;
  },
  emit(e, form, o) {
    const n = e.V(o.rn);
    const source = scalar ? existing(e, o, { size: wider(form.size), form: 'scalar' }, n) : n;
    e.setV(o.rd, operation(e, form, source, e.V(o.ra)));
  },
});

/** Limit numbers of kind `from` to those of kind `to`, and narrow them. */
const saturating =
  (from: Sign, to: Sign): Operation =>
  (e, { size, half }, n, d) =>
    narrowInto(size, half, 'even', clamp(e, size, from, to, n), d);

const SATURATING = [
  ['SQXTUN', 1, '10010', saturating('s', 'u')],
  ['SQXTN', 0, '10100', saturating('s', 's')],
  ['UQXTN', 1, '10100', saturating('u', 'u')],
] as const;

export const TWO_REGISTER_NARROW: readonly Row<Form>[] = [
  row('XTN', 0, '10010', false, (_, { size, half }, n, d) => narrowInto(size, half, 'even', n, d)),
  row('SHLL', 1, '10011', false, (_, { size, half }, n) =>
    shl(wider(size), extend(size, half, 'u', n), k32(bitsOf(size))),
  ),
  ...SATURATING.map(([name, U, opcode, operation]) => row(name, U, opcode, false, operation)),
];
export const SCALAR_TWO_REGISTER_NARROW: readonly Row<Form>[] = SATURATING.map(
  ([name, U, opcode, operation]) => row(name, U, opcode, true, operation),
);
