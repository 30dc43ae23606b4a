/**
 * KVM exits as data: `struct kvm_run` without the unions. Names and numbers are the kernel's
 * (include/uapi/linux/kvm.h). What real KVM would not report is never in here.
 */
export const EXIT_REASON = {
  KVM_EXIT_UNKNOWN: 0,
  KVM_EXIT_DEBUG: 4,
  KVM_EXIT_MMIO: 6,
  KVM_EXIT_FAIL_ENTRY: 9,
  KVM_EXIT_INTR: 10,
  KVM_EXIT_INTERNAL_ERROR: 17,
  KVM_EXIT_SYSTEM_EVENT: 24,
  KVM_EXIT_ARM_NISV: 28,
} as const;
export type ExitReason = keyof typeof EXIT_REASON;

export const SYSTEM_EVENT = {
  KVM_SYSTEM_EVENT_SHUTDOWN: 1,
  KVM_SYSTEM_EVENT_RESET: 2,
  KVM_SYSTEM_EVENT_CRASH: 3,
  KVM_SYSTEM_EVENT_WAKEUP: 4,
  KVM_SYSTEM_EVENT_SUSPEND: 5,
} as const;
export type SystemEventType = keyof typeof SYSTEM_EVENT;

/** `struct kvm_debug_exit_arch` plus `kvm_run.flags`. */
export interface DebugExitArch {
  /** ESR_EL2[31:0]. */
  readonly hsr: number;
  /** ESR_EL2[63:32]. */
  readonly hsrHigh: number;
  /** FAR_EL2 for a watchpoint (EC 0x34); otherwise stale union bytes, here always 0. */
  readonly far: bigint;
  /** kvm_run.flags: bit 0 is KVM_DEBUG_ARCH_HSR_HIGH_VALID. */
  readonly flags: number;
}

export type KvmExit =
  | { readonly reason: 'KVM_EXIT_UNKNOWN'; readonly hardwareExitReason: bigint }
  | { readonly reason: 'KVM_EXIT_DEBUG'; readonly debug: DebugExitArch }
  | {
      readonly reason: 'KVM_EXIT_MMIO';
      readonly mmio: {
        readonly physAddr: bigint /** Little-endian bytes, `len` of them count. */;
        readonly data: bigint;
        readonly len: 1 | 2 | 4 | 8;
        readonly isWrite: boolean;
      };
    }
  | {
      readonly reason: 'KVM_EXIT_FAIL_ENTRY';
      readonly failEntry: { readonly hardwareEntryFailureReason: bigint; readonly cpu: number };
    }
  | { readonly reason: 'KVM_EXIT_INTR' }
  | {
      readonly reason: 'KVM_EXIT_INTERNAL_ERROR';
      readonly internal: { readonly suberror: number; readonly message: string };
    }
  | {
      readonly reason: 'KVM_EXIT_SYSTEM_EVENT';
      readonly systemEvent: { readonly type: SystemEventType; readonly data: readonly bigint[] };
    }
  | {
      readonly reason: 'KVM_EXIT_ARM_NISV';
      readonly armNisv: { readonly esrIss: bigint; readonly faultIpa: bigint };
    };
