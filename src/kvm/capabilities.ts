/** KVM_CHECK_EXTENSION. Source: Linux arch/arm64/kvm/arm.c and virt/kvm/kvm_main.c. */
import { KVM_CAP } from '../abi/kvm/capabilities.ts';
import { KVM_GUESTDBG_VALID_MASK } from '../abi/kvm/guest-debug.ts';
import type { DebugResources, KernelGeneration, Profile } from './contract.ts';
import { KERNEL_BEHAVIOUR } from './kernel-behaviour.ts';

/** vcpus that a VM can have. */
const MAX_VCPUS = 512;
/** Bits of an intermediate physical address. */
const IPA_BITS = 40;

/** Constant answers; whatever is missing here and below is 0. */
const ANSWERS: Readonly<Partial<Record<keyof typeof KVM_CAP, number>>> = {
  KVM_CAP_USER_MEMORY: 1,
  KVM_CAP_NR_VCPUS: 8,
  KVM_CAP_NR_MEMSLOTS: 32767,
  KVM_CAP_MP_STATE: 1,
  KVM_CAP_SYNC_MMU: 1,
  KVM_CAP_DESTROY_MEMORY_REGION_WORKS: 1,
  KVM_CAP_SET_GUEST_DEBUG: 1,
  KVM_CAP_JOIN_MEMORY_REGIONS_WORKS: 1,
  KVM_CAP_INTERNAL_ERROR_DATA: 1,
  KVM_CAP_VCPU_EVENTS: 1,
  KVM_CAP_MAX_VCPUS: MAX_VCPUS,
  KVM_CAP_ONE_REG: 1,
  KVM_CAP_READONLY_MEM: 1,
  KVM_CAP_ARM_PSCI: 1,
  KVM_CAP_ARM_SET_DEVICE_ADDR: 1,
  KVM_CAP_ENABLE_CAP_VM: 1,
  KVM_CAP_ARM_PSCI_0_2: 1,
  KVM_CAP_CHECK_EXTENSION_VM: 1,
  KVM_CAP_VCPU_ATTRIBUTES: 1,
  KVM_CAP_MAX_VCPU_ID: MAX_VCPUS,
  KVM_CAP_IMMEDIATE_EXIT: 1,
  KVM_CAP_ARM_USER_IRQ: 1,
  KVM_CAP_ARM_VM_IPA_SIZE: IPA_BITS,
  KVM_CAP_ARM_IRQ_LINE_LAYOUT_2: 1,
  KVM_CAP_ARM_NISV_TO_USER: 1,
  KVM_CAP_ARM_INJECT_EXT_DABT: 1,
  KVM_CAP_SET_GUEST_DEBUG2: KVM_GUESTDBG_VALID_MASK,
  KVM_CAP_ARM_SYSTEM_SUSPEND: 1,
  KVM_CAP_COUNTER_OFFSET: 1,
  KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES: 1,
};
const BY_NUMBER = new Map<number, number>(
  Object.entries(ANSWERS).map(([name, value]) => [KVM_CAP[name as keyof typeof KVM_CAP], value]),
);

/** The answer for slots and features given; 0 for every number that the kernel does not know. */
export function checkExtension(
  cap: number,
  kernel: KernelGeneration,
  resources: DebugResources,
  features: ReadonlySet<string>,
): number {
  if (KERNEL_BEHAVIOUR[kernel].unknownCapabilities.has(cap)) return 0;
  switch (cap) {
    case KVM_CAP.KVM_CAP_GUEST_DEBUG_HW_BPS:
      return resources.breakpoints;
    case KVM_CAP.KVM_CAP_GUEST_DEBUG_HW_WPS:
      return resources.watchpoints;
    case KVM_CAP.KVM_CAP_ARM_INJECT_SERROR_ESR:
      return features.has('FEAT_RAS') ? 1 : 0;
    default:
      return BY_NUMBER.get(cap) ?? 0;
  }
}

/** KVM_CHECK_EXTENSION on /dev/kvm of a host with this profile. */
export function checkHostExtension(cap: number, profile: Profile): number {
  return checkExtension(cap, profile.kernel, profile, new Set(profile.features));
}
