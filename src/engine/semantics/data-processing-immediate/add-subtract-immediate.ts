/** Arm ARM, Add/subtract (immediate). */
import type { Row } from '../../decode/row.ts';
import { ADD_SUB, type AddSub, addSubtract } from '../add-subtract.ts';
import { destination, orStackPointer, setImm } from '../operands.ts';
import { immediate, register, type Width, WIDTHS } from '../width.ts';

const addSubtractImmediate = (operation: AddSub): Row<Width> => ({
  name: `${operation.mnemonic} (immediate)`,
  encodingClass: 'Add/subtract (immediate)',
  pattern: `sf:1 ${operation.bits} 100010 sh:1 imm12:12 Rn:5 Rd:5`,
  variants: WIDTHS,
  operands(f, o) {
    o.variant = f.sf;
    o.rd = operation.flags ? destination(f.Rd) : orStackPointer(f.Rd);
    o.rn = orStackPointer(f.Rn);
    setImm(o, f.sh === 1 ? f.imm12 << 12 : f.imm12);
  },
  emit: (e, { wide }, o) =>
    addSubtract(e, wide, operation, o.rd, register(e, wide, o.rn), immediate(e, wide, o.imm)),
});

export const ADD_SUBTRACT_IMMEDIATE: readonly Row<Width>[] = ADD_SUB.map(addSubtractImmediate);
