/** Arm ARM, Add/subtract (extended register). */
import type { Row } from '../../decode/row.ts';
import { ADD_SUB, type AddSub, addSubtract } from '../add-subtract.ts';
import { bin, wrap } from '../build.ts';
import { EXTENDS, type Extend, extended } from '../extend.ts';
import { destination, orStackPointer, setImm } from '../operands.ts';
import { combine, register, type Width } from '../width.ts';

interface Variant extends Width {
  readonly extend: Extend;
}
const FORMS: readonly Variant[] = combine({ wide: [false, true], extend: EXTENDS });

const addSubtractExtended = (operation: AddSub): Row<Variant> => ({
  name: `${operation.mnemonic} (extended register)`,
  encodingClass: 'Add/subtract (extended register)',
  pattern: `sf:1 ${operation.bits} 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5`,
  allocated: (f) => f.imm3 <= 4,
  variants: FORMS,
  operands(f, o) {
    o.variant = f.sf * EXTENDS.length + f.option;
    o.rd = operation.flags ? destination(f.Rd) : orStackPointer(f.Rd);
    o.rn = orStackPointer(f.Rn);
    o.rm = f.Rm;
    setImm(o, f.imm3);
  },
  emit(e, { wide, extend }, o) {
    const operand = bin('shl', extended(e, extend, o.rm), e.imm(o.imm));
    addSubtract(e, wide, operation, o.rd, register(e, wide, o.rn), wide ? operand : wrap(operand));
  },
});

export const ADD_SUBTRACT_EXTENDED_REGISTER: readonly Row<Variant>[] = ADD_SUB.map(addSubtractExtended);
