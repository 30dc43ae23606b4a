/** Arm ARM, Logical (immediate). */
import type { Row } from '../../decode/row.ts';
import { LOGICAL, type Logical, logical } from '../logical.ts';
import { destination, orStackPointer, setImm } from '../operands.ts';
import { immediate, register, type Width, WIDTHS } from '../width.ts';
import { decodeBitMasks } from './bit-masks.ts';

const logicalImmediate = (operation: Logical): Row<Width> => ({
  name: `${operation.mnemonic} (immediate)`,
  encodingClass: 'Logical (immediate)',
  pattern: `sf:1 ${operation.opc} 100100 N:1 immr:6 imms:6 Rn:5 Rd:5`,
  allocated: (f) => f.N <= f.sf && decodeBitMasks(f.N, f.imms, f.immr) !== undefined,
  variants: WIDTHS,
  operands(f, o) {
    o.variant = f.sf;
    o.rd = operation.flags ? destination(f.Rd) : orStackPointer(f.Rd);
    o.rn = f.Rn;
    const mask = decodeBitMasks(f.N, f.imms, f.immr)!;
    setImm(o, mask.lo, f.sf === 1 ? mask.hi : 0);
  },
  emit: (e, { wide }, o) =>
    logical(e, wide, operation, o.rd, register(e, wide, o.rn), immediate(e, wide, o.imm)),
});

export const LOGICAL_IMMEDIATE: readonly Row<Width>[] = LOGICAL.map(logicalImmediate);
