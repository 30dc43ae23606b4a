/** Sums and products together with what rounding took from them. */
import { bin, float, k64 } from '../../semantics/build.ts';
import type { I32, I64 } from '../../semantics/ir.ts';
import type { Num, Path } from './path.ts';

export const promoted = (x: Num): Num => float('f64', 'f64.promote', x);
export const inDouble = (op: 'add' | 'mul', a: Num, b: Num): Num => float('f64', `f64.${op}`, a, b);
export const equalInDouble = (a: Num, b: Num): I32 => float('i32', 'f64.eq', a, b);

/** Knuth's error-free sum: s + error = a + b. */
export function twoSum(p: Path, a: Num, b: Num): { s: Num; error: Num } {
  const s = p.binary('add', a, b);
  const b1 = p.binary('sub', s, a);
  const a1 = p.binary('sub', s, b1);
  const error = p.binary('add', p.binary('sub', a, a1), p.binary('sub', b, b1));
  return { s, error };
}
/** Veltkamp and Dekker's error-free product of doubles: h + error = a * b. */
export function twoProduct(p: Path, a: Num, b: Num): { h: Num; error: Num } {
  const splitter = p.number(k64(0x41a0_0000_0200_0000n));
  const split = (x: Num): { high: Num; low: Num } => {
    const c = p.binary('mul', x, splitter);
    const high = p.binary('sub', c, p.binary('sub', c, x));
    return { high, low: p.binary('sub', x, high) };
  };
  const [x, y] = [split(a), split(b)];
  const h = p.binary('mul', a, b);
  const e1 = p.binary('sub', p.binary('mul', x.high, y.high), h);
  const e2 = p.binary('add', e1, p.binary('mul', x.high, y.low));
  const e3 = p.binary('add', e2, p.binary('mul', x.low, y.high));
  return { h, error: p.binary('add', e3, p.binary('mul', x.low, y.low)) };
}
export const isZero = (p: Path, x: Num): I32 => p.is('eq', x, p.number(k64(0)));
/** Whether a * b is c exactly. */
export function isProduct(p: Path, a: I64, b: I64, c: I64): I32 {
  const [x, y, z] = [p.number(a), p.number(b), p.number(c)];
  if (p.size === 32) return equalInDouble(inDouble('mul', promoted(x), promoted(y)), promoted(z));
  // Nothing is lost below the smallest normal number, either.
  const known = bin('and', bin('and', p.isShort(a), p.isShort(b)), p.isNormal(c));
  return bin('and', known, p.is('eq', p.binary('mul', x, y), z));
}
