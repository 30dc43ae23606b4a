/** Arm ARM, Floating-point data-processing (2 source). */
import type { Row } from '../../decode/row.ts';
import {
  emitLanes,
  inPrecisions,
  type Meaning,
  named,
  negated,
  operation,
  type Sized,
  vectorOperands,
} from './floating.ts';

const twoSource = (name: string, opcode: string, meaning: Meaning): Row<Sized>[] =>
  inPrecisions(({ ptype, half, row }) => ({
    ...row,
    name: named(`${name} (scalar)`, half),
    encodingClass: 'Floating-point data-processing (2 source)',
    pattern: `0 0 0 11110 ${ptype} 1 Rm:5 ${opcode} 10 Rn:5 Rd:5`,
    operands: vectorOperands,
    emit: (e, v, o) => emitLanes(e, v, o, meaning),
  }));

export const FLOATING_TWO_SOURCE: readonly Row<Sized>[] = [
  ...twoSource('FMUL', '0000', operation('mul')),
  ...twoSource('FDIV', '0001', operation('div')),
  ...twoSource('FADD', '0010', operation('add')),
  ...twoSource('FSUB', '0011', operation('sub')),
  ...twoSource('FMAX', '0100', operation('max')),
  ...twoSource('FMIN', '0101', operation('min')),
  ...twoSource('FMAXNM', '0110', operation('maxnm')),
  ...twoSource('FMINNM', '0111', operation('minnm')),
  ...twoSource('FNMUL', '1000', (e, shape, n, m) => negated(e.fpLanes('mul', shape, n, m), shape)),
];
