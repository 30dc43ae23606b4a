/** A guest that takes exception after exception and retires nothing: what it is, in registers and in words. */
import { EC, EC_NAMES, esrEc, esrIss } from '../abi/arm/esr.ts';
import { type SysregKey, sysregKey } from '../abi/arm/sysreg-key.ts';
import { hex32, hex64 } from '../base/u64.ts';
import type { ExceptionLoop } from './contract.ts';
import type { VcpuState } from './vcpu-state.ts';

const ESR_EL1 = sysregKey(3, 0, 5, 2, 0);
const ELR_EL1 = sysregKey(3, 0, 4, 0, 1);
const FAR_EL1 = sysregKey(3, 0, 6, 0, 0);
const VBAR_EL1 = sysregKey(3, 0, 12, 0, 0);

/** Exceptions that write FAR_EL1 (Arm ARM, FAR_EL1). */
const WITH_ADDRESS: ReadonlySet<number> = new Set([
  EC.INSTRUCTION_ABORT_LOWER,
  EC.INSTRUCTION_ABORT_SAME,
  EC.DATA_ABORT_LOWER,
  EC.DATA_ABORT_SAME,
  EC.PC_ALIGNMENT,
]);

/** `attempts`: how many in a row ended in an exception. */
export function exceptionLoop({ hw }: VcpuState, attempts: number): ExceptionLoop {
  const read = (key: SysregKey): bigint => hw.getSysreg(key) ?? 0n;
  const esr = Number(BigInt.asUintN(32, read(ESR_EL1)));
  return { attempts, esr, elr: read(ELR_EL1), far: read(FAR_EL1), vbar: read(VBAR_EL1) };
}

/** What the exception was: the manual's name, and for EC 0 what it stands for. */
function nameOf(esr: number): string {
  const ec = esrEc(esr);
  if (ec === EC.UNKNOWN && esrIss(esr) === 0) return 'UNDEFINED instruction';
  return EC_NAMES.get(ec) ?? `exception of class 0x${ec.toString(16)}`;
}

/** One paragraph: what happens, the last exception, what to do. */
export function explainExceptionLoop(vcpu: number, loop: ExceptionLoop): string {
  const { attempts, esr, elr, far, vbar } = loop;
  const address = WITH_ADDRESS.has(esrEc(esr)) ? `, FAR_EL1 ${hex64(far)}` : '';
  return (
    `vcpu ${vcpu} takes exceptions only: ${attempts} in a row without one instruction completed. ` +
    `The last is ${nameOf(esr)} at ${hex64(elr)} (ESR_EL1 ${hex32(esr)}, ELR_EL1 ${hex64(elr)}${address}). ` +
    `VBAR_EL1 is ${hex64(vbar)}, and what is at its vectors does not run: load exception vectors and point VBAR_EL1 at them, ` +
    'or correct the mapping of that address. A breakpoint or single steps from the start show the first exception.'
  );
}
