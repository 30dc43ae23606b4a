/** Arm ARM, Extract. */
import type { Row } from '../../decode/row.ts';
import { bin } from '../build.ts';
import { destination, setImm, setImm2 } from '../operands.ts';
import { combine, constant, immediate, register, setRegister, type Width } from '../width.ts';

interface Variant extends Width {
  /** Both registers are the same: ROR (immediate). */
  readonly rotates: boolean;
}
const FORMS: readonly Variant[] = combine({ wide: [false, true], rotates: [false, true] });

/** imm: the position; imm2: width - 1 - position, so that position 0 needs no case of its own. */
const extr: Row<Variant> = {
  name: 'EXTR',
  encodingClass: 'Extract',
  pattern: 'sf:1 00 100111 N:1 0 Rm:5 imms:6 Rn:5 Rd:5',
  allocated: (f) => f.N === f.sf && (f.sf === 1 || f.imms < 32),
  variants: FORMS,
  operands(f, o) {
    o.variant = f.sf * 2 + (f.Rn === f.Rm ? 1 : 0);
    o.rd = destination(f.Rd);
    o.rn = f.Rn;
    o.rm = f.Rm;
    setImm(o, f.imms);
    setImm2(o, (f.sf === 1 ? 63 : 31) - f.imms);
  },
  emit(e, { wide, rotates }, o) {
    if (rotates) {
      const rotated = bin('rotr', register(e, wide, o.rn), immediate(e, wide, o.imm));
      return setRegister(e, wide, o.rd, rotated);
    }
    const low = bin('shr', register(e, wide, o.rm), immediate(e, wide, o.imm));
    const doubled = bin('shl', register(e, wide, o.rn), constant(wide, 1));
    setRegister(e, wide, o.rd, bin('or', low, bin('shl', doubled, immediate(e, wide, o.imm2))));
  },
};

export const EXTRACT: readonly Row<Variant>[] = [extr];
