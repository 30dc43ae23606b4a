/** How KVM_RUN came back. */
import { EC, esrEc } from '../../abi/arm/esr.ts';
import type { KvmExit } from '../../abi/kvm/exits.ts';
import type { Errno } from '../../base/errno.ts';
import type { ExitDetail, RunResult, Vcpu } from '../../kvm/contract.ts';

/** KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON (include/uapi/linux/kvm.h). */
const SUBERROR_UNEXPECTED = 4;

/** With an exit, or with an errno and what kvm_run then holds. */
export interface Outcome {
  readonly exit: KvmExit | null;
  readonly errno: Errno | null;
  readonly detail: ExitDetail;
}

export function isStepExit(result: Extract<RunResult, { kind: 'exit' | 'error' }>): boolean {
  return (
    result.kind === 'exit' &&
    result.exit.reason === 'KVM_EXIT_DEBUG' &&
    esrEc(result.exit.debug.hsr) === EC.STEP_LOWER
  );
}

export function outcomeOf(result: Extract<RunResult, { kind: 'exit' | 'error' }>): Outcome {
  return { exit: result.exit, errno: result.kind === 'error' ? result.errno : null, detail: result.detail };
}

/** Our own bug while this vcpu ran: an exit that says so. The other vcpus and VMs of the thread go on. */
export function internalError(vcpu: Vcpu, message: string): RunResult {
  const { instructionCount } = vcpu;
  const detail: ExitDetail = { causes: [], pc: 0n, pstate: 0n, instructionCount, virtualTimeNs: 0 };
  const exit = {
    reason: 'KVM_EXIT_INTERNAL_ERROR',
    internal: { suberror: SUBERROR_UNEXPECTED, message },
  } as const;
  return { kind: 'exit', exit, detail };
}
