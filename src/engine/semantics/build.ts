/**
 * Builders for expression trees. They fold constants and drop neutral operations, so that one semantics
 * text is compact in a tier where operands are constants. No builder evaluates anything twice.
 */
import { assert } from '../../base/assert.ts';
import type {
  BinaryOp,
  CompareOp,
  Const,
  FloatLane,
  FloatOp,
  FloatTy,
  I32,
  I64,
  Lane,
  Load,
  Ty,
  UnaryOp,
  V128,
  Val,
  VectorOp,
} from './ir.ts';

/** Integer types. */
export type Int = 'i32' | 'i64';
type Width = 32 | 64;

const widthOf = (t: Ty): Width => (t === 'i64' ? 64 : 32);
const signed = (t: Ty, k: bigint): bigint => BigInt.asIntN(widthOf(t), k);
const isConst = <T extends Ty>(v: Val<T>): v is Const<T> => v.o === 'const';

/** An integer constant of type `t`; any bigint, kept modulo the width. */
export function konst<T extends Int>(t: T, k: bigint): Const<T> {
  return { o: 'const', t, k: BigInt.asUintN(widthOf(t), k) };
}
export const k32 = (k: number | bigint): Const<'i32'> => konst('i32', BigInt(k));
export const k64 = (k: number | bigint): Const<'i64'> => konst('i64', BigInt(k));
/** A 128-bit constant, lane 0 in the low bits. */
export const k128 = (k: bigint): Const<'v128'> => ({ o: 'const', t: 'v128', k: BigInt.asUintN(128, k) });

/** Result of a binary operation on constants; undefined where WebAssembly would trap. */
function foldBinary(t: Int, op: BinaryOp, a: bigint, b: bigint): bigint | undefined {
  const w = BigInt(widthOf(t));
  const n = b & (w - 1n);
  switch (op) {
    case 'add':
      return a + b;
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'and':
      return a & b;
    case 'or':
      return a | b;
    case 'xor':
      return a ^ b;
    case 'shl':
      return a << n;
    case 'shr':
      return a >> n;
    case 'sar':
      return signed(t, a) >> n;
    case 'rotl':
      return (a << n) | (a >> (w - n));
    case 'rotr':
      return (a >> n) | (a << (w - n));
    case 'divu':
      return b === 0n ? undefined : a / b;
    case 'remu':
      return b === 0n ? undefined : a % b;
    case 'divs': {
      const q = b === 0n ? undefined : signed(t, a) / signed(t, b);
      return q === 1n << (w - 1n) ? undefined : q;
    }
    case 'rems':
      return b === 0n ? undefined : signed(t, a) % signed(t, b);
  }
}

const SHIFTS: ReadonlySet<BinaryOp> = new Set(['shl', 'shr', 'sar', 'rotl', 'rotr']);

/** `a op b` when `b` is a constant that makes the operation trivial. */
function neutral<T extends Int>(op: BinaryOp, a: Val<T>, b: bigint, t: T): Val<T> | undefined {
  const ones = t === 'i64' ? 0xffff_ffff_ffff_ffffn : 0xffff_ffffn;
  if (SHIFTS.has(op)) return (b & BigInt(widthOf(t) - 1)) === 0n ? a : undefined;
  if (b === 0n) {
    if (op === 'add' || op === 'sub' || op === 'or' || op === 'xor') return a;
    if (op === 'and' || op === 'mul') return konst(t, 0n);
  }
  if (b === ones && op === 'and') return a;
  if (b === ones && op === 'or') return konst(t, ones);
  if (b === 1n && (op === 'mul' || op === 'divu' || op === 'divs')) return a;
  return undefined;
}

/** What is left of a value whose upper bits are shifted out and replaced by its sign, by how many are kept. */
const SIGN_EXTENSIONS: Readonly<Record<number, SameTypeUnary>> = { 8: 'ext8', 16: 'ext16', 32: 'ext32' };
/** `a >> b`, arithmetic, when `a` is a value shifted left by as much and WebAssembly has an instruction for both. */
function signExtension<T extends Int>(a: Val<T>, b: bigint): Val<T> | undefined {
  if (a.o !== 'binary' || a.op !== 'shl' || !isConst(a.b) || a.b.k !== b) return undefined;
  const op = SIGN_EXTENSIONS[widthOf(a.t) - Number(b)];
  return op && un(op, a.a as Val<T>);
}

const COMMUTES: ReadonlySet<BinaryOp> = new Set(['add', 'mul', 'and', 'or', 'xor']);

