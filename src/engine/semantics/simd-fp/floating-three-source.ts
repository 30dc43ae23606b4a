/** Arm ARM, Floating-point data-processing (3 source). */
import type { Row } from '../../decode/row.ts';
import { emitLanes, inPrecisions, named, negated, type Sized, vectorOperands } from './floating.ts';

const threeSource = (name: string, o1: 0 | 1, o0: 0 | 1): Row<Sized>[] =>
  inPrecisions(({ ptype, half, row }) => ({
    ...row,
    name: named(name, half),
    encodingClass: 'Floating-point data-processing (3 source)',
    pattern: `0 0 0 11111 ${ptype} ${o1} Rm:5 ${o0} Ra:5 Rn:5 Rd:5`,
    operands: vectorOperands,
    emit: (e, v, o) =>
      emitLanes(e, v, o, (_, shape, n, m, a) => {
        const addend = o1 === 1 ? negated(a, shape) : a;
        return e.fpLanes('madd', shape, addend, o1 !== o0 ? negated(n, shape) : n, m);
      }),
  }));

export const FLOATING_THREE_SOURCE: readonly Row<Sized>[] = [
  ...threeSource('FMADD', 0, 0),
  ...threeSource('FMSUB', 0, 1),
  ...threeSource('FNMADD', 1, 0),
  ...threeSource('FNMSUB', 1, 1),
];
