/** Arm ARM, Conditional compare (register) and (immediate). */
import type { Row } from '../../decode/row.ts';
import { wrap } from '../build.ts';
import { setImm, setImm2 } from '../operands.ts';
import { immediate, register, setFlagsIf, type Width, WIDTHS } from '../width.ts';

/** imm: the immediate; imm2: NZCV when the condition fails. */
const conditionalCompare = (subtract: boolean, form: 'register' | 'immediate'): Row<Width> => ({
  name: `${subtract ? 'CCMP' : 'CCMN'} (${form})`,
  encodingClass: `Conditional compare (${form})`,
  pattern: `sf:1 ${subtract ? 1 : 0} 1 11010010 ${form === 'register' ? 'Rm' : 'imm5'}:5 cond:4 ${form === 'register' ? 0 : 1} 0 Rn:5 0 nzcv:4`,
  variants: WIDTHS,
  operands(f, o) {
    o.variant = f.sf;
    o.rn = f.Rn;
    o.rm = f.Rm;
    o.cond = f.cond;
    setImm(o, f.imm5);
    setImm2(o, f.nzcv);
  },
  emit(e, { wide }, o) {
    const holds = e.let(e.condition(o.cond));
    const a = e.let(register(e, wide, o.rn));
    const b = e.let(form === 'register' ? register(e, wide, o.rm) : immediate(e, wide, o.imm));
    setFlagsIf(e, holds, wide, subtract ? 'sub' : 'add', a, b, wrap(e.imm(o.imm2)));
  },
});

export const CONDITIONAL_COMPARE: readonly Row<Width>[] = [
  conditionalCompare(false, 'register'),
  conditionalCompare(true, 'register'),
  conditionalCompare(false, 'immediate'),
  conditionalCompare(true, 'immediate'),
];
