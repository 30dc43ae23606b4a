/** Whether an access to a system register or system instruction happens, traps or is UNDEFINED. */
import { EC, esr, sysregIss } from '../../abi/arm/esr.ts';
import { sysregKey, type SysregKey } from '../../abi/arm/sysreg-key.ts';
import type { El0Control, SysregRow } from '../../abi/arm/sysregs.ts';
import { leave, takeException, takeFpTrap, takeUndefined } from './exceptions.ts';
import { OUTCOME, type Outcome, type Pe } from './pe.ts';
import { floatingPointEnabled } from './regime.ts';
import { comparatorImplemented, controlBits, readRegister, writeRegister } from './registers.ts';
import { rowOf } from './storage.ts';

/** An UNDEFINED instruction. */
export function undefinedInstruction(pe: Pe): Outcome {
  takeUndefined(pe);
  return OUTCOME.FAULT;
}

/** EC 0x18 to EL1: an EL0 access that a control register forbids. */
export function trapToEl1(pe: Pe, word: number): Outcome {
  takeException(pe, 'synchronous', esr(EC.SYSREG, sysregIss(word)));
  return OUTCOME.FAULT;
}

/** Whether the control makes EL0's access a trap. */
export function el0Traps(pe: Pe, control: El0Control): boolean {
  const any = (controlBits(pe, control.register) & control.mask) !== 0;
  return any === (control.trapWhen === 'set');
}

/** MRS and MSR (register), op0 2 or 3. */
export function accessRegister(pe: Pe, word: number): Outcome {
  const key: SysregKey = (word >>> 5) & 0xffff;
  const read = ((word >>> 21) & 1) === 1;
  const rt = word & 31;
  const row = rowOf(key, pe.model.features);
  if (row === undefined) return accessCpuInterface(pe, key, read, rt);
  if (!permitted(pe, row, read)) return undefinedInstruction(pe);
  const refused = refusal(pe, row, word, read);
  if (refused !== null) return refused;
  if (!read) {
    const effect = writeRegister(pe, row, pe.state.x(rt));
    return effect === 'none' ? OUTCOME.NEXT : leave(pe);
  }
  pe.state.setX(rt, readRegister(pe, row));
  return OUTCOME.NEXT;
}

/** ICC_*_EL1 of an interrupt controller with system registers: EL1 only. What it signals may change. */
function accessCpuInterface(pe: Pe, key: SysregKey, read: boolean, rt: number): Outcome {
  const registers = pe.cpuInterface;
  if (registers === null || pe.state.el === 0) return undefinedInstruction(pe);
  if (!read) return registers.write(key, pe.state.x(rt)) ? leave(pe) : undefinedInstruction(pe);
  const value = registers.read(key);
  if (value === undefined) return undefinedInstruction(pe);
  pe.state.setX(rt, value);
  return leave(pe);
}

/** Rights of the Exception level; without them the instruction is UNDEFINED. */
function permitted(pe: Pe, row: SysregRow, read: boolean): boolean {
  const rights = pe.state.el === 0 ? row.el0 : row.el1;
  if (!rights.includes(read ? 'r' : 'w')) return false;
  // SP_EL0 has no name of its own while it is the stack pointer in use.
  if (row.key === SP_EL0_KEY && !pe.state.spEl1Selected) return false;
  return comparatorImplemented(pe, row.key);
}

const SP_EL0_KEY: SysregKey = sysregKey(3, 0, 4, 1, 0);

/** The trap that a permitted access takes, EL1's before EL2's, or null. */
function refusal(pe: Pe, row: SysregRow, word: number, read: boolean): Outcome | null {
  if (pe.state.el === 0 && row.el0Control !== undefined && el0Traps(pe, row.el0Control))
    return trapToEl1(pe, word);
  if (row.floatingPoint === true && !floatingPointEnabled(pe.state)) {
    takeFpTrap(pe);
    return OUTCOME.FAULT;
  }
  if (row.trap === undefined || !pe.controls[row.trap]) return null;
  pe.stop = { kind: 'sysreg', key: row.key, read, register: word & 31 };
  return OUTCOME.FAULT;
}
