/** What KVM is asked to create for a VM. */
import type { VcpuConfig, VmConfig } from '../kvm/contract.ts';
import type { VmSpec } from './types.ts';

export function configOf({ memory, debugResources, board }: VmSpec, vcpus: readonly VcpuConfig[]): VmConfig {
  if (board === undefined) {
    return { memory, vcpus, debugResources };
  }
  const { kind, gic, seed } = board;
  return { memory, vcpus, debugResources, board: { kind, gic, entropySeed: seed } };
}
