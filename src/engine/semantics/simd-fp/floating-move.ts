/** FMOV between registers: Floating-point data-processing (1 source), Conversion between floating-point and integer. */
import type { Row } from '../../decode/row.ts';
import type { FpSize } from '../../fp/format.ts';
import { onlyLanes } from './floating.ts';
import { bin, extu, k64, wrap } from '../build.ts';
import type { I64 } from '../ir.ts';
import { destination, VECTOR } from '../operands.ts';
import { halves, highHalf, lowHalf, scalar } from '../vector.ts';

const FP16 = { feature: 'fp16' } as const;
const lowHalfword = (v: I64): I64 => bin('and', v, k64(0xffff));

const registerMove = (
  name: string,
  ptype: string,
  size: FpSize,
  presence: Pick<Row, 'feature'> = {},
): Row => ({
  ...presence,
  name,
  encodingClass: 'Floating-point data-processing (1 source)',
  pattern: `0 0 0 11110 ${ptype} 1 0000 00 10000 Rn:5 Rd:5`,
  fp: true,
  variants: [{}],
  operands(f, o) {
    o.rd = f.Rd;
    o.rn = f.Rn;
    o.vectorMask = VECTOR.rd | VECTOR.rn;
  },
  emit: (e, _, o) => e.setV(o.rd, onlyLanes(e.V(o.rn), { size, lanes: 1 })),
});

/** `ra` is Vd as it was, for the form that keeps its lower half. */
const generalMove = (
  name: string,
  bits: string,
  direction: 'to' | 'from',
  emit: Row['emit'],
  presence: Pick<Row, 'feature'> = {},
): Row => ({
  ...presence,
  name,
  encodingClass: 'Conversion between floating-point and integer',
  pattern: `${bits} 000000 Rn:5 Rd:5`,
  fp: true,
  variants: [{}],
  operands(f, o) {
    o.rd = direction === 'to' ? f.Rd : destination(f.Rd);
    o.ra = f.Rd;
    o.rn = f.Rn;
    o.vectorMask = direction === 'to' ? VECTOR.rd | VECTOR.ra : VECTOR.rn;
  },
  emit,
});

export const FLOATING_MOVE: readonly Row[] = [
  registerMove('FMOV (register, single)', '00', 32),
  registerMove('FMOV (register, double)', '01', 64),
  registerMove('FMOV (register, half)', '11', 16, FP16),
  generalMove(
    'FMOV (half to general)',
    'sf:1 0 0 11110 11 1 00 110',
    'from',
    (e, _, o) => e.setX(o.rd, lowHalfword(lowHalf(e.V(o.rn)))),
    FP16,
  ),
  generalMove(
    'FMOV (general to half)',
    'sf:1 0 0 11110 11 1 00 111',
    'to',
    (e, _, o) => e.setV(o.rd, scalar(lowHalfword(e.X(o.rn)))),
    FP16,
  ),
  generalMove('FMOV (single to 32-bit)', '0 0 0 11110 00 1 00 110', 'from', (e, _, o) =>
    e.setW(o.rd, wrap(lowHalf(e.V(o.rn)))),
  ),
  generalMove('FMOV (32-bit to single)', '0 0 0 11110 00 1 00 111', 'to', (e, _, o) =>
    e.setV(o.rd, scalar(extu(e.W(o.rn)))),
  ),
  generalMove('FMOV (double to 64-bit)', '1 0 0 11110 01 1 00 110', 'from', (e, _, o) =>
    e.setX(o.rd, lowHalf(e.V(o.rn))),
  ),
  generalMove('FMOV (64-bit to double)', '1 0 0 11110 01 1 00 111', 'to', (e, _, o) =>
    e.setV(o.rd, scalar(e.X(o.rn))),
  ),
  generalMove('FMOV (top half to 64-bit)', '1 0 0 11110 10 1 01 110', 'from', (e, _, o) =>
    e.setX(o.rd, highHalf(e.V(o.rn))),
  ),
  generalMove('FMOV (64-bit to top half)', '1 0 0 11110 10 1 01 111', 'to', (e, _, o) =>
    e.setV(o.rd, halves(lowHalf(e.V(o.ra)), e.X(o.rn))),
  ),
];
