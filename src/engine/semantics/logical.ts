/** What every form of AND, ORR, EOR and ANDS shares. */
import { bin } from './build.ts';
import type { Emitter, RegisterField } from './emitter.ts';
import type { Val } from './ir.ts';
import { type Int, setFlags, setRegister } from './width.ts';

/** The four operations; `opc` is the encoding's field. */
export const LOGICAL = [
  { mnemonic: 'AND', inverted: 'BIC', opc: '00', op: 'and', flags: false },
  { mnemonic: 'ORR', inverted: 'ORN', opc: '01', op: 'or', flags: false },
  { mnemonic: 'EOR', inverted: 'EON', opc: '10', op: 'xor', flags: false },
  { mnemonic: 'ANDS', inverted: 'BICS', opc: '11', op: 'and', flags: true },
] as const;
export type Logical = (typeof LOGICAL)[number];

export function logical(
  e: Emitter,
  wide: boolean,
  { op, flags }: Logical,
  rd: RegisterField,
  a: Val<Int>,
  b: Val<Int>,
): void {
  const value = bin(op, a, b);
  const result = flags ? e.let(value) : value;
  if (flags) setFlags(e, wide, 'logic', result);
  setRegister(e, wide, rd, result);
}
