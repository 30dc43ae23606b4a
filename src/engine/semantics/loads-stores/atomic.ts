/**
 * Arm ARM, Atomic memory operations and Compare and swap (FEAT_LSE). The acquire and release bits change
 * nothing where one access happens at a time. ST<op> is LD<op> with Rt = 31.
 */
import type { Row } from '../../decode/row.ts';
import { bin, cmp, k64, not, sel, un } from '../build.ts';
import type { BinaryOp, CompareOp, I64 } from '../ir.ts';
import { destination, orStackPointer } from '../operands.ts';
import { REG } from '../../layout.ts';
import type { Size } from './access.ts';
import { SIZES } from './exclusive.ts';

interface Sized {
  readonly size: Size;
}

/** The low `size` bytes, zero-extended or sign-extended. */
function low(v: I64, size: Size, signed = false): I64 {
  if (size === 8) return v;
  if (signed) return un(({ 1: 'ext8', 2: 'ext16', 4: 'ext32' } as const)[size], v);
  return bin('and', v, k64(2 ** (size * 8) - 1));
}

type Operation = (old: I64, operand: I64, size: Size) => I64;
const binary =
  (op: BinaryOp): Operation =>
  (old, operand) =>
    bin(op, old, operand);
const choose =
  (op: CompareOp, signed: boolean): Operation =>
  (old, operand, size) =>
    sel(cmp(op, low(old, size, signed), low(operand, size, signed)), old, operand);

const atomic = (name: string, o3: 0 | 1, opc: string, operation: Operation): Row<Sized> => ({
  name,
  encodingClass: 'Atomic memory operations',
  pattern: `size:2 111 0 00 A:1 R:1 1 Rs:5 ${o3} ${opc} 00 Rn:5 Rt:5`,
  feature: 'lse',
  cold: true,
  variants: SIZES,
  operands(f, o) {
    o.variant = f.size;
    o.rd = destination(f.Rt);
    o.rm = f.Rs;
    o.rn = orStackPointer(f.Rn);
  },
  emit(e, { size }, o) {
    const h = e.atomic(e.let(e.X(o.rn)), { size, aligned: true });
    const old = e.let(e.peek(h, size));
    e.poke(h, size, operation(old, e.let(e.X(o.rm)), size));
    e.setX(o.rd, old);
  },
});

/** The memory location is written only when it holds the expected value. */
const compareAndSwap: Row<Sized> = {
  name: 'CAS',
  encodingClass: 'Compare and swap',
  pattern: 'size:2 001000 1 L:1 1 Rs:5 o0:1 11111 Rn:5 Rt:5',
  feature: 'lse',
  cold: true,
  variants: SIZES,
  operands(f, o) {
    o.variant = f.size;
    o.rd = destination(f.Rs);
    o.rm = f.Rs;
    o.ra = f.Rt;
    o.rn = orStackPointer(f.Rn);
  },
  emit(e, { size }, o) {
    const h = e.atomic(e.let(e.X(o.rn)), { size, aligned: true });
    const old = e.let(e.peek(h, size));
    e.if(cmp('eq', old, low(e.X(o.rm), size)), () => e.poke(h, size, e.X(o.ra)));
    e.setX(o.rd, old);
  },
};

interface PairOfRegisters {
  readonly size: 4 | 8;
  /** Rs, an even number. Static because the instruction names more registers than there are operand fields. */
  readonly rs: number;
}
const PAIRS: readonly PairOfRegisters[] = ([4, 8] as const).flatMap((size) =>
  Array.from({ length: 16 }, (_, i) => ({ size, rs: 2 * i })),
);

/** Rt, Rt+1 are rm, ra. */
const compareAndSwapPair: Row<PairOfRegisters> = {
  name: 'CASP',
  encodingClass: 'Compare and swap pair',
  pattern: '0 sz:1 001000 0 L:1 1 Rs:5 o0:1 11111 Rn:5 Rt:5',
  feature: 'lse',
  cold: true,
  allocated: (f) => f.Rs % 2 === 0 && f.Rt % 2 === 0,
  variants: PAIRS,
  operands(f, o) {
    o.variant = f.sz * 16 + f.Rs / 2;
    o.rm = f.Rt;
    o.ra = f.Rt + 1;
    o.rn = orStackPointer(f.Rn);
  },
  emit(e, { size, rs }, o) {
    const h = e.atomic(e.let(e.X(o.rn)), { size, bytes: 2 * size, aligned: true });
    const first = e.let(e.peek(h, size));
    const second = e.let(e.peek(h, size, size));
    const firstEqual = cmp('eq', first, low(e.X(rs), size));
    const secondEqual = cmp('eq', second, low(e.X(rs + 1), size));
    e.if(bin('and', firstEqual, secondEqual), () => {
      e.poke(h, size, e.X(o.rm));
      e.poke(h, size, e.X(o.ra), size);
    });
    e.setX(rs, first);
    e.setX(rs + 1 === REG.ZERO ? REG.SINK : rs + 1, second);
  },
};

export const ATOMIC: readonly Row[] = [
  atomic('LDADD', 0, '000', binary('add')),
  atomic('LDCLR', 0, '001', (old, operand) => bin('and', old, not(operand))),
  atomic('LDEOR', 0, '010', binary('xor')),
  atomic('LDSET', 0, '011', binary('or')),
  atomic('LDSMAX', 0, '100', choose('gts', true)),
  atomic('LDSMIN', 0, '101', choose('lts', true)),
  atomic('LDUMAX', 0, '110', choose('gtu', false)),
  atomic('LDUMIN', 0, '111', choose('ltu', false)),
  atomic('SWP', 1, '000', (_, operand) => operand),
  compareAndSwap,
  compareAndSwapPair,
];
