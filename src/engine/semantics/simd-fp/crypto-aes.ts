/** Arm ARM, Cryptographic AES. FEAT_AES. Byte i of a vector is byte i of the state: row i % 4, column i / 4. */
import type { Row } from '../../decode/row.ts';
import { k128, shuffle, vec } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { V128 } from '../ir.ts';
import { VECTOR } from '../operands.ts';
import { add, and, everyLane, or, signs, sub, xor } from './lane-arithmetic.ts';

/** Product with x in the field of AES, modulo x^8 + x^4 + x^3 + x + 1. */
const timesX = (a: number): number => ((a << 1) ^ (a & 0x80 ? 0x11b : 0)) & 0xff;

/** FIPS 197, 5.1.1: the inverse in the field, then an affine map of its bits. */
function substitution(): readonly number[] {
  // Powers and logarithms to the base x + 1, which generates the field.
  const power: number[] = [];
  const log: number[] = [];
  for (let i = 0, a = 1; i < 255; i++, a ^= timesX(a)) {
    power[i] = a;
    log[a] = i;
  }
  return Array.from({ length: 256 }, (_, a) => {
    const b = a === 0 ? 0 : power[(255 - log[a]!) % 255]!;
    const twice = b | (b << 8);
    return (b ^ (twice >> 4) ^ (twice >> 5) ^ (twice >> 6) ^ (twice >> 7) ^ 0x63) & 0xff;
  });
}
const SUBSTITUTION = substitution();
const INVERSE_SUBSTITUTION = SUBSTITUTION.reduce<number[]>((inverse, to, from) => {
  inverse[to] = from;
  return inverse;
}, []);

/** Every byte by a table of 256: sixteen tables of sixteen, of which one knows the index. */
function substitute(e: Emitter, table: readonly number[], v: V128): V128 {
  const index = e.let(v);
  return Array.from({ length: 16 }, (_, high): V128 => {
    const bytes = table.slice(16 * high, 16 * high + 16);
    const part = k128(bytes.reduceRight((all, byte) => (all << 8n) | BigInt(byte), 0n));
    return vec('i8x16.swizzle', part, sub(1, index, everyLane(1, BigInt(16 * high))));
  }).reduce(or);
}

/** Byte i of the result is the byte in row i % 4 and column i / 4 + `turn(row)`. */
const turnRows = (v: V128, turn: (row: number) => number): V128 => {
  const bytes = Array.from({ length: 16 }, (_, i) => (i % 4) + 4 * (((i >> 2) + turn(i % 4)) & 3));
  return shuffle(bytes, v, v);
};
/** Every column turned up by `rows`. */
const turnColumns = (v: V128, rows: number): V128 => {
  const bytes = Array.from({ length: 16 }, (_, i) => (i & ~3) + ((i + rows) & 3));
  return shuffle(bytes, v, v);
};
function timesXInLanes(e: Emitter, v: V128): V128 {
  const a = e.let(v);
  return xor(add(1, a, a), and(signs(1, a), everyLane(1, 0x1bn)));
}

/** Each byte: twice itself, three times the next one, and the other two. */
function mixColumns(e: Emitter, v: V128): V128 {
  const a = e.let(v);
  const next = e.let(turnColumns(a, 1));
  const sum = e.let(xor(a, next));
  return xor(timesXInLanes(e, sum), xor(next, turnColumns(sum, 2)));
}
/** The inverse is the same after another, sparse, multiplication. */
function inverseMixColumns(e: Emitter, v: V128): V128 {
  const a = e.let(v);
  const opposite = xor(a, turnColumns(a, 2));
  return mixColumns(e, xor(a, timesXInLanes(e, timesXInLanes(e, opposite))));
}

const row = (name: string, opcode: string, operation: (e: Emitter, n: V128, d: V128) => V128): Row => ({
  name,
  encodingClass: 'Cryptographic AES',
  pattern: `01001110 00 10100 ${opcode} 10 Rn:5 Rd:5`,
  feature: 'aes',
  fp: true,
  variants: [{}],
  operands(f, o) {
    o.rd = f.Rd;
    o.ra = f.Rd;
    o.rn = f.Rn;
    o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.ra;
  },
  emit: (e, _, o) => e.setV(o.rd, operation(e, e.V(o.rn), e.V(o.ra))),
});

export const CRYPTO_AES: readonly Row[] = [
  row('AESE', '00100', (e, n, d) =>
    substitute(
      e,
      SUBSTITUTION,
      turnRows(e.let(xor(d, n)), (r) => r),
    ),
  ),
  row('AESD', '00101', (e, n, d) =>
    substitute(
      e,
      INVERSE_SUBSTITUTION,
      turnRows(e.let(xor(d, n)), (r) => -r),
    ),
  ),
  row('AESMC', '00110', (e, n) => mixColumns(e, n)),
  row('AESIMC', '00111', (e, n) => inverseMixColumns(e, n)),
];
