/** Arm ARM, Logical (shifted register). */
import type { Row } from '../../decode/row.ts';
import { not } from '../build.ts';
import { LOGICAL, type Logical, logical } from '../logical.ts';
import { destination, setImm } from '../operands.ts';
import { combine, register, setRegister, type Width } from '../width.ts';
import { SHIFTS, type Shift, shifted } from './shifted-operand.ts';

interface Variant extends Width {
  /** 'move': the first operand is the zero register, as in MOV (register). */
  readonly shift: Shift | 'move';
}
const FORMS: readonly Variant[] = combine({ wide: [false, true], shift: SHIFTS });
const ORR_FORMS: readonly Variant[] = [
  ...FORMS,
  ...combine({ wide: [false, true], shift: ['move'] as const }),
];

const logicalShifted = (operation: Logical, invert: boolean): Row<Variant> => ({
  name: `${invert ? operation.inverted : operation.mnemonic} (shifted register)`,
  encodingClass: 'Logical (shifted register)',
  pattern: `sf:1 ${operation.opc} 01010 shift:2 ${invert ? 1 : 0} Rm:5 imm6:6 Rn:5 Rd:5`,
  allocated: (f) => f.sf === 1 || f.imm6 < 32,
  variants: operation.op === 'or' && !invert ? ORR_FORMS : FORMS,
  operands(f, o) {
    const moves = operation.op === 'or' && !invert && f.imm6 === 0 && f.Rn === 31;
    if (moves) o.variant = FORMS.length + f.sf;
    else o.variant = f.sf * SHIFTS.length + (f.imm6 === 0 ? 0 : 1 + f.shift);
    o.rd = destination(f.Rd);
    o.rn = f.Rn;
    o.rm = f.Rm;
    setImm(o, f.imm6);
  },
  emit(e, { wide, shift }, o) {
    if (shift === 'move') return setRegister(e, wide, o.rd, register(e, wide, o.rm));
    const operand = shifted(e, wide, shift, o);
    logical(e, wide, operation, o.rd, register(e, wide, o.rn), invert ? not(operand) : operand);
  },
});

export const LOGICAL_SHIFTED_REGISTER: readonly Row<Variant>[] = LOGICAL.flatMap((operation) => [
  logicalShifted(operation, false),
  logicalShifted(operation, true),
]);
