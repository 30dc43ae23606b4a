/** Arm ARM, Advanced SIMD three same: the bitwise instructions. */
import type { Row } from '../../decode/row.ts';
import { vec } from '../build.ts';
import type { V128 } from '../ir.ts';
import { VECTOR } from '../operands.ts';
import { setVector } from '../vector.ts';

/** n, m: the source registers; d: the destination as it was. */
type Operation = (n: V128, m: V128, d: V128) => V128;

const bitwise = (
  name: string,
  U: 0 | 1,
  size: string,
  operation: Operation,
): Row<{ readonly full: boolean }> => ({
  name: `${name} (vector)`,
  encodingClass: 'Advanced SIMD three same',
  pattern: `0 Q:1 ${U} 01110 ${size} 1 Rm:5 00011 1 Rn:5 Rd:5`,
  fp: true,
  variants: [{ full: false }, { full: true }],
  operands(f, o) {
    o.variant = f.Q;
    o.rd = f.Rd;
    o.ra = f.Rd;
    o.rn = f.Rn;
    o.rm = f.Rm;
    o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.rm | VECTOR.ra;
  },
  emit: (e, { full }, o) => setVector(e, full, o.rd, operation(e.V(o.rn), e.V(o.rm), e.V(o.ra))),
});

export const THREE_SAME_LOGICAL: readonly Row<{ readonly full: boolean }>[] = [
  bitwise('AND', 0, '00', (n, m) => vec('and', n, m)),
  bitwise('BIC', 0, '01', (n, m) => vec('andnot', n, m)),
  bitwise('ORR', 0, '10', (n, m) => vec('or', n, m)),
  bitwise('ORN', 0, '11', (n, m) => vec('or', n, vec('not', m))),
  bitwise('EOR', 1, '00', (n, m) => vec('xor', n, m)),
  bitwise('BSL', 1, '01', (n, m, d) => vec('or', vec('and', n, d), vec('andnot', m, d))),
  bitwise('BIT', 1, '10', (n, m, d) => vec('or', vec('and', n, m), vec('andnot', d, m))),
  bitwise('BIF', 1, '11', (n, m, d) => vec('or', vec('and', d, m), vec('andnot', n, m))),
];
