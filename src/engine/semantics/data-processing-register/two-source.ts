/** Arm ARM, Data-processing (2 source), except CRC32. */
import type { Row } from '../../decode/row.ts';
import { bin, cmp, neg, sel } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { Val } from '../ir.ts';
import { destination } from '../operands.ts';
import { constant, type Int, isZero, register, setRegister, type Width, WIDTHS } from '../width.ts';

type Operation = (e: Emitter, wide: boolean, a: Val<Int>, b: Val<Int>) => Val<Int>;

/** Division by zero gives zero. */
const divideUnsigned: Operation = (e, wide, n, m) => {
  const [a, b] = [e.let(n), e.let(m)];
  const byZero = e.let(isZero(b));
  return sel(byZero, constant(wide, 0), bin('divu', a, sel(byZero, constant(wide, 1), b)));
};

/** Division by zero gives zero, the smallest number by -1 itself: WebAssembly's division would trap. */
const divideSigned: Operation = (e, wide, n, m) => {
  const [a, b] = [e.let(n), e.let(m)];
  const byZero = e.let(isZero(b));
  const special = e.let(bin('or', byZero, cmp('eq', b, constant(wide, -1))));
  const quotient = bin('divs', a, sel(special, constant(wide, 1), b));
  return sel(special, sel(byZero, constant(wide, 0), neg(a)), quotient);
};

/** WebAssembly takes shift amounts modulo the width, as these instructions do. */
const shift =
  (op: 'shl' | 'shr' | 'sar' | 'rotr'): Operation =>
  (_e, _wide, a, b) =>
    bin(op, a, b);

const twoSource = (name: string, opcode: string, operation: Operation): Row<Width> => ({
  name,
  encodingClass: 'Data-processing (2 source)',
  pattern: `sf:1 0 0 11010110 Rm:5 ${opcode} Rn:5 Rd:5`,
  variants: WIDTHS,
  operands(f, o) {
    o.variant = f.sf;
    o.rd = destination(f.Rd);
    o.rn = f.Rn;
    o.rm = f.Rm;
  },
  emit: (e, { wide }, o) =>
    setRegister(e, wide, o.rd, operation(e, wide, register(e, wide, o.rn), register(e, wide, o.rm))),
});

export const TWO_SOURCE: readonly Row<Width>[] = [
  twoSource('UDIV', '000010', divideUnsigned),
  twoSource('SDIV', '000011', divideSigned),
  twoSource('LSLV', '001000', shift('shl')),
  twoSource('LSRV', '001001', shift('shr')),
  twoSource('ASRV', '001010', shift('sar')),
  twoSource('RORV', '001011', shift('rotr')),
];
