/**
 * What KVM_RUN makes for each debug exit, millions of times a second under single-step. Classes with declared fields for the
 * reasons given in `engine/debug/debug-exception.ts`.
 */
import type { DebugExitArch, KvmExit } from '../abi/kvm/exits.ts';
import { KVM_DEBUG_ARCH_HSR_HIGH_VALID } from '../abi/kvm/guest-debug.ts';
import type { ExitDetail, RunResult } from './contract.ts';

class DebugArch implements DebugExitArch {
  declare readonly hsr: number;
  declare readonly hsrHigh: number;
  declare readonly far: bigint;
  declare readonly flags: number;

  constructor(hsr: number, far: bigint) {
    this.hsr = hsr;
    this.hsrHigh = 0;
    this.far = far;
    this.flags = KVM_DEBUG_ARCH_HSR_HIGH_VALID;
  }
}

export class DebugExit implements Extract<KvmExit, { reason: 'KVM_EXIT_DEBUG' }> {
  declare readonly reason: 'KVM_EXIT_DEBUG';
  declare readonly debug: DebugExitArch;

  constructor(hsr: number, far: bigint) {
    this.reason = 'KVM_EXIT_DEBUG';
    this.debug = new DebugArch(hsr, far);
  }
}

export class Exited implements Extract<RunResult, { kind: 'exit' }> {
  declare readonly kind: 'exit';
  declare readonly exit: KvmExit;
  declare readonly detail: ExitDetail;

  constructor(exit: KvmExit, detail: ExitDetail) {
    this.kind = 'exit';
    this.exit = exit;
    this.detail = detail;
  }
}
