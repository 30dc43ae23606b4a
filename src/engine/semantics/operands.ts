/** What the `operands` functions of rows share: register numbers and immediates, as int32 halves. */
import type { Operands } from '../decode/row.ts';
import { REG } from '../layout.ts';

/** Register 31 as a destination is the zero register: the write goes nowhere. */
export const destination = (r: number): number => (r === 31 ? REG.SINK : r);
/** Register 31 is the stack pointer in this position. */
export const orStackPointer = (r: number): number => (r === 31 ? REG.SP : r);

/** `vectorMask` bits. */
export const VECTOR = { rd: 1, rn: 2, rm: 4, ra: 8 } as const;

/** Two's complement value of the low `width` bits. */
export const signExtend = (value: number, width: number): number => (value << (32 - width)) >> (32 - width);

export interface Halves {
  readonly lo: number;
  readonly hi: number;
}
/** The low `count` (0..64) bits set. */
export function ones(count: number): Halves {
  return { lo: ones32(Math.min(count, 32)), hi: ones32(Math.max(count - 32, 0)) };
}
const ones32 = (count: number): number => (count === 0 ? 0 : -1 >>> (32 - count)) | 0;
/** Logical shift left by 0..63. */
export function shiftLeft({ lo, hi }: Halves, by: number): Halves {
  if (by === 0) return { lo, hi };
  if (by >= 32) return { lo: 0, hi: lo << (by - 32) };
  return { lo: lo << by, hi: (hi << by) | (lo >>> (32 - by)) };
}

export function setImm(o: Operands, lo: number, hi = 0): void {
  o.immLo = lo | 0;
  o.immHi = hi | 0;
}
export function setImm2(o: Operands, lo: number, hi = 0): void {
  o.imm2Lo = lo | 0;
  o.imm2Hi = hi | 0;
}
/** An int32 as a 64-bit immediate. */
export const setSignedImm = (o: Operands, value: number): void => setImm(o, value, value >> 31);

/** imm = a + b modulo 2^64. */
export function setSum(o: Operands, aLo: number, aHi: number, bLo: number, bHi: number): void {
  const lo = (aLo >>> 0) + (bLo >>> 0);
  setImm(o, lo, aHi + bHi + (lo > 0xffff_ffff ? 1 : 0));
}
/** imm = the instruction's address + a signed 32-bit offset. */
export const setRelative = (o: Operands, pcLo: number, pcHi: number, offset: number): void =>
  setSum(o, pcLo, pcHi, offset, offset >> 31);
