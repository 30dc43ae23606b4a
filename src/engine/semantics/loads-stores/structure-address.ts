/** Address and writeback of the SIMD structure loads and stores. */
import type { Fields, Operands } from '../../decode/row.ts';
import { bin } from '../build.ts';
import type { Emitter, RegisterField } from '../emitter.ts';
import type { I64 } from '../ir.ts';
import { orStackPointer, VECTOR } from '../operands.ts';
import { REG } from '../../layout.ts';

/** Without post-index the field Rm is zero. */
export const isAllocatedAddress = (f: Fields): boolean => f.post === 1 || f.Rm === 0;
/** Post-index by the size of the transfer. */
export const isImmediatePostIndex = (f: Fields): boolean => f.post === 1 && f.Rm === 31;

/** Rm is the zero register where the address does not move or moves by an immediate. */
export function setStructureOperands(f: Fields, o: Operands): void {
  o.rd = f.Rt;
  o.rn = orStackPointer(f.Rn);
  o.rm = f.post === 1 ? f.Rm : REG.ZERO;
  o.vectorMask = VECTOR.rd;
}

/** Rn becomes the address plus Rm plus an amount: itself when there is no writeback. */
export function advance(e: Emitter, rn: RegisterField, rm: RegisterField, address: I64, amount: I64): void {
  e.setX(rn, bin('add', bin('add', address, e.X(rm)), amount));
}
