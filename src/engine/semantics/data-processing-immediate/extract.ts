/** Arm ARM, Extract. */
import type { Row } from '../../decode/row.ts';
import { bin } from '../build.ts';
import { destination, setImm, setImm2 } from '../operands.ts';
import { constant, immediate, register, setRegister, type Width, WIDTHS } from '../width.ts';

/** imm: the position; imm2: width - 1 - position, so that position 0 needs no case of its own. */
const extr: Row<Width> = {
  name: 'EXTR',
  encodingClass: 'Extract',
  pattern: 'sf:1 00 100111 N:1 0 Rm:5 imms:6 Rn:5 Rd:5',
  allocated: (f) => f.N === f.sf && (f.sf === 1 || f.imms < 32),
  variants: WIDTHS,
  operands(f, o) {
    o.variant = f.sf;
    o.rd = destination(f.Rd);
    o.rn = f.Rn;
    o.rm = f.Rm;
    setImm(o, f.imms);
    setImm2(o, (f.sf === 1 ? 63 : 31) - f.imms);
  },
  emit(e, { wide }, o) {
    const low = bin('shr', register(e, wide, o.rm), immediate(e, wide, o.imm));
    const doubled = bin('shl', register(e, wide, o.rn), constant(wide, 1));
    setRegister(e, wide, o.rd, bin('or', low, bin('shl', doubled, immediate(e, wide, o.imm2))));
  },
};

export const EXTRACT: readonly Row<Width>[] = [extr];
