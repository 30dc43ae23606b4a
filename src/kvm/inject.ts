/** Exceptions that KVM makes for the guest. Source: Linux arch/arm64/kvm/inject_fault.c. */
import { EC, ESR_IL, FAULT, esr } from '../abi/arm/esr.ts';
import { sysregKey } from '../abi/arm/sysreg-key.ts';
import type { VcpuState } from './vcpu-state.ts';

const ESR_UNKNOWN = BigInt(ESR_IL);
const ESR_EL1 = sysregKey(3, 0, 5, 2, 0);
const NZCV = 0xf000_0000n;

/** The kernel builds the exception itself, and unlike the PE it leaves NZCV alone. */
function inject({ hw }: VcpuState, syndrome: bigint, far?: bigint): void {
  const flags = hw.pstate & NZCV;
  hw.takeException('synchronous', syndrome, far);
  if (flags !== 0n) hw.pstate |= flags;
}

/** The instruction at PC is UNDEFINED. */
export function injectUndefined(state: VcpuState): void {
  inject(state, ESR_UNKNOWN);
}

/** A fetch from where there is no memory: an External abort for the guest. */
export function injectInstructionAbort(state: VcpuState, far: bigint): void {
  const { hw, kernel } = state;
  const el0 = (hw.pstate & 0xcn) === 0n;
  const syndrome = esr(el0 ? EC.INSTRUCTION_ABORT_LOWER : EC.INSTRUCTION_ABORT_SAME, FAULT.EXTERNAL);
  inject(state, BigInt(syndrome), far);
  if (!kernel.signExtendsInjectedAborts) return;
  hw.setSysreg(ESR_EL1, BigInt.asUintN(64, BigInt(syndrome | 0)));
}