/** Integer arithmetic, WebAssembly's: shift counts are taken modulo the width, division by zero traps. */
export function bin<T extends Int>(op: BinaryOp, a: Val<T>, b: Val<T>): Val<T> {
  const t = a.t as T;
  if (isConst(a) && isConst(b)) {
    const k = foldBinary(t, op, a.k, b.k);
    if (k !== undefined) return konst(t, k);
  }
  if (isConst(b)) {
    const r = neutral(op, a, b.k, t) ?? (op === 'sar' ? signExtension(a, b.k) : undefined);
    if (r !== undefined) return r;
  } else if (isConst(a) && COMMUTES.has(op)) {
    return bin(op, b, a);
  }
  return { o: 'binary', t, op, a, b };
}

function foldCompare(t: Int, op: CompareOp, a: bigint, b: bigint): boolean {
  const sa = signed(t, a);
  const sb = signed(t, b);
  switch (op) {
    case 'eq':
      return a === b;
    case 'ne':
      return a !== b;
    case 'ltu':
      return a < b;
    case 'gtu':
      return a > b;
    case 'leu':
      return a <= b;
    case 'geu':
      return a >= b;
    case 'lts':
      return sa < sb;
    case 'gts':
      return sa > sb;
    case 'les':
      return sa <= sb;
    case 'ges':
      return sa >= sb;
  }
}

/** 1 when the comparison holds, else 0. */
export function cmp<T extends Int>(op: CompareOp, a: Val<T>, b: Val<T>): I32 {
  if (isConst(a) && isConst(b)) return k32(foldCompare(a.t as T, op, a.k, b.k) ? 1 : 0);
  return { o: 'binary', t: 'i32', op, a, b };
}

/** Operations with one operand whose result has the operand's type. */
export type SameTypeUnary = Exclude<UnaryOp, 'eqz' | 'wrap' | 'extu' | 'exts'>;

function foldUnary(t: Int, op: SameTypeUnary, a: bigint): bigint {
  const digits = a.toString(2).padStart(widthOf(t), '0');
  switch (op) {
    case 'clz':
      return BigInt(a === 0n ? widthOf(t) : digits.indexOf('1'));
    case 'ctz':
      return BigInt(a === 0n ? widthOf(t) : widthOf(t) - 1 - digits.lastIndexOf('1'));
    case 'popcnt':
      return BigInt(digits.replaceAll('0', '').length);
    case 'ext8':
      return BigInt.asIntN(8, a);
    case 'ext16':
      return BigInt.asIntN(16, a);
    case 'ext32':
      return BigInt.asIntN(32, a);
  }
}

/** Count or sign-extend within the operand's own type; 'ext32' is for i64. */
export function un<T extends Int>(op: SameTypeUnary, a: Val<T>): Val<T> {
  const t = a.t as T;
  if (isConst(a)) return konst(t, foldUnary(t, op, a.k));
  // There are loads that extend the sign.
  if (a.o === 'load' && `ext${a.bits}` === op) return { ...a, signed: true };
  return { o: 'unary', t, op, a };
}

/** 1 when `a` is zero, else 0. */
export function eqz<T extends Int>(a: Val<T>): I32 {
  if (isConst(a)) return k32(a.k === 0n ? 1 : 0);
  return { o: 'unary', t: 'i32', op: 'eqz', a };
}
/** All bits inverted. */
export function not<T extends Int>(a: Val<T>): Val<T> {
  return bin('xor', a, konst(a.t as T, -1n));
}
/** Two's complement. */
export function neg<T extends Int>(a: Val<T>): Val<T> {
  return bin('sub', konst(a.t as T, 0n), a);
}

/** Low 32 bits. */
export function wrap(a: I64): I32 {
  if (isConst(a)) return k32(a.k);
  // A widened value narrows to what it was.
  if (a.o === 'unary' && (a.op === 'extu' || a.op === 'exts')) return a.a as I32;
  return { o: 'unary', t: 'i32', op: 'wrap', a };
}
/** Zero-extend to 64 bits. */
export function extu(a: I32): I64 {
  return isConst(a) ? k64(a.k) : { o: 'unary', t: 'i64', op: 'extu', a };
}
/** Sign-extend to 64 bits. */
export function exts(a: I32): I64 {
  return isConst(a) ? k64(BigInt.asIntN(32, a.k)) : { o: 'unary', t: 'i64', op: 'exts', a };
}

const COMPARES: ReadonlySet<string> = new Set<CompareOp>([
  'eq',
  'ne',
  'lts',
  'ltu',
  'gts',
  'gtu',
  'les',
  'leu',
  'ges',
  'geu',
]);
/** It is 0 or 1. */
const isTruth = (v: I32): boolean =>
  (v.o === 'binary' && COMPARES.has(v.op)) || (v.o === 'unary' && v.op === 'eqz');

/** `c` non-zero: `a`, else `b`. Both are evaluated. */
export function sel<T extends Ty>(c: I32, a: Val<T>, b: Val<T>): Val<T> {
  if (isConst(c)) return c.k === 0n ? b : a;
  if (isConst(a) && isConst(b) && a.k + b.k === 1n && isTruth(c)) {
    const truth = a.k === 1n ? c : eqz(c);
    if (a.t === 'i32') return truth as Val<T>;
    if (a.t === 'i64') return extu(truth) as Val<T>;
  }
  return { o: 'select', t: a.t as T, c, a, b };
}

