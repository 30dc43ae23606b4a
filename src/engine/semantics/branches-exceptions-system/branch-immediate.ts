/** Arm ARM, Unconditional branch (immediate), Conditional branch, Compare and branch, Test and branch. */
import type { Row } from '../../decode/row.ts';
import { bin, cmp, eqz, k64 } from '../build.ts';
import type { ConditionField } from '../emitter.ts';
import { setImm, setRelative, shiftLeft, signExtend } from '../operands.ts';
import { constant, register, type Width, WIDTHS } from '../width.ts';

const LINK_REGISTER = 30;
const offset = (field: number, width: number): number => signExtend(field, width) * 4;

const branch: Row = {
  name: 'B',
  encodingClass: 'Unconditional branch (immediate)',
  pattern: '0 00101 imm26:26',
  variants: [{}],
  operands(f, o) {
    o.branchOffset = offset(f.imm26, 26);
  },
  emit: (e, _, o) => e.jump(o.target, 'branch'),
};

/** imm: the return address. */
const branchWithLink: Row = {
  ...branch,
  name: 'BL',
  pattern: '1 00101 imm26:26',
  operands(f, o, pcLo, pcHi) {
    o.branchOffset = offset(f.imm26, 26);
    setRelative(o, pcLo, pcHi, 4);
  },
  emit(e, _, o) {
    e.setX(LINK_REGISTER, e.imm(o.imm));
    e.jump(o.target, 'call');
  },
};

interface Conditional {
  /** The last variant is AL, and NV which means the same. */
  readonly condition: ConditionField;
}
const ALWAYS = 14;

const branchConditional: Row<Conditional> = {
  name: 'B.cond',
  encodingClass: 'Conditional branch (immediate)',
  pattern: '0101010 0 imm19:19 0 cond:4',
  variants: Array.from({ length: ALWAYS + 1 }, (_, condition) => ({ condition })),
  operands(f, o) {
    o.variant = Math.min(f.cond, ALWAYS);
    o.branchOffset = offset(f.imm19, 19);
  },
  emit(e, { condition }, o) {
    if (condition === ALWAYS) e.jump(o.target, 'branch');
    else e.jumpIf(e.condition(condition), o.target);
  },
};

const compareAndBranch = (name: string, op: 0 | 1): Row<Width> => ({
  name,
  encodingClass: 'Compare and branch (immediate)',
  pattern: `sf:1 011010 ${op} imm19:19 Rt:5`,
  variants: WIDTHS,
  operands(f, o) {
    o.variant = f.sf;
    o.rn = f.Rt;
    o.branchOffset = offset(f.imm19, 19);
  },
  emit(e, { wide }, o) {
    const value = register(e, wide, o.rn);
    e.jumpIf(cmp(op === 0 ? 'eq' : 'ne', value, constant(wide, 0)), o.target);
  },
});

/** imm: the bit under test. */
const testAndBranch = (name: string, op: 0 | 1): Row => ({
  name,
  encodingClass: 'Test and branch (immediate)',
  pattern: `b5:1 011011 ${op} b40:5 imm14:14 Rt:5`,
  variants: [{}],
  operands(f, o) {
    o.rn = f.Rt;
    o.branchOffset = offset(f.imm14, 14);
    const bit = shiftLeft({ lo: 1, hi: 0 }, (f.b5 << 5) | f.b40);
    setImm(o, bit.lo, bit.hi);
  },
  emit(e, _, o) {
    const tested = bin('and', e.X(o.rn), e.imm(o.imm));
    e.jumpIf(op === 0 ? eqz(tested) : cmp('ne', tested, k64(0)), o.target);
  },
});

export const BRANCH_IMMEDIATE: readonly Row[] = [
  branch,
  branchWithLink,
  branchConditional,
  compareAndBranch('CBZ', 0),
  compareAndBranch('CBNZ', 1),
  testAndBranch('TBZ', 0),
  testAndBranch('TBNZ', 1),
];
