/**
 * Arm ARM, Cryptographic three-register SHA and Cryptographic two-register SHA. FEAT_SHA1, FEAT_SHA256. Names of
 * functions and of the two halves of the hash state, x and y, are those of FIPS 180-4 and of the manual's pseudocode.
 */
import type { Row } from '../../decode/row.ts';
import { bin, extract, extu, k32, k128, replace, shuffle } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { I32, V128 } from '../ir.ts';
import { VECTOR } from '../operands.ts';
import { scalar } from '../vector.ts';
import { add, bytesOf, or, shl, shr, xor } from './lane-arithmetic.ts';

type Words = readonly [I32, I32, I32, I32];
const WORDS = [0, 1, 2, 3] as const;

function wordsOf(e: Emitter, v: V128): Words {
  const all = e.let(v);
  return WORDS.map((i) => e.let(extract('i32x4', i, all))) as unknown as Words;
}
const vectorOf = (words: Words): V128 =>
  words.reduce<V128>((v, word, i) => replace('i32x4', i, v, word), k128(0n));

const xor32 = (...values: readonly I32[]): I32 => values.reduce((a, b) => bin('xor', a, b));
const sum = (...values: readonly I32[]): I32 => values.reduce((a, b) => bin('add', a, b));
const rotateLeft = (v: I32, by: number): I32 => bin('rotl', v, k32(by));
const rotateRight = (v: I32, by: number): I32 => bin('rotr', v, k32(by));

type Choice = (x: I32, y: I32, z: I32) => I32;
const choose: Choice = (x, y, z) => xor32(bin('and', xor32(y, z), x), z);
const parity: Choice = (x, y, z) => xor32(x, y, z);
const majority: Choice = (x, y, z) => bin('or', bin('and', x, y), bin('and', bin('or', x, y), z));
const sigma0 = (v: I32): I32 => xor32(rotateRight(v, 2), rotateRight(v, 13), rotateRight(v, 22));
const sigma1 = (v: I32): I32 => xor32(rotateRight(v, 6), rotateRight(v, 11), rotateRight(v, 25));

/** Four rounds of SHA-1: x is the state but for its last word, which is y. */
function sha1Rounds(e: Emitter, choice: Choice, state: V128, last: I32, schedule: V128): V128 {
  let x = wordsOf(e, state);
  let y = e.let(last);
  const w = wordsOf(e, schedule);
  for (const i of WORDS) {
    const first = e.let(sum(y, rotateLeft(x[0], 5), choice(x[1], x[2], x[3]), w[i]));
    y = x[3];
    x = [first, x[0], e.let(rotateLeft(x[1], 30)), x[2]];
  }
  return vectorOf(x);
}

/** Four rounds of SHA-256: the state's first four words x and last four y afterwards. */
function sha256Rounds(e: Emitter, first: V128, last: V128, schedule: V128): { x: V128; y: V128 } {
  let x = wordsOf(e, first);
  let y = wordsOf(e, last);
  const w = wordsOf(e, schedule);
  for (const i of WORDS) {
    const t = e.let(sum(y[3], sigma1(y[0]), choose(y[0], y[1], y[2]), w[i]));
    const intoY = e.let(sum(t, x[3]));
    const intoX = e.let(sum(t, sigma0(x[0]), majority(x[0], x[1], x[2])));
    x = [intoX, x[0], x[1], x[2]];
    y = [intoY, y[0], y[1], y[2]];
  }
  return { x: vectorOf(x), y: vectorOf(y) };
}

/** The words of b:a from `first` on. */
const window = (first: number, a: V128, b: V128): V128 =>
  shuffle(
    bytesOf(
      4,
      WORDS.map((i) => first + i),
    ),
    a,
    b,
  );
const rotateWordsLeft = (v: V128, by: number): V128 => or(shl(4, v, k32(by)), shr(4, 'u', v, k32(32 - by)));

