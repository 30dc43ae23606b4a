/** Arm ARM, Data-processing (3 source). */
import type { Row } from '../../decode/row.ts';
import { bin, exts, extu, k64 } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { I64 } from '../ir.ts';
import { destination } from '../operands.ts';
import { register, setRegister, type Width, WIDTHS } from '../width.ts';

const encodingClass = 'Data-processing (3 source)';
const operands: Row['operands'] = (f, o) => {
  o.variant = f.sf;
  o.rd = destination(f.Rd);
  o.rn = f.Rn;
  o.rm = f.Rm;
  o.ra = f.Ra;
};

const multiplyAdd = (name: string, o0: 0 | 1, op: 'add' | 'sub'): Row<Width> => ({
  name,
  encodingClass,
  pattern: `sf:1 00 11011 000 Rm:5 ${o0} Ra:5 Rn:5 Rd:5`,
  variants: WIDTHS,
  operands,
  emit(e, { wide }, o) {
    const product = bin('mul', register(e, wide, o.rn), register(e, wide, o.rm));
    setRegister(e, wide, o.rd, bin(op, register(e, wide, o.ra), product));
  },
});

const multiplyAddLong = (name: string, U: 0 | 1, o0: 0 | 1, op: 'add' | 'sub'): Row => ({
  name,
  encodingClass,
  pattern: `1 00 11011 ${U} 01 Rm:5 ${o0} Ra:5 Rn:5 Rd:5`,
  variants: [{}],
  operands,
  emit(e, _, o) {
    const extend = U === 1 ? extu : exts;
    e.setX(o.rd, bin(op, e.X(o.ra), bin('mul', extend(e.W(o.rn)), extend(e.W(o.rm)))));
  },
});

/**
 * Bits 127..64 of the product, from 32-bit pieces. The upper pieces are signed for SMULH: every partial
 * sum fits in 64 bits, so only how they are shifted down differs.
 */
function highProduct(e: Emitter, a: I64, b: I64, signed: boolean): I64 {
  const down = (v: I64): I64 => bin(signed ? 'sar' : 'shr', v, k64(32));
  const low = (v: I64): I64 => bin('and', v, k64(0xffff_ffff));
  const [aLow, aHigh, bLow, bHigh] = [e.let(low(a)), e.let(down(a)), e.let(low(b)), e.let(down(b))];
  const carry = bin('shr', bin('mul', aLow, bLow), k64(32));
  const cross = e.let(bin('add', bin('mul', aHigh, bLow), carry));
  const cross2 = e.let(bin('add', bin('mul', aLow, bHigh), low(cross)));
  return bin('add', bin('add', bin('mul', aHigh, bHigh), down(cross)), down(cross2));
}

const multiplyHigh = (name: string, U: 0 | 1): Row => ({
  name,
  encodingClass,
  // Ra is should-be-one and ignored.
  pattern: `1 00 11011 ${U} 10 Rm:5 0 Ra:5 Rn:5 Rd:5`,
  variants: [{}],
  operands,
  emit: (e, _, o) => e.setX(o.rd, highProduct(e, e.let(e.X(o.rn)), e.let(e.X(o.rm)), U === 0)),
});

export const THREE_SOURCE: readonly Row[] = [
  multiplyAdd('MADD', 0, 'add'),
  multiplyAdd('MSUB', 1, 'sub'),
  multiplyAddLong('SMADDL', 0, 0, 'add'),
  multiplyAddLong('SMSUBL', 0, 1, 'sub'),
  multiplyAddLong('UMADDL', 1, 0, 'add'),
  multiplyAddLong('UMSUBL', 1, 1, 'sub'),
  multiplyHigh('SMULH', 0),
  multiplyHigh('UMULH', 1),
];
