/** What KVM remembers beside the hardware, as plain data: the registers that it keeps for the guest, and the host's debugging. */
import type { StateTree } from '../base/state-tree.ts';
import type { VcpuState, VmState } from './vcpu-state.ts';

/** The guest's side of a vcpu, hardware included, and apart from it what the host's KVM_SET_GUEST_DEBUG made of it. */
export interface VcpuSnapshot {
  readonly guest: StateTree;
  readonly guestDebug: StateTree;
}

/** Of a vcpu that is outside KVM_RUN: its debug registers are put first, as leaving KVM_RUN does. */
export function snapshotVcpu(state: VcpuState, retired: number): VcpuSnapshot {
  state.worldSwitch.settle();
  const { hw, debug, idRegisters, mpidr, mpState, psci02, initialized } = state;
  const { control, external, hostStepPending, guest, mdscr, oslsr, mdccint } = debug;
  const { pendingMmio, pendingReset, incrementPc } = state;
  return {
    guest: {
      hardware: hw.snapshot(),
      debug: { guest, mdscr, oslsr, mdccint },
      idRegisters,
      kvm: { mpidr, mpState, psci02, initialized, pendingMmio, pendingReset, incrementPc, retired },
    },
    guestDebug: { control, external, hostStepPending },
  };
}

/** What belongs to the VM as a whole. */
export function snapshotVm(state: VmState): StateTree {
  const { hasRun, nisvToUser, systemSuspend, semihosting, firmware, features } = state;
  return {
    hasRun,
    nisvToUser,
    systemSuspend,
    semihosting: semihosting?.snapshot() ?? null,
    firmware,
    features,
  };
}
