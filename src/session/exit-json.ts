/**
 * The body of an exit event: the JSON that clients see. Values of 64 bits are `0x` and 16 lower-case digits, those of
 * 32 bits (hsr, hsrHigh, flags, instruction words) `0x` and 8; counts are numbers. `debug`, `mmio` and their like
 * hold what `struct kvm_run` would and nothing else; what only an emulator knows is under `explanation`.
 */
import type { KvmExit, SystemEventType } from '../abi/kvm/exits.ts';
import { hex32, hex64 } from '../base/u64.ts';
import type { ExitExplanation } from '../kvm/explain.ts';

/** A value as JSON has it: every bigint is a hexadecimal string. */
export type Wire<T> = T extends bigint
  ? string
  : T extends string | number | boolean | null | undefined
    ? T
    : { readonly [K in keyof T]: Wire<T[K]> };

export interface ExitBody {
  readonly vcpu: number;
  /** Null: KVM_RUN failed and kvm_run holds no exit. */
  readonly reason: KvmExit['reason'] | null;
  /** KVM_RUN returned -1 with this. */
  readonly errno: string | null;
  readonly debug?: {
    readonly hsr: string;
    readonly hsrHigh: string;
    readonly far: string;
    readonly flags: string;
  };
  readonly mmio?: {
    readonly physAddr: string;
    readonly data: string;
    readonly len: number;
    readonly isWrite: boolean;
  };
  readonly systemEvent?: { readonly type: SystemEventType; readonly data: readonly string[] };
  readonly failEntry?: { readonly hardwareEntryFailureReason: string; readonly cpu: number };
  readonly internal?: { readonly suberror: number; readonly message: string };
  readonly armNisv?: { readonly esrIss: string; readonly faultIpa: string };
  readonly hardwareExitReason?: string;
  readonly pc: string;
  readonly pstate: string;
  readonly explanation: Omit<Wire<ExitExplanation>, 'instruction' | 'access'> & {
    /** The data access, with the symbol that holds its address. */
    readonly access:
      | (NonNullable<Wire<ExitExplanation>['access']> & { readonly symbol: string | null })
      | null;
    /** The instruction word at pc, when it can be read. */
    readonly instruction: string | null;
    /** The symbol that holds pc, `name+0x10`, from the images loaded into the VM. */
    readonly symbol: string | null;
    /** Instructions that the vcpu has retired. */
    readonly instructionCount: number;
    /** Virtual nanoseconds since the VM was created or reset. */
    readonly virtualTimeNs: number;
  };
}

/** What differs between the kinds of exit, named as in `struct kvm_run`. */
export function exitFields(exit: KvmExit | null): Partial<ExitBody> {
  switch (exit?.reason) {
    case 'KVM_EXIT_DEBUG': {
      const { hsr, hsrHigh, far, flags } = exit.debug;
      return { debug: { hsr: hex32(hsr), hsrHigh: hex32(hsrHigh), far: hex64(far), flags: hex32(flags) } };
    }
    case 'KVM_EXIT_MMIO':
      return { mmio: { ...exit.mmio, physAddr: hex64(exit.mmio.physAddr), data: hex64(exit.mmio.data) } };
    case 'KVM_EXIT_SYSTEM_EVENT':
      return { systemEvent: { type: exit.systemEvent.type, data: exit.systemEvent.data.map(hex64) } };
    case 'KVM_EXIT_FAIL_ENTRY': {
      const { hardwareEntryFailureReason, cpu } = exit.failEntry;
      return { failEntry: { hardwareEntryFailureReason: hex64(hardwareEntryFailureReason), cpu } };
    }
    case 'KVM_EXIT_INTERNAL_ERROR':
      return { internal: exit.internal };
    case 'KVM_EXIT_ARM_NISV':
      return { armNisv: { esrIss: hex64(exit.armNisv.esrIss), faultIpa: hex64(exit.armNisv.faultIpa) } };
    case 'KVM_EXIT_UNKNOWN':
      return { hardwareExitReason: hex64(exit.hardwareExitReason) };
    default:
      return {};
  }
}

/** An explanation on the wire. By hand, member by member: it is made for every single step. */
export function explanationFields(explanation: ExitExplanation): Omit<
  Wire<ExitExplanation>,
  'instruction'
> & {
  readonly instruction: string | null;
} {
  const { causes, access, instruction } = explanation;
  return {
    ...explanation,
    causes: causes.map((cause) => ({
      ...cause,
      address: cause.address === null ? null : hex64(cause.address),
    })),
    access: access === null ? null : { ...access, address: hex64(access.address) },
    instruction: instruction === null ? null : hex32(instruction),
  };
}

/** Canonical JSON text: bigints as sixteen digits, keys in the order in which they were written. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) => (typeof entry === 'bigint' ? hex64(entry) : entry));
}
