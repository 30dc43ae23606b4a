/** Conditions where it is known which kind of operation left the flags. */
import { bin, cmp, eqz, float, k32, konst, wrap } from '../../semantics/build.ts';
import type { FlagKind, Sum } from '../../semantics/emitter.ts';
import { FLAG_KIND, type FlagKindNumber, nzcvOfOperation, TRUTH } from '../../semantics/flags.ts';
import type { CompareOp, FloatTy, I32, I64, Val } from '../../semantics/ir.ts';

type Int = 'i32' | 'i64';
export type Pin = <T extends Int>(v: Val<T>) => Val<T>;

/** Flags of a known kind; the operands are pinned and have the width of the operation, `b` is absent for LOGIC and PACKED. */
export interface KnownFlags {
  readonly kind: FlagKindNumber;
  readonly a: Val<Int>;
  readonly b?: Val<Int>;
  /** Flags of numbers that have been compared, neither of them NaN. */
  readonly numbers?: readonly [Val<FloatTy>, Val<FloatTy>];
  /** What flags of a kind PACKED are of, N, Z and C. */
  readonly sum?: Sum;
  /** Flags that a conditional comparison chose; `kind` is PACKED then. */
  readonly choice?: Choice;
}
export interface Choice {
  /** 1: the flags are those of `compared`; 0: they are `otherwise`. */
  readonly holds: I32;
  readonly compared: KnownFlags;
  readonly otherwise: number;
}

const OPERATION: Readonly<Record<number, FlagKind>> = {
  [FLAG_KIND.SUB64]: 'sub64',
  [FLAG_KIND.SUB32]: 'sub32',
  [FLAG_KIND.LOGIC]: 'logic64',
  [FLAG_KIND.ADD64]: 'add64',
  [FLAG_KIND.ADD32]: 'add32',
};

/** NZCV in bits 3..0. */
export function nzcvOf({ kind, a, b }: KnownFlags, pin: Pin): I32 {
  if (kind === FLAG_KIND.PACKED) return a.t === 'i32' ? (a as I32) : wrap(a as I64);
  return nzcvOfOperation(OPERATION[kind]!, a, b, pin);
}

/** Comparisons of a - b by condition; MI, PL, VS and VC have none. */
const COMPARISON: Readonly<Record<number, CompareOp>> = {
  0: 'eq',
  1: 'ne',
  2: 'geu',
  3: 'ltu',
  8: 'gtu',
  9: 'leu',
  10: 'ges',
  11: 'lts',
  12: 'gts',
  13: 'les',
};
/** Conditions after a logical result, as comparisons with zero: C and V are clear. */
const WITH_ZERO: Readonly<Record<number, CompareOp>> = {
  0: 'eq',
  1: 'ne',
  4: 'lts',
  5: 'ges',
  10: 'ges',
  11: 'lts',
  12: 'gts',
  13: 'les',
};
/** EQ and NE, MI and PL after an addition, by its sum; HS and LO, the carry, compare it with an operand. */
const OF_SUM: Readonly<Record<number, CompareOp>> = { 0: 'eq', 1: 'ne', 4: 'lts', 5: 'ges' };
const LOGIC_NEVER = 0x0144; // HS/CS, VS, HI
const LOGIC_ALWAYS = 0x0288; // LO/CC, VC, LS

/** Conditions after a comparison of numbers, as comparisons; VS and VC have none. */
const OF_NUMBERS = {
  0: 'eq',
  1: 'ne',
  2: 'ge',
  3: 'lt',
  4: 'lt',
  5: 'ge',
  8: 'gt',
  9: 'le',
  10: 'ge',
  11: 'lt',
  12: 'gt',
  13: 'le',
} as const;
function holdsOfNumbers(c: number, [x, y]: readonly [Val<FloatTy>, Val<FloatTy>]): I32 {
  const op = OF_NUMBERS[c as keyof typeof OF_NUMBERS] as
    | (typeof OF_NUMBERS)[0 | 1 | 2 | 3 | 8 | 9]
    | undefined;
  return op === undefined ? k32(c === 7 ? 1 : 0) : float('i32', `${x.t}.${op}`, x, y);
}

/** Undefined for the conditions that look at V, or at C and Z. */
function holdsOfSum(c: number, { result, carry }: Sum): I32 | undefined {
  if (c === 2 || c === 3) return c === 2 ? carry : eqz(carry);
  const op = OF_SUM[c];
  return op && cmp(op, result, konst(result.t as Int, 0n));
}
function holdsOfChoice(c: number, { holds: chosen, compared, otherwise }: Choice, pin: Pin): I32 {
  const met = holds(c, compared, pin);
  const metOtherwise = ((TRUTH[c]! >> otherwise) & 1) === 1;
  return metOtherwise ? bin('or', eqz(chosen), met) : bin('and', chosen, met);
}

/** 1 when condition `c` (0..13) holds. */
export function holds(c: number, flags: KnownFlags, pin: Pin): I32 {
  if (flags.numbers !== undefined) return holdsOfNumbers(c, flags.numbers);
  if (flags.choice !== undefined) return holdsOfChoice(c, flags.choice, pin);
  const known = flags.sum && holdsOfSum(c, flags.sum);
  if (known !== undefined) return known;
  const { kind, a, b } = flags;
  const zero = konst(a.t as Int, 0n);
  if (kind === FLAG_KIND.LOGIC) {
    if (((LOGIC_NEVER >> c) & 1) === 1) return k32(0);
    if (((LOGIC_ALWAYS >> c) & 1) === 1) return k32(1);
    const op = WITH_ZERO[c]!;
    return op === 'eq' ? eqz(a) : cmp(op, a, zero);
  }
  if (kind === FLAG_KIND.SUB64 || kind === FLAG_KIND.SUB32) {
    const op = COMPARISON[c];
    if (op !== undefined) return cmp(op, a, b!);
    if (c === 4 || c === 5) return cmp(c === 4 ? 'lts' : 'ges', bin('sub', a, b!), zero);
  }
  if (kind === FLAG_KIND.ADD64 || kind === FLAG_KIND.ADD32) {
    const sum = bin('add', a, b!);
    if (c === 2 || c === 3) return cmp(c === 2 ? 'ltu' : 'geu', sum, a);
    const op = OF_SUM[c];
    if (op !== undefined) return cmp(op, sum, zero);
  }
  return bin('and', bin('shr', k32(TRUTH[c]!), nzcvOf(flags, pin)), k32(1));
}
