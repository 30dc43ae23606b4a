/** Arm ARM, Move wide (immediate). The 32-bit forms differ in the immediates only. */
import type { Row } from '../../decode/row.ts';
import { bin } from '../build.ts';
import { destination, type Halves, setImm, setImm2, shiftLeft } from '../operands.ts';

const encodingClass = 'Move wide (immediate)';
/** A 32-bit form cannot reach the upper half. */
const allocated: Row['allocated'] = (f) => f.sf === 1 || f.hw < 2;
const placed = (f: { imm16: number; hw: number }): Halves => shiftLeft({ lo: f.imm16, hi: 0 }, f.hw * 16);

const movz: Row = {
  name: 'MOVZ',
  encodingClass,
  pattern: 'sf:1 10 100101 hw:2 imm16:16 Rd:5',
  allocated,
  variants: [{}],
  operands(f, o) {
    o.rd = destination(f.Rd);
    const value = placed(f);
    setImm(o, value.lo, value.hi);
  },
  emit: (e, _, o) => e.setX(o.rd, e.imm(o.imm)),
};

const movn: Row = {
  ...movz,
  name: 'MOVN',
  pattern: 'sf:1 00 100101 hw:2 imm16:16 Rd:5',
  operands(f, o) {
    o.rd = destination(f.Rd);
    const value = placed(f);
    setImm(o, ~value.lo, f.sf === 1 ? ~value.hi : 0);
  },
};

const movk: Row = {
  name: 'MOVK',
  encodingClass,
  pattern: 'sf:1 11 100101 hw:2 imm16:16 Rd:5',
  allocated,
  variants: [{}],
  operands(f, o) {
    o.rd = destination(f.Rd);
    o.rn = f.Rd;
    const value = placed(f);
    const hole = shiftLeft({ lo: 0xffff, hi: 0 }, f.hw * 16);
    setImm(o, value.lo, value.hi);
    setImm2(o, ~hole.lo, f.sf === 1 ? ~hole.hi : 0);
  },
  emit: (e, _, o) => e.setX(o.rd, bin('or', bin('and', e.X(o.rn), e.imm(o.imm2)), e.imm(o.imm))),
};

export const MOVE_WIDE_IMMEDIATE: readonly Row[] = [movn, movz, movk];
