/** Arm ARM pseudocode ShiftReg: the second operand of shifted-register forms. */
import type { OperandFields } from '../../decode/row.ts';
import { bin } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { Val } from '../ir.ts';
import { type Int, immediate, register } from '../width.ts';

/** Numbered 1 + the `shift` field; 'none' is any shift by 0. */
export const SHIFTS = ['none', 'shl', 'shr', 'sar', 'rotr'] as const;
export type Shift = (typeof SHIFTS)[number];

/** Rm shifted by imm. */
export function shifted(e: Emitter, wide: boolean, shift: Shift, o: OperandFields): Val<Int> {
  const value = register(e, wide, o.rm);
  return shift === 'none' ? value : bin(shift, value, immediate(e, wide, o.imm));
}
