/** Arm ARM, Unconditional branch (register). */
import type { Row } from '../../decode/row.ts';
import { setRelative } from '../operands.ts';

const LINK_REGISTER = 30;
const encodingClass = 'Unconditional branch (register)';

const branchRegister = (name: string, opc: string, kind: 'branch' | 'return'): Row => ({
  name,
  encodingClass,
  pattern: `1101011 ${opc} 11111 000000 Rn:5 00000`,
  variants: [{}],
  operands(f, o) {
    o.rn = f.Rn;
  },
  emit: (e, _, o) => e.jumpRegister(e.X(o.rn), kind),
});

/** imm: the return address. The target is read first: BLR X30 branches to the old X30. */
const branchWithLink: Row = {
  name: 'BLR',
  encodingClass,
  pattern: '1101011 0001 11111 000000 Rn:5 00000',
  variants: [{}],
  operands(f, o, pcLo, pcHi) {
    o.rn = f.Rn;
    setRelative(o, pcLo, pcHi, 4);
  },
  emit(e, _, o) {
    const target = e.let(e.X(o.rn));
    e.setX(LINK_REGISTER, e.imm(o.imm));
    e.jumpRegister(target, 'call');
  },
};

export const BRANCH_REGISTER: readonly Row[] = [
  branchRegister('BR', '0000', 'branch'),
  branchWithLink,
  branchRegister('RET', '0010', 'return'),
];
