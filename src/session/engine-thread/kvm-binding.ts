/** What an engine thread needs of the KVM floor, as a value: the worker binds the real one, tests may bind another. */
import type { KvmExit } from '../../abi/kvm/exits.ts';
import type { ExitDetail, GuestDebug, Vcpu, Vm, VmConfig } from '../../kvm/contract.ts';
import type { ExitExplanation, GuestDebugExplanation } from '../../kvm/explain.ts';

export interface KvmBinding {
  createVm(config: VmConfig): Vm;
  explainExit(vcpu: Vcpu, exit: KvmExit | null, detail: ExitDetail): ExitExplanation;
  explainGuestDebug(vcpu: Vcpu, debug: GuestDebug): GuestDebugExplanation;
  /** Names in `names`, groups (`core`, `simd`, `system`) spelled out, as KVM ids. Null: no such name. */
  registerId(vcpu: Vcpu, name: string): bigint | null;
  registerGroup(vcpu: Vcpu, group: string): readonly string[] | null;
}
