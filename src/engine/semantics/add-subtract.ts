/** What every form of ADD, ADDS, SUB and SUBS shares (Arm ARM, AddWithCarry). */
import { bin } from './build.ts';
import type { Emitter, RegisterField } from './emitter.ts';
import type { Val } from './ir.ts';
import { type Int, setFlags, setRegister } from './width.ts';

/** The four operations; `bits` are the `op` and `S` bits of the encoding. */
export const ADD_SUB = [
  { mnemonic: 'ADD', bits: '0 0', subtract: false, flags: false },
  { mnemonic: 'ADDS', bits: '0 1', subtract: false, flags: true },
  { mnemonic: 'SUB', bits: '1 0', subtract: true, flags: false },
  { mnemonic: 'SUBS', bits: '1 1', subtract: true, flags: true },
] as const;
export type AddSub = (typeof ADD_SUB)[number];

/** Write a + b or a - b to `rd`, and NZCV when the operation sets it. */
export function addSubtract(
  e: Emitter,
  wide: boolean,
  { subtract, flags }: AddSub,
  rd: RegisterField,
  a: Val<Int>,
  b: Val<Int>,
): void {
  const x = flags ? e.let(a) : a;
  const y = flags ? e.let(b) : b;
  if (flags) setFlags(e, wide, subtract ? 'sub' : 'add', x, y);
  setRegister(e, wide, rd, bin(subtract ? 'sub' : 'add', x, y));
}
