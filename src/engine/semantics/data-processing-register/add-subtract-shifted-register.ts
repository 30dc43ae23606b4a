/** Arm ARM, Add/subtract (shifted register). */
import type { Row } from '../../decode/row.ts';
import { ADD_SUB, type AddSub, addSubtract } from '../add-subtract.ts';
import { destination, setImm } from '../operands.ts';
import { combine, register, type Width } from '../width.ts';
import { type Shift, shifted } from './shifted-operand.ts';

interface Variant extends Width {
  readonly shift: Shift;
}
const SHIFTS = ['none', 'shl', 'shr', 'sar'] as const;
const FORMS: readonly Variant[] = combine({ wide: [false, true], shift: SHIFTS });

const addSubtractShifted = (operation: AddSub): Row<Variant> => ({
  name: `${operation.mnemonic} (shifted register)`,
  encodingClass: 'Add/subtract (shifted register)',
  pattern: `sf:1 ${operation.bits} 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5`,
  allocated: (f) => f.shift !== 3 && (f.sf === 1 || f.imm6 < 32),
  variants: FORMS,
  operands(f, o) {
    o.variant = f.sf * SHIFTS.length + (f.imm6 === 0 ? 0 : 1 + f.shift);
    o.rd = destination(f.Rd);
    o.rn = f.Rn;
    o.rm = f.Rm;
    setImm(o, f.imm6);
  },
  emit: (e, { wide, shift }, o) =>
    addSubtract(e, wide, operation, o.rd, register(e, wide, o.rn), shifted(e, wide, shift, o)),
});

export const ADD_SUBTRACT_SHIFTED_REGISTER: readonly Row<Variant>[] = ADD_SUB.map(addSubtractShifted);
