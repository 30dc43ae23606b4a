/** Arm ARM, Unconditional branch (register). */
import type { Row } from '../../decode/row.ts';
import type { BranchType } from '../emitter.ts';
import { setRelative } from '../operands.ts';

const LINK_REGISTER = 30;
const encodingClass = 'Unconditional branch (register)';

/** PSTATE.BTYPE that the branch sets. Source: Arm ARM, the instruction's own page, BTypeNext. */
interface Typed {
  readonly type: BranchType;
}

/** X16 and X17 are the registers of linkage veneers: jumps by them count as calls or jumps alike. */
const isVeneer = (register: number): boolean => register === 16 || register === 17;

const branch: Row<Typed> = {
  name: 'BR',
  encodingClass,
  pattern: '1101011 0000 11111 000000 Rn:5 00000',
  variants: [{ type: 0 }, { type: 1 }, { type: 3 }],
  operands(f, o) {
    o.rn = f.Rn;
    if (f.branchTypes !== 0) o.variant = f.branchTypes === 2 && !isVeneer(f.Rn) ? 2 : 1;
  },
  emit: (e, { type }, o) => e.jumpRegister(e.X(o.rn), 'branch', type),
};

/** imm: the return address. The target is read first: BLR X30 branches to the old X30. */
const branchWithLink: Row<Typed> = {
  name: 'BLR',
  encodingClass,
  pattern: '1101011 0001 11111 000000 Rn:5 00000',
  variants: [{ type: 0 }, { type: 2 }],
  operands(f, o, pcLo, pcHi) {
    o.rn = f.Rn;
    o.variant = f.branchTypes === 0 ? 0 : 1;
    setRelative(o, pcLo, pcHi, 4);
  },
  emit(e, { type }, o) {
    const target = e.let(e.X(o.rn));
    e.setX(LINK_REGISTER, e.imm(o.imm));
    e.jumpRegister(target, 'call', type);
  },
};

/** A return may land anywhere. */
const returns: Row = {
  name: 'RET',
  encodingClass,
  pattern: '1101011 0010 11111 000000 Rn:5 00000',
  variants: [{}],
  operands(f, o) {
    o.rn = f.Rn;
  },
  emit: (e, _, o) => e.jumpRegister(e.X(o.rn), 'return'),
};

export const BRANCH_REGISTER: readonly Row[] = [branch as Row, branchWithLink as Row, returns];
