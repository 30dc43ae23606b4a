/**
 * Arm ARM, Conversion between floating-point and integer, and between floating-point and fixed-point: all but FMOV
 * (floating-move.ts).
 */
import type { Fields, Operands, Row } from '../../decode/row.ts';
import type { FpSize } from '../../fp/format.ts';
import type { FpOperation, RoundingLetter } from '../../fp/operation.ts';
import { extu, k64, wrap } from '../build.ts';
import type { Emitter, ImmediateField } from '../emitter.ts';
import type { I64 } from '../ir.ts';
import { destination, setImm, VECTOR } from '../operands.ts';
import { combine } from '../width.ts';
import { inPrecisions, named, type Precision, readScalar, writeScalar } from './floating.ts';

interface Form {
  /** The general register has 64 bits. */
  readonly wide: boolean;
  readonly size: FpSize;
}
const WIDTHS = [false, true] as const;
const FORMS: readonly Form[] = combine({ wide: WIDTHS, size: [32, 64] as const });
const HALF_FORMS: readonly Form[] = combine({ wide: WIDTHS, size: [16] as const });
/** The rows of a conversion. */
const forms = (make: (p: Precision) => Omit<Row<Form>, 'variants'>): Row<Form>[] =>
  inPrecisions((p) => ({ ...p.row, ...make(p), variants: p.half ? HALF_FORMS : FORMS }));
type Signedness = 's' | 'u';
type Bits = 32 | 64;

/** The point in a general register: imm is the number of fraction bits, except for integers. */
type Kind = 'integer' | 'fixed-point';
const CLASS = {
  integer: 'Conversion between floating-point and integer',
  'fixed-point': 'Conversion between floating-point and fixed-point',
} as const;
const patternOf = (kind: Kind, code: string, ptype: string): string =>
  kind === 'integer'
    ? `sf:1 0 0 11110 ${ptype} 1 ${code} 000000 Rn:5 Rd:5`
    : `sf:1 0 0 11110 ${ptype} 0 ${code} scale:6 Rn:5 Rd:5`;
const allocatedIn = (kind: Kind): Pick<Row, 'allocated'> =>
  kind === 'integer' ? {} : { allocated: (f) => f.sf === 1 || f.scale >= 32 };
const fractionBits = (e: Emitter, kind: Kind, imm: ImmediateField): I64 =>
  kind === 'integer' ? k64(0) : e.imm(imm);
const suffix = (kind: Kind): string => `(scalar, ${kind})`;

function setOperands(f: Fields, o: Operands, direction: 'to' | 'from', half: boolean): void {
  o.variant = half ? f.sf : f.sf * 2 + f.sz;
  o.rd = direction === 'to' ? destination(f.Rd) : f.Rd;
  o.rn = f.Rn;
  o.vectorMask = direction === 'to' ? VECTOR.rn : VECTOR.rd;
  setImm(o, 64 - f.scale);
}

const toGeneral = (
  kind: Kind,
  name: string,
  code: string,
  letter: RoundingLetter,
  sign: Signedness,
): Row<Form>[] =>
  forms(({ ptype, half }) => ({
    name: named(`${name} ${suffix(kind)}`, half),
    encodingClass: CLASS[kind],
    pattern: patternOf(kind, code, ptype),
    ...allocatedIn(kind),
    operands: (f, o) => setOperands(f, o, 'to', half),
    emit(e, { wide, size }, o) {
      const bits: Bits = wide ? 64 : 32;
      const operation: FpOperation = `cvt${letter}${sign}${bits}`;
      const value = e.fp(operation, size, readScalar(e, o.rn, size), fractionBits(e, kind, o.imm));
      if (wide) e.setX(o.rd, value);
      else e.setW(o.rd, wrap(value));
    },
  }));

const fromGeneral = (kind: Kind, name: string, code: string, sign: Signedness): Row<Form>[] =>
  forms(({ ptype, half }) => ({
    name: named(`${name} ${suffix(kind)}`, half),
    encodingClass: CLASS[kind],
    pattern: patternOf(kind, code, ptype),
    ...allocatedIn(kind),
    operands: (f, o) => setOperands(f, o, 'from', half),
    emit(e, { wide, size }, o) {
      const bits: Bits = wide ? 64 : 32;
      const operation: FpOperation = `${sign}cvtf${bits}`;
      const value = wide ? e.X(o.rn) : extu(e.W(o.rn));
      writeScalar(e, o.rd, e.fp(operation, size, value, fractionBits(e, kind, o.imm)));
    },
  }));

export const FLOATING_INTEGER: readonly Row<Form>[] = [
  ...toGeneral('integer', 'FCVTNS', '00 000', 'n', 's'),
  ...toGeneral('integer', 'FCVTNU', '00 001', 'n', 'u'),
  ...toGeneral('integer', 'FCVTAS', '00 100', 'a', 's'),
  ...toGeneral('integer', 'FCVTAU', '00 101', 'a', 'u'),
  ...toGeneral('integer', 'FCVTPS', '01 000', 'p', 's'),
  ...toGeneral('integer', 'FCVTPU', '01 001', 'p', 'u'),
  ...toGeneral('integer', 'FCVTMS', '10 000', 'm', 's'),
  ...toGeneral('integer', 'FCVTMU', '10 001', 'm', 'u'),
  ...toGeneral('integer', 'FCVTZS', '11 000', 'z', 's'),
  ...toGeneral('integer', 'FCVTZU', '11 001', 'z', 'u'),
  ...fromGeneral('integer', 'SCVTF', '00 010', 's'),
  ...fromGeneral('integer', 'UCVTF', '00 011', 'u'),
  ...toGeneral('fixed-point', 'FCVTZS', '11 000', 'z', 's'),
  ...toGeneral('fixed-point', 'FCVTZU', '11 001', 'z', 'u'),
  ...fromGeneral('fixed-point', 'SCVTF', '00 010', 's'),
  ...fromGeneral('fixed-point', 'UCVTF', '00 011', 'u'),
];
