/** Arm ARM, Conditional select. */
import type { Row } from '../../decode/row.ts';
import { bin, neg, not, sel } from '../build.ts';
import type { Val } from '../ir.ts';
import { destination } from '../operands.ts';
import { constant, type Int, register, setRegister, type Width, WIDTHS } from '../width.ts';

const conditionalSelect = (
  name: string,
  op: string,
  op2: string,
  otherwise: (v: Val<Int>, wide: boolean) => Val<Int>,
): Row<Width> => ({
  name,
  encodingClass: 'Conditional select',
  pattern: `sf:1 ${op} 0 11010100 Rm:5 cond:4 ${op2} Rn:5 Rd:5`,
  variants: WIDTHS,
  operands(f, o) {
    o.variant = f.sf;
    o.rd = destination(f.Rd);
    o.rn = f.Rn;
    o.rm = f.Rm;
    o.cond = f.cond;
  },
  emit(e, { wide }, o) {
    const second = otherwise(register(e, wide, o.rm), wide);
    setRegister(e, wide, o.rd, sel(e.condition(o.cond), register(e, wide, o.rn), second));
  },
});

export const CONDITIONAL_SELECT: readonly Row<Width>[] = [
  conditionalSelect('CSEL', '0', '00', (v) => v),
  conditionalSelect('CSINC', '0', '01', (v, wide) => bin('add', v, constant(wide, 1))),
  conditionalSelect('CSINV', '1', '00', not),
  conditionalSelect('CSNEG', '1', '01', neg),
];
