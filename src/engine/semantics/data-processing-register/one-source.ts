/** Arm ARM, Data-processing (1 source). */
import type { Row } from '../../decode/row.ts';
import { bin, k32, konst, un } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { I32, Val } from '../ir.ts';
import { destination } from '../operands.ts';
import { constant, type Int, register, setRegister, type Width, WIDTHS } from '../width.ts';

/** Exchange neighbours of `by` bits: `mask` selects, in every pair, the lower one. */
function swap(e: Emitter, v: Val<Int>, by: number, mask: bigint): Val<Int> {
  const x = e.let(v);
  const t = x.t as Int;
  const upper = bin('and', bin('shr', x, konst(t, BigInt(by))), konst(t, mask));
  return bin('or', upper, bin('shl', bin('and', x, konst(t, mask)), konst(t, BigInt(by))));
}
const swapBytes = (e: Emitter, v: Val<Int>): Val<Int> => swap(e, v, 8, 0x00ff_00ff_00ff_00ffn);
const swapHalfwords = (e: Emitter, v: Val<Int>): Val<Int> => swap(e, v, 16, 0x0000_ffff_0000_ffffn);
const swapWords = (v: Val<Int>): Val<Int> => bin('rotr', v, konst(v.t as Int, 32n));

/** Bytes 0 and 2 of a rotation by 8 one way, bytes 1 and 3 of that the other way. */
function reverseWord(e: Emitter, v: Val<Int>): Val<Int> {
  const x = e.let(v as I32);
  const even = bin('and', bin('rotl', x, k32(8)), k32(0x00ff_00ff));
  return bin('or', even, bin('and', bin('rotr', x, k32(8)), k32(0xff00_ff00)));
}
function reverseBytes(e: Emitter, v: Val<Int>): Val<Int> {
  return v.t === 'i64' ? swapWords(swapHalfwords(e, swapBytes(e, v))) : reverseWord(e, v);
}
function reverseBits(e: Emitter, v: Val<Int>): Val<Int> {
  const pairs = swap(e, v, 1, 0x5555_5555_5555_5555n);
  const nibbles = swap(e, pairs, 2, 0x3333_3333_3333_3333n);
  return reverseBytes(e, swap(e, nibbles, 4, 0x0f0f_0f0f_0f0f_0f0fn));
}
/** Bits below the top one that equal it. */
function countLeadingSigns(e: Emitter, v: Val<Int>): Val<Int> {
  const x = e.let(v);
  const wide = v.t === 'i64';
  return bin('sub', un('clz', bin('xor', x, bin('sar', x, constant(wide, 1)))), constant(wide, 1));
}

const oneSource = (
  name: string,
  opcode: string,
  result: (e: Emitter, v: Val<Int>) => Val<Int>,
  only: 'sf:1' | '0' | '1' = 'sf:1',
): Row<Width> => ({
  name,
  encodingClass: 'Data-processing (1 source)',
  pattern: `${only} 1 0 11010110 00000 ${opcode} Rn:5 Rd:5`,
  variants: only === 'sf:1' ? WIDTHS : [{ wide: only === '1' }],
  operands(f, o) {
    o.variant = f.sf;
    o.rd = destination(f.Rd);
    o.rn = f.Rn;
  },
  emit: (e, { wide }, o) => setRegister(e, wide, o.rd, result(e, register(e, wide, o.rn))),
});

export const ONE_SOURCE: readonly Row<Width>[] = [
  oneSource('RBIT', '000000', reverseBits),
  oneSource('REV16', '000001', swapBytes),
  oneSource('REV (32-bit)', '000010', reverseBytes, '0'),
  oneSource('REV32', '000010', (e, v) => swapHalfwords(e, swapBytes(e, v)), '1'),
  oneSource('REV (64-bit)', '000011', reverseBytes, '1'),
  oneSource('CLZ', '000100', (_, v) => un('clz', v)),
  oneSource('CLS', '000101', countLeadingSigns),
];