/** Schedule of SHA-1: every word turned by one; the last one needs the first one's result. */
function sha1Schedule(e: Emitter, d: V128, n: V128): V128 {
  const t = e.let(xor(d, window(1, n, k128(0n))));
  const turned = e.let(rotateWordsLeft(t, 1));
  return replace(
    'i32x4',
    3,
    turned,
    xor32(extract('i32x4', 3, turned), rotateLeft(extract('i32x4', 0, t), 2)),
  );
}
const rotateWordsRight = (v: V128, by: number): V128 => rotateWordsLeft(v, 32 - by);
function sha256Schedule0(e: Emitter, d: V128, n: V128): V128 {
  const t = e.let(window(1, d, n));
  return add(4, xor(xor(rotateWordsRight(t, 7), rotateWordsRight(t, 18)), shr(4, 'u', t, k32(3))), d);
}
function sha256Schedule1(e: Emitter, d: V128, n: V128, m: V128): V128 {
  const start = wordsOf(e, add(4, d, window(1, n, m)));
  const mixed = (v: I32): I32 => xor32(rotateRight(v, 17), rotateRight(v, 19), bin('shr', v, k32(10)));
  const known = wordsOf(e, m);
  const r0 = e.let(sum(mixed(known[2]), start[0]));
  const r1 = e.let(sum(mixed(known[3]), start[1]));
  return vectorOf([r0, r1, sum(mixed(r0), start[2]), sum(mixed(r1), start[3])]);
}

type Operation = (e: Emitter, n: V128, m: V128, d: V128) => V128;
const three = (name: string, feature: 'sha1' | 'sha256', opcode: string, operation: Operation): Row => ({
  name,
  encodingClass: 'Cryptographic three-register SHA',
  pattern: `01011110 00 0 Rm:5 0 ${opcode} 00 Rn:5 Rd:5`,
  feature,
  fp: true,
  cold: true,
  variants: [{}],
  operands(f, o) {
    o.rd = f.Rd;
    o.ra = f.Rd;
    o.rn = f.Rn;
    o.rm = f.Rm;
    o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.rm | VECTOR.ra;
  },
  emit(e, _, o) {
    const [n, m, d] = [o.rn, o.rm, o.ra].map((r) => e.let(e.V(r)));
    e.setV(o.rd, operation(e, n!, m!, d!));
  },
});
const two = (
  name: string,
  feature: 'sha1' | 'sha256',
  opcode: string,
  operation: (e: Emitter, n: V128, d: V128) => V128,
): Row => ({
  name,
  encodingClass: 'Cryptographic two-register SHA',
  pattern: `01011110 00 10100 ${opcode} 10 Rn:5 Rd:5`,
  feature,
  fp: true,
  cold: true,
  variants: [{}],
  operands(f, o) {
    o.rd = f.Rd;
    o.ra = f.Rd;
    o.rn = f.Rn;
    o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.ra;
  },
  emit: (e, _, o) => e.setV(o.rd, operation(e, e.let(e.V(o.rn)), e.let(e.V(o.ra)))),
});

const sha1 =
  (choice: Choice): Operation =>
  (e, n, m, d) =>
    sha1Rounds(e, choice, d, extract('i32x4', 0, n), m);

export const CRYPTO_SHA: readonly Row[] = [
  three('SHA1C', 'sha1', '000', sha1(choose)),
  three('SHA1P', 'sha1', '001', sha1(parity)),
  three('SHA1M', 'sha1', '010', sha1(majority)),
  three('SHA1SU0', 'sha1', '011', (_, n, m, d) => xor(xor(window(2, d, n), d), m)),
  three('SHA256H', 'sha256', '100', (e, n, m, d) => sha256Rounds(e, d, n, m).x),
  three('SHA256H2', 'sha256', '101', (e, n, m, d) => sha256Rounds(e, n, d, m).y),
  three('SHA256SU1', 'sha256', '110', (e, n, m, d) => sha256Schedule1(e, d, n, m)),
  two('SHA1H', 'sha1', '00000', (_, n) => scalar(extu(rotateLeft(extract('i32x4', 0, n), 30)))),
  two('SHA1SU1', 'sha1', '00001', (e, n, d) => sha1Schedule(e, d, n)),
  two('SHA256SU0', 'sha256', '00010', (e, n, d) => sha256Schedule0(e, d, n)),
];
