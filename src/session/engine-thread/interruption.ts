/** KVM_EXIT_INTR in words: KVM knows only that a signal came, the run knows why it sent one. */
import type { MpState } from '../../kvm/contract.ts';
import type { RunEnd } from '../types.ts';

function reasonOf(end: RunEnd): string {
  switch (end.reason) {
    case 'budget-instructions':
      return 'the instruction budget of the run is spent';
    case 'budget-wall':
      return 'the time budget of the run is spent';
    case 'paused':
      return 'a client paused the VM';
    case 'exception-loop':
      return end.detail.replace(/\.$/, '');
    default:
      return 'the run ended';
  }
}

/** One sentence: what interrupted KVM_RUN of a vcpu in this state, and what to do. */
export function explainInterruption(end: RunEnd, mpState: MpState): string {
  const why = reasonOf(end);
  switch (mpState) {
    case 'KVM_MP_STATE_STOPPED':
      return `${why}; this vcpu is powered off (KVM_MP_STATE_STOPPED) and executes nothing until another vcpu calls PSCI CPU_ON for it, or PUT .../mp-state makes it KVM_MP_STATE_RUNNABLE`;
    case 'KVM_MP_STATE_SUSPENDED':
      return `${why}; this vcpu is suspended (KVM_MP_STATE_SUSPENDED) and executes nothing until an interrupt comes, or PUT .../mp-state makes it KVM_MP_STATE_RUNNABLE`;
    case 'KVM_MP_STATE_RUNNABLE':
      return `${why}; run again to go on`;
  }
}
