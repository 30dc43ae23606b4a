/**
 * NZCV kept lazily: the kind of the operation that set the flags, and its two operands. 32-bit operands are
 * kept sign-extended, so that one 64-bit comparison serves both widths.
 */
import { bin, cmp, eqz, k32, k64, konst, not, wrap } from './build.ts';
import type { FlagKind } from './emitter.ts';
import type { I32, I64, Val } from './ir.ts';

/** Numbers of the kinds. `PACKED`: NZCV itself, in bits 3..0 of the first operand. */
export const FLAG_KIND = { PACKED: 0, SUB64: 1, SUB32: 2, LOGIC: 3, ADD64: 4, ADD32: 5 } as const;
export type FlagKindNumber = (typeof FLAG_KIND)[keyof typeof FLAG_KIND];

export const FLAG_KIND_OF: Readonly<Record<FlagKind, FlagKindNumber>> = {
  sub64: FLAG_KIND.SUB64,
  sub32: FLAG_KIND.SUB32,
  add64: FLAG_KIND.ADD64,
  add32: FLAG_KIND.ADD32,
  logic64: FLAG_KIND.LOGIC,
  logic32: FLAG_KIND.LOGIC,
};

type Int = 'i32' | 'i64';
const negative = <T extends Int>(v: Val<T>): I32 => cmp('lts', v, konst(v.t as T, 0n));
const pack = (n: I32, z: I32, c: I32, v: I32): I32 =>
  bin('or', bin('or', bin('shl', n, k32(3)), bin('shl', z, k32(2))), bin('or', bin('shl', c, k32(1)), v));

/** Arm ARM AddWithCarry flags of a + b, or of a - b; `result` is the sum or difference. */
function arithmetic<T extends Int>(subtract: boolean, a: Val<T>, b: Val<T>, result: Val<T>): I32 {
  const differ = bin('xor', a, b);
  const overflow = bin('and', subtract ? differ : not(differ), bin('xor', a, result));
  const carry = subtract ? cmp('geu', a, b) : cmp('ltu', result, a);
  return pack(negative(result), eqz(result), carry, negative(overflow));
}

/**
 * NZCV of an operation, in bits 3..0. The operands have the operation's width; they are used several times,
 * so pin them, and `pin` pins the result.
 */
export function nzcvOfOperation(
  kind: FlagKind,
  a: Val<Int>,
  b: Val<Int> | undefined,
  pin: <T extends Int>(v: Val<T>) => Val<T>,
): I32 {
  if (kind === 'logic64' || kind === 'logic32' || b === undefined) {
    return pack(negative(a), eqz(a), k32(0), k32(0));
  }
  const subtract = kind === 'sub64' || kind === 'sub32';
  return arithmetic(subtract, a, b, pin(bin(subtract ? 'sub' : 'add', a, b)));
}

/** NZCV of a lazy triple of a known kind. */
export function nzcvOfTriple(
  kind: FlagKindNumber,
  a: I64,
  b: I64,
  pin: <T extends Int>(v: Val<T>) => Val<T>,
): I32 {
  switch (kind) {
    case FLAG_KIND.PACKED:
      return wrap(a);
    case FLAG_KIND.SUB64:
      return nzcvOfOperation('sub64', a, b, pin);
    case FLAG_KIND.SUB32:
      return nzcvOfOperation('sub32', pin(wrap(a)), pin(wrap(b)), pin);
    case FLAG_KIND.LOGIC:
      return nzcvOfOperation('logic64', a, undefined, pin);
    case FLAG_KIND.ADD64:
      return nzcvOfOperation('add64', a, b, pin);
    case FLAG_KIND.ADD32:
      return nzcvOfOperation('add32', pin(wrap(a)), pin(wrap(b)), pin);
  }
}

/** A condition as one comparison of the operands, valid for the kinds SUB64 up to `last`. */
export interface DirectCondition {
  readonly value: I32;
  readonly last: FlagKindNumber;
}

/**
 * The short form of condition `c` (Arm ARM ConditionHolds), or undefined where the kinds have none in
 * common. A logical result compared with zero gives the same N, Z and V as SUB; only C differs.
 */
export function directCondition(c: number, a: I64, b: I64): DirectCondition | undefined {
  const odd = (c & 1) === 1;
  switch (c >> 1) {
    case 0:
      return { value: cmp(odd ? 'ne' : 'eq', a, b), last: FLAG_KIND.LOGIC };
    case 1:
      return { value: cmp(odd ? 'ltu' : 'geu', a, b), last: FLAG_KIND.SUB32 };
    case 4:
      return { value: cmp(odd ? 'leu' : 'gtu', a, b), last: FLAG_KIND.SUB32 };
    case 5:
      return { value: cmp(odd ? 'lts' : 'ges', a, b), last: FLAG_KIND.LOGIC };
    case 6:
      return { value: cmp(odd ? 'les' : 'gts', a, b), last: FLAG_KIND.LOGIC };
    default:
      return undefined;
  }
}

/** Second operand that goes with a logical result. */
export const LOGIC_OPERAND: I64 = k64(0);

function holds(c: number, nzcv: number): boolean {
  const [n, z, carry, v] = [8, 4, 2, 1].map((bit) => (nzcv & bit) !== 0) as [
    boolean,
    boolean,
    boolean,
    boolean,
  ];
  const base = [z, carry, n, v, carry && !z, n === v, n === v && !z, true][c >> 1]!;
  return (c & 1) === 1 && c !== 15 ? !base : base;
}

/** For each condition: bit n is set when it holds for NZCV = n (Arm ARM, ConditionHolds). */
export const TRUTH: readonly number[] = Array.from({ length: 16 }, (_, c) =>
  Array.from({ length: 16 }, (__, nzcv) => (holds(c, nzcv) ? 1 << nzcv : 0)).reduce((x, y) => x | y, 0),
);
