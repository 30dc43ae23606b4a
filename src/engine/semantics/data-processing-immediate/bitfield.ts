/**
 * Arm ARM, Bitfield. With imms >= immr the field is extracted to bit 0, otherwise bits imms..0 are inserted
 * at bit (width - immr). A field of a 32-bit form never leaves the low 32 bits, so UBFM needs one text.
 */
import type { Fields, Row } from '../../decode/row.ts';
import { bin, extu, not, wrap } from '../build.ts';
import { destination, ones, setImm, setImm2, shiftLeft } from '../operands.ts';
import { immediate, register, setRegister, type Width, WIDTHS } from '../width.ts';

const encodingClass = 'Bitfield';
const allocated: Row['allocated'] = (f) => f.N === f.sf && (f.sf === 1 || (f.immr < 32 && f.imms < 32));
const width = (f: Fields): number => (f.sf === 1 ? 64 : 32);
const extracts = (f: Fields): boolean => f.imms >= f.immr;

/** The last four are shifts alone, of 32 and of 64 bits. */
const UBFM_FORMS = (['extract', 'insert', 'lsr32', 'lsl32', 'lsr', 'lsl'] as const).map((form) => ({ form }));
const [EXTRACT, INSERT, SHIFT_RIGHT, SHIFT_LEFT] = [0, 1, 2, 3] as const;

/** imm: mask of the field at bit 0; imm2: the shift. */
const ubfm: Row<(typeof UBFM_FORMS)[number]> = {
  name: 'UBFM',
  encodingClass,
  pattern: 'sf:1 10 100110 N:1 immr:6 imms:6 Rn:5 Rd:5',
  allocated,
  variants: UBFM_FORMS,
  operands(f, o) {
    o.rd = destination(f.Rd);
    o.rn = f.Rn;
    const mask = ones(extracts(f) ? f.imms - f.immr + 1 : f.imms + 1);
    setImm(o, mask.lo, mask.hi);
    if (extracts(f)) {
      o.variant = f.imms === width(f) - 1 ? SHIFT_RIGHT + 2 * f.sf : EXTRACT;
      setImm2(o, f.immr);
    } else {
      o.variant = f.imms + 1 === f.immr ? SHIFT_LEFT + 2 * f.sf : INSERT;
      setImm2(o, width(f) - f.immr);
    }
  },
  emit(e, { form }, o) {
    const source = e.X(o.rn);
    const shift = e.imm(o.imm2);
    const mask = e.imm(o.imm);
    const result = {
      extract: () => bin('and', bin('shr', source, shift), mask),
      insert: () => bin('shl', bin('and', source, mask), shift),
      lsr32: () => extu(bin('shr', wrap(source), wrap(shift))),
      lsl32: () => extu(bin('shl', wrap(source), wrap(shift))),
      lsr: () => bin('shr', source, shift),
      lsl: () => bin('shl', source, shift),
    }[form]();
    e.setX(o.rd, result);
  },
};

/** imm: shift left that puts the field's sign at the top; imm2: arithmetic shift right that puts it in place. */
const sbfm: Row<Width> = {
  name: 'SBFM',
  encodingClass,
  pattern: 'sf:1 00 100110 N:1 immr:6 imms:6 Rn:5 Rd:5',
  allocated,
  variants: WIDTHS,
  operands(f, o) {
    o.variant = f.sf;
    o.rd = destination(f.Rd);
    o.rn = f.Rn;
    const up = width(f) - 1 - f.imms;
    setImm(o, up);
    setImm2(o, up + (extracts(f) ? f.immr : f.immr - width(f)));
  },
  emit(e, { wide }, o) {
    const top = bin('shl', register(e, wide, o.rn), immediate(e, wide, o.imm));
    setRegister(e, wide, o.rd, bin('sar', top, immediate(e, wide, o.imm2)));
  },
};

/** imm: mask of the field where it lands; imm2: rotation that takes it there. */
const bfm: Row<Width> = {
  name: 'BFM',
  encodingClass,
  pattern: 'sf:1 01 100110 N:1 immr:6 imms:6 Rn:5 Rd:5',
  allocated,
  variants: WIDTHS,
  operands(f, o) {
    o.variant = f.sf;
    o.rd = destination(f.Rd);
    o.rn = f.Rn;
    o.rm = f.Rd;
    const mask = extracts(f) ? ones(f.imms - f.immr + 1) : shiftLeft(ones(f.imms + 1), width(f) - f.immr);
    setImm(o, mask.lo, mask.hi);
    setImm2(o, f.immr);
  },
  emit(e, { wide }, o) {
    const mask = immediate(e, wide, o.imm);
    const kept = bin('and', register(e, wide, o.rm), not(mask));
    const moved = bin('and', bin('rotr', register(e, wide, o.rn), immediate(e, wide, o.imm2)), mask);
    setRegister(e, wide, o.rd, bin('or', kept, moved));
  },
};

export const BITFIELD: readonly Row[] = [sbfm, bfm, ubfm];
