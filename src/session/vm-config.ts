/** What KVM is asked to create for a VM. */
import { FLASH } from '../kvm/boot.ts';
import type { DiskConfig, Tier, VcpuConfig, VmConfig } from '../kvm/contract.ts';
import type { VmSpec } from './types.ts';

export const TIERS = ['interpreter', 'jit', 'auto'] as const satisfies readonly Tier[];
export const DEFAULT_TIER = 'auto' satisfies Tier;

export function configOf(
  { memory, debugResources, tier = DEFAULT_TIER, board, boot }: VmSpec,
  vcpus: readonly VcpuConfig[],
  disks: readonly DiskConfig[],
): VmConfig {
  if (board === undefined) {
    return { memory, vcpus, debugResources, tier };
  }
  const { kind, gic, seed, time } = board;
  const epoch = Math.floor(time.getTime() / 1000);
  const firmware = boot?.firmware !== undefined;
  return {
    memory,
    vcpus,
    debugResources,
    tier,
    board: { kind, gic, entropySeed: seed, epoch, disks, firmware },
  };
}

/** Bytes of guest memory of a VM: RAM, and flash when it boots firmware. */
export function memoryOf({ memory, boot }: VmSpec): number {
  return memory.size + (boot?.firmware === undefined ? 0 : FLASH.size);
}
