/** Arm ARM, PC-rel. addressing. */
import type { Row } from '../../decode/row.ts';
import { destination, setRelative, setSum, shiftLeft, signExtend } from '../operands.ts';

const encodingClass = 'PC-rel. addressing';

const adr: Row = {
  name: 'ADR',
  encodingClass,
  pattern: '0 immlo:2 10000 immhi:19 Rd:5',
  variants: [{}],
  operands(f, o, pcLo, pcHi) {
    o.rd = destination(f.Rd);
    setRelative(o, pcLo, pcHi, signExtend((f.immhi << 2) | f.immlo, 21));
  },
  emit: (e, _, o) => e.setX(o.rd, e.imm(o.imm)),
};

const adrp: Row = {
  ...adr,
  name: 'ADRP',
  pattern: '1 immlo:2 10000 immhi:19 Rd:5',
  operands(f, o, pcLo, pcHi) {
    o.rd = destination(f.Rd);
    const pages = signExtend((f.immhi << 2) | f.immlo, 21);
    const offset = shiftLeft({ lo: pages, hi: pages >> 31 }, 12);
    setSum(o, pcLo & ~0xfff, pcHi, offset.lo, offset.hi);
  },
};

export const PC_RELATIVE_ADDRESSING: readonly Row[] = [adr, adrp];
