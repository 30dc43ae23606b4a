/** Reset of a vcpu's guest side: KVM_ARM_VCPU_INIT, and PSCI CPU_ON for the vcpu that it starts. */
import { resetGuestSide } from './guest-debug.ts';
import { resetRegisters } from './one-reg.ts';
import type { VcpuState } from './vcpu-state.ts';

/** Reset the guest's state. What the host asked for with KVM_SET_GUEST_DEBUG stays. */
export function resetGuest(state: VcpuState): void {
  state.worldSwitch.settle();
  resetRegisters(state);
  resetGuestSide(state.debug);
  state.worldSwitch.invalidate();
}

/**
 * Carry out the reset that CPU_ON left to be done before the guest runs or user space touches a register, whichever
 * comes first. Source: Linux arch/arm64/kvm/arm.c, KVM_REQ_VCPU_RESET.
 */
export function applyPendingReset(state: VcpuState): void {
  if (state.pendingReset === null) return;
  const { entry, context } = state.pendingReset;
  state.pendingReset = null;
  resetGuest(state);
  state.hw.pc = entry;
  state.hw.setX(0, context);
}
