/** PSCI and SMCCC function identifiers and results. Sources: Arm DEN 0022 (PSCI), DEN 0028 (SMCCC), Linux uapi psci.h. */

/** 32-bit calls; the 64-bit form of those that have one sets bit 30. */
export const PSCI_FN = {
  PSCI_VERSION: 0x8400_0000,
  CPU_SUSPEND: 0x8400_0001,
  CPU_OFF: 0x8400_0002,
  CPU_ON: 0x8400_0003,
  AFFINITY_INFO: 0x8400_0004,
  MIGRATE: 0x8400_0005,
  MIGRATE_INFO_TYPE: 0x8400_0006,
  MIGRATE_INFO_UP_CPU: 0x8400_0007,
  SYSTEM_OFF: 0x8400_0008,
  SYSTEM_RESET: 0x8400_0009,
  PSCI_FEATURES: 0x8400_000a,
  SYSTEM_SUSPEND: 0x8400_000e,
  SYSTEM_RESET2: 0x8400_0012,
  SYSTEM_OFF2: 0x8400_0015,
} as const;
export type PsciFunction = keyof typeof PSCI_FN;

/** Functions that also exist with 64-bit arguments. */
export const PSCI_FN64: ReadonlySet<PsciFunction> = new Set([
  'CPU_SUSPEND',
  'CPU_ON',
  'AFFINITY_INFO',
  'MIGRATE',
  'MIGRATE_INFO_UP_CPU',
  'SYSTEM_SUSPEND',
  'SYSTEM_RESET2',
  'SYSTEM_OFF2',
]);
export const PSCI_64BIT = 0x4000_0000;

/** PSCI 0.1 identifiers are the hypervisor's own. Source: Linux uapi asm/kvm.h, KVM_PSCI_FN. */
export const PSCI_0_1_FN = {
  CPU_SUSPEND: 0x95c1_ba5e,
  CPU_OFF: 0x95c1_ba5f,
  CPU_ON: 0x95c1_ba60,
  MIGRATE: 0x95c1_ba61,
} as const;

export const PSCI_RET = {
  SUCCESS: 0n,
  NOT_SUPPORTED: -1n,
  INVALID_PARAMETERS: -2n,
  DENIED: -3n,
  ALREADY_ON: -4n,
  ON_PENDING: -5n,
  INTERNAL_FAILURE: -6n,
} as const;

/** AFFINITY_INFO results. */
export const PSCI_AFFINITY_LEVEL_ON = 0n;
export const PSCI_AFFINITY_LEVEL_OFF = 1n;
/** MIGRATE_INFO_TYPE: no Trusted OS, or one that needs no migration. */
export const PSCI_TOS_MP = 2n;

/** Versions as PSCI_VERSION returns them. */
export const PSCI_VERSION = {
  V0_1: 0,
  V0_2: 0x0002,
  V1_0: 0x1_0000,
  V1_1: 0x1_0001,
  V1_2: 0x1_0002,
  V1_3: 0x1_0003,
} as const;

/** `kvm_run.system_event.data[0]`. */
export const SYSTEM_EVENT_FLAG = { SHUTDOWN_PSCI_OFF2: 1n, RESET_PSCI_RESET2: 1n } as const;

export const SMCCC_FN = {
  SMCCC_VERSION: 0x8000_0000,
  SMCCC_ARCH_FEATURES: 0x8000_0001,
  VENDOR_HYP_UID: 0x8600_ff01,
  VENDOR_HYP_FEATURES: 0x8600_0000,
} as const;
/** What SMCCC_ARCH_FEATURES is asked about, and what it answers where no workaround is needed. */
export const SMCCC_WORKAROUND = { 1: 0x8000_8000, 2: 0x8000_7fff, 3: 0x8000_3fff } as const;
export const SMCCC_WORKAROUND_UNAFFECTED = 1n;
export const SMCCC_NOT_REQUIRED = -2n;
/** Bits of VENDOR_HYP_FEATURES. */
export const VENDOR_HYP_FEATURE = { FUNC_FEAT: 1n } as const;
export const SMCCC_VERSION_1_1 = 0x1_0001n;
/** KVM's vendor UID, as the four words that VENDOR_HYP_UID returns. */
export const KVM_VENDOR_UID: readonly bigint[] = [0xb66f_b428n, 0xe911_c52en, 0x564b_caa9n, 0x743a_004dn];
