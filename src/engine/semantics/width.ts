/** One text for the 32-bit and 64-bit form of an instruction: `wide` selects X, otherwise W. */
import { eqz, konst, wrap } from './build.ts';
import type { Emitter, FlagKind, ImmediateField, RegisterField } from './emitter.ts';
import type { I32, I64, Val } from './ir.ts';

export type Int = 'i32' | 'i64';
export interface Width {
  readonly wide: boolean;
}
export const WIDTHS: readonly Width[] = [{ wide: false }, { wide: true }];

export const register = (e: Emitter, wide: boolean, r: RegisterField): Val<Int> => (wide ? e.X(r) : e.W(r));
export const immediate = (e: Emitter, wide: boolean, f: ImmediateField): Val<Int> =>
  wide ? e.imm(f) : wrap(e.imm(f));
export const constant = (wide: boolean, k: number): Val<Int> => konst(wide ? 'i64' : 'i32', BigInt(k));

/** Write a result; 32 bits are zero-extended. */
export function setRegister(e: Emitter, wide: boolean, r: RegisterField, v: Val<Int>): void {
  if (wide) e.setX(r, v as I64);
  else e.setW(r, v as I32);
}

type FlagOperation = 'sub' | 'add' | 'logic';
const flagKind = (wide: boolean, operation: FlagOperation): FlagKind => `${operation}${wide ? 64 : 32}`;

export function setFlags(
  e: Emitter,
  wide: boolean,
  operation: FlagOperation,
  a: Val<Int>,
  b?: Val<Int>,
): void {
  if (b === undefined) e.flags(flagKind(wide, operation), a as I64);
  else e.flags(flagKind(wide, operation), a as I64, b as I64);
}
/** `setFlags` where `holds` is 1, else `otherwise`. */
export const setFlagsIf = (
  e: Emitter,
  holds: I32,
  wide: boolean,
  operation: 'sub' | 'add',
  a: Val<Int>,
  b: Val<Int>,
  otherwise: I32,
): void => e.flagsIf(holds, flagKind(wide, operation), a as I64, b as I64, otherwise);
export const isZero = (v: Val<Int>): I32 => eqz(v as I64);

/** All combinations of a variant's field values, the last name varying fastest. */
export function combine<T extends Record<string, readonly unknown[]>>(
  choices: T,
): { readonly [K in keyof T]: T[K][number] }[] {
  let all: Record<string, unknown>[] = [{}];
  for (const [name, values] of Object.entries(choices)) {
    all = all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  }
  return all as { readonly [K in keyof T]: T[K][number] }[];
}