/** Load from linear memory at a host address; narrower than the type means zero-extended unless `sign`. */
export function ld<T extends Ty>(t: T, bits: Load['bits'], at: I32, offset = 0, sign = false): Load<T> {
  return { o: 'load', t, bits, signed: sign, at, offset };
}

/** A floating-point instruction of WebAssembly; `t` is the type of its result. */
export function float<T extends Ty>(t: T, op: FloatOp, ...args: readonly Val[]): Val<T> {
  return { o: 'float', t, op, args };
}

/** Every lane the low bits of `a` (i64 for 'i64x2', i32 otherwise). */
export function splat(lane: Lane, a: I32 | I64): V128 {
  if (isConst<'i32' | 'i64'>(a)) return k128(repeated(LANE_BITS[lane], a.k));
  return { o: 'splat', t: 'v128', lane, a };
}
/** Lane `index`: i64 for 'i64x2', otherwise i32, zero-extended unless `sign` (which matters for 'i8x16' and 'i16x8' only). */
export function extract(lane: 'i64x2', index: number, v: V128): I64;
export function extract(lane: Exclude<Lane, 'i64x2'>, index: number, v: V128, sign?: boolean): I32;
export function extract(lane: Lane, index: number, v: V128, sign = false): I32 | I64 {
  if (lane === 'i64x2') return { o: 'extract', t: 'i64', lane, index, signed: false, v };
  return { o: 'extract', t: 'i32', lane, index, signed: sign, v };
}
/** The low `bits` of `k` in every lane of that many. */
export function repeated(bits: number, k: bigint): bigint {
  let all = 0n;
  for (let at = 0; at < 128; at += bits) all |= BigInt.asUintN(bits, k) << BigInt(at);
  return all;
}
/** Lane `index` as a number. */
export function extractFloat(lane: FloatLane, index: number, v: V128): Val<FloatTy> {
  return { o: 'extract', t: lane === 'f64x2' ? 'f64' : 'f32', lane, index, signed: false, v };
}
/** `v` with lane `index` replaced by a number. */
export function replaceFloat(lane: FloatLane, index: number, v: V128, a: Val<FloatTy>): V128 {
  return { o: 'replace', t: 'v128', lane, index, v, a };
}
/** `v` with lane `index` replaced by the low bits of `a`. */
export function replace(lane: Lane, index: number, v: V128, a: I32 | I64): V128 {
  return { o: 'replace', t: 'v128', lane, index, v, a };
}
/** Bitwise operation on whole vectors ('andnot' is a AND NOT b), or lane-wise; some have one operand. */
export function vec(op: VectorOp['op'], a: V128, b?: V128): V128 {
  if (b === undefined) return { o: 'vector', t: 'v128', op, a };
  if (op === 'i8x16.swizzle' && isConst(b)) {
    const bytes = bytesOf(b.k);
    if (bytes.every((n) => n < 16)) return shuffle(bytes, a, a);
  }
  return { o: 'vector', t: 'v128', op, a, b };
}
const bytesOf = (k: bigint): number[] =>
  Array.from({ length: 16 }, (_, n) => Number((k >> BigInt(8 * n)) & 0xffn));
/** a * b + c in every lane, rounded once or twice as the host has it. */
export const multiplyAdd = (lane: FloatLane, a: V128, b: V128, c: V128): V128 => ({
  o: 'multiplyAdd',
  t: 'v128',
  lane,
  a,
  b,
  c,
});
/** Shift every lane; the count is taken modulo the lane's width. */
export function shiftLanes(lane: Lane, op: 'shl' | 'shr_s' | 'shr_u', a: V128, by: I32): V128 {
  if (isConst(by) && by.k % BigInt(LANE_BITS[lane]) === 0n) return a;
  return { o: 'vectorShift', t: 'v128', op: `${lane}.${op}`, a, by };
}
const LANE_BITS: Readonly<Record<Lane, number>> = { i8x16: 8, i16x8: 16, i32x4: 32, i64x2: 64 };
/** Bits of `a` where `mask` is set, of `b` elsewhere. */
export const bitselect = (mask: V128, a: V128, b: V128): V128 => ({ o: 'bitselect', t: 'v128', mask, a, b });
/** Byte i of the result is byte `bytes[i]` of b:a; there are 16. */
export const shuffle = (bytes: readonly number[], a: V128, b: V128): V128 => {
  assert(bytes.length === 16, 'a shuffle names 16 bytes');
  return { o: 'shuffle', t: 'v128', bytes, a, b };
};
/** 1 when some bit is set, else 0. */
export const anyTrue = (v: V128): I32 => ({ o: 'anyTrue', t: 'i32', v });
