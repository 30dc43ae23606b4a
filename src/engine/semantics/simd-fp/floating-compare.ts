/** Arm ARM, Floating-point compare, Floating-point conditional compare, Floating-point conditional select. */
import type { Row } from '../../decode/row.ts';
import { k64, sel, wrap } from '../build.ts';
import { setImm } from '../operands.ts';
import { inPrecisions, named, readScalar, type Sized, vectorOperands, writeScalar } from './floating.ts';

type Operation = 'cmp' | 'cmpe';

const compare = (name: string, opcode2: string, operation: Operation, zero: boolean): Row<Sized>[] =>
  inPrecisions(({ ptype, half, row }) => ({
    ...row,
    name: named(name, half),
    encodingClass: 'Floating-point compare',
    // Rm is should-be-zero and ignored in the form with zero.
    pattern: `0 0 0 11110 ${ptype} 1 Rm:5 00 1000 Rn:5 ${opcode2} 000`,
    operands: vectorOperands,
    emit(e, { size }, o) {
      const m = zero ? k64(0) : readScalar(e, o.rm, size);
      e.fpCompare(operation, size, readScalar(e, o.rn, size), m);
    },
  }));

/** imm: NZCV when the condition fails. The numbers are compared, and raise, only when it holds. */
const conditionalCompare = (name: string, op: 0 | 1, operation: Operation): Row<Sized>[] =>
  inPrecisions(({ ptype, half, row }) => ({
    ...row,
    name: named(name, half),
    encodingClass: 'Floating-point conditional compare',
    pattern: `0 0 0 11110 ${ptype} 1 Rm:5 cond:4 01 Rn:5 ${op} nzcv:4`,
    operands(f, o, pcLo, pcHi) {
      vectorOperands(f, o, pcLo, pcHi);
      o.cond = f.cond;
      setImm(o, f.nzcv);
    },
    emit(e, { size }, o) {
      e.if(
        e.condition(o.cond),
        () => e.fpCompare(operation, size, readScalar(e, o.rn, size), readScalar(e, o.rm, size)),
        () => e.setNzcv(wrap(e.imm(o.imm))),
      );
    },
  }));

const conditionalSelect = inPrecisions<Sized>(({ ptype, half, row }) => ({
  ...row,
  name: named('FCSEL', half),
  encodingClass: 'Floating-point conditional select',
  pattern: `0 0 0 11110 ${ptype} 1 Rm:5 cond:4 11 Rn:5 Rd:5`,
  operands(f, o, pcLo, pcHi) {
    vectorOperands(f, o, pcLo, pcHi);
    o.cond = f.cond;
  },
  emit(e, { size }, o) {
    const chosen = sel(e.condition(o.cond), readScalar(e, o.rn, size), readScalar(e, o.rm, size));
    writeScalar(e, o.rd, chosen);
  },
}));

export const FLOATING_COMPARE: readonly Row<Sized>[] = [
  ...compare('FCMP', '00', 'cmp', false),
  ...compare('FCMP (zero)', '01', 'cmp', true),
  ...compare('FCMPE', '10', 'cmpe', false),
  ...compare('FCMPE (zero)', '11', 'cmpe', true),
  ...conditionalCompare('FCCMP', 0, 'cmp'),
  ...conditionalCompare('FCCMPE', 1, 'cmpe'),
  ...conditionalSelect,
];
