/**
 * KVM_CAP_* numbers by name: the ones that arm64 answers, and those of other architectures that clients of
 * guest debug probe. Source: Linux include/uapi/linux/kvm.h.
 */
export const KVM_CAP = {
  KVM_CAP_IRQCHIP: 0,
  KVM_CAP_USER_MEMORY: 3,
  KVM_CAP_NR_VCPUS: 9,
  KVM_CAP_NR_MEMSLOTS: 10,
  KVM_CAP_MP_STATE: 14,
  KVM_CAP_COALESCED_MMIO: 15,
  KVM_CAP_SYNC_MMU: 16,
  KVM_CAP_DESTROY_MEMORY_REGION_WORKS: 21,
  KVM_CAP_SET_GUEST_DEBUG: 23,
  KVM_CAP_IRQ_ROUTING: 25,
  KVM_CAP_JOIN_MEMORY_REGIONS_WORKS: 30,
  KVM_CAP_IRQFD: 32,
  KVM_CAP_IOEVENTFD: 36,
  KVM_CAP_INTERNAL_ERROR_DATA: 40,
  KVM_CAP_VCPU_EVENTS: 41,
  KVM_CAP_DEBUGREGS: 50,
  KVM_CAP_X86_ROBUST_SINGLESTEP: 51,
  KVM_CAP_ENABLE_CAP: 54,
  KVM_CAP_MAX_VCPUS: 66,
  KVM_CAP_ONE_REG: 70,
  KVM_CAP_SIGNAL_MSI: 77,
  KVM_CAP_READONLY_MEM: 81,
  KVM_CAP_ARM_PSCI: 87,
  KVM_CAP_ARM_SET_DEVICE_ADDR: 88,
  KVM_CAP_DEVICE_CTRL: 89,
  KVM_CAP_ARM_EL1_32BIT: 93,
  KVM_CAP_ENABLE_CAP_VM: 98,
  KVM_CAP_IOEVENTFD_NO_LENGTH: 100,
  KVM_CAP_VM_ATTRIBUTES: 101,
  KVM_CAP_ARM_PSCI_0_2: 102,
  KVM_CAP_CHECK_EXTENSION_VM: 105,
  KVM_CAP_MULTI_ADDRESS_SPACE: 118,
  KVM_CAP_GUEST_DEBUG_HW_BPS: 119,
  KVM_CAP_GUEST_DEBUG_HW_WPS: 120,
  KVM_CAP_IOEVENTFD_ANY_LENGTH: 122,
  KVM_CAP_ARM_PMU_V3: 126,
  KVM_CAP_VCPU_ATTRIBUTES: 127,
  KVM_CAP_MAX_VCPU_ID: 128,
  KVM_CAP_MSI_DEVID: 131,
  KVM_CAP_IMMEDIATE_EXIT: 136,
  KVM_CAP_ARM_USER_IRQ: 144,
  KVM_CAP_ARM_INJECT_SERROR_ESR: 158,
  KVM_CAP_ARM_VM_IPA_SIZE: 165,
  KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2: 168,
  KVM_CAP_ARM_SVE: 170,
  KVM_CAP_ARM_PTRAUTH_ADDRESS: 171,
  KVM_CAP_ARM_PTRAUTH_GENERIC: 172,
  KVM_CAP_ARM_IRQ_LINE_LAYOUT_2: 174,
  KVM_CAP_PPC_GUEST_DEBUG_SSTEP: 176,
  KVM_CAP_ARM_NISV_TO_USER: 177,
  KVM_CAP_ARM_INJECT_EXT_DABT: 178,
  KVM_CAP_STEAL_TIME: 187,
  KVM_CAP_SET_GUEST_DEBUG2: 195,
  KVM_CAP_PTP_KVM: 198,
  KVM_CAP_BINARY_STATS_FD: 203,
  KVM_CAP_ARM_MTE: 205,
  KVM_CAP_ARM_SYSTEM_SUSPEND: 216,
  KVM_CAP_COUNTER_OFFSET: 227,
  KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE: 228,
  KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES: 229,
  KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES: 230,
  KVM_CAP_ARM_WRITABLE_IMP_ID_REGS: 239,
  KVM_CAP_ARM_EL2: 240,
} as const;
export type CapabilityName = keyof typeof KVM_CAP;

const NAMES = new Map<number, CapabilityName>(
  (Object.keys(KVM_CAP) as CapabilityName[]).map((name) => [KVM_CAP[name], name]),
);

/** The name of a capability number; undefined for numbers that mean nothing here. */
export function capabilityName(cap: number): CapabilityName | undefined {
  return NAMES.get(cap);
}

/** The number of a capability given as `KVM_CAP_X` or `X`, in any case; undefined when there is no such name. */
export function capabilityNumber(name: string): number | undefined {
  const upper = name.toUpperCase();
  const full = upper.startsWith('KVM_CAP_') ? upper : `KVM_CAP_${upper}`;
  return Object.hasOwn(KVM_CAP, full) ? KVM_CAP[full as CapabilityName] : undefined;
}
