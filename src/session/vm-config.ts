/** What KVM is asked to create for a VM. */
import type { Tier, VcpuConfig, VmConfig } from '../kvm/contract.ts';
import type { VmSpec } from './types.ts';

export const TIERS = ['interpreter', 'jit', 'auto'] as const satisfies readonly Tier[];
export const DEFAULT_TIER = 'auto' satisfies Tier;

export function configOf(
  { memory, debugResources, tier = DEFAULT_TIER, board }: VmSpec,
  vcpus: readonly VcpuConfig[],
): VmConfig {
  if (board === undefined) {
    return { memory, vcpus, debugResources, tier };
  }
  const { kind, gic, seed } = board;
  return { memory, vcpus, debugResources, tier, board: { kind, gic, entropySeed: seed } };
}
