/** The nouns of the session floor. */
import type { DataAccess, DebugCause } from '../kvm/contract.ts';
import type { GuestDebug, KernelGeneration, MpState, Tier } from '../kvm/contract.ts';

export type VmId = string;
export type RunId = string;
export type SessionId = string;
export type ImageId = string;
export type Labels = Readonly<Record<string, string>>;

/** A host profile by name, or `custom` with its numbers. */
export interface ProfileChoice {
  readonly name: string;
  readonly kernel?: KernelGeneration;
  /** For `custom` only. */
  readonly custom?: {
    readonly base?: string;
    readonly breakpoints?: number;
    readonly watchpoints?: number;
    readonly contextAware?: number;
  };
}

/** Something to put into guest memory when the VM is created: an uploaded image, or bytes. */
export type LoadItem = {
  /** What asked for it, as a JSON pointer into the specification: problems name it. */
  readonly member: string;
} & (
  | { readonly image: ImageId /** For raw images; ELF images say themselves. */; readonly address?: bigint }
  | { readonly bytes: Uint8Array; readonly address: bigint }
);

/** Devices beside RAM and vcpus: QEMU's virt board. */
export interface BoardSpec {
  readonly kind: 'virt';
  readonly gic: 2 | 3;
  /** What the entropy source's numbers follow from. */
  readonly seed: bigint;
  /** What the clock shows at the start of virtual time; whole seconds. */
  readonly time: Date;
  readonly disks: readonly DiskSpec[];
}
/** A block device over an image, which is never changed; an overlay takes what the guest writes. */
export interface DiskSpec {
  readonly image: ImageId;
  readonly mode: 'read-only' | 'overlay';
}
/** What a VM with a board starts from: a kernel, placed as its kind says, or firmware in flash. Exactly one of them. */
export interface BootSpec {
  /** A Linux `Image`, an ELF image or flat code. */
  readonly kernel?: ImageId;
  /** With a kernel only. */
  readonly initrd?: ImageId;
  /** With a kernel only. */
  readonly commandLine?: string;
  readonly firmware?: ImageId;
}

/** HLT #0xf000 is answered as a debugger would. */
export interface SemihostingSpec {
  /** SYS_GET_CMDLINE. */
  readonly commandLine: string;
  /** The guest has the files below the directory that the operator named. */
  readonly files: boolean;
}

export interface VmSpec {
  readonly name?: string;
  readonly labels?: Labels;
  readonly ttlSeconds?: number;
  readonly memory: { readonly base: number; readonly size: number };
  readonly vcpus: readonly {
    readonly profile: ProfileChoice;
    readonly features: readonly string[] /** False: the client calls KVM_ARM_VCPU_INIT itself. */;
    readonly init: boolean;
  }[];
  readonly debugResources: 'per-vcpu' | 'lowest-common-denominator';
  /** How the engine executes instructions; default: what the service was started with. */
  readonly tier?: Tier;
  /** Numbers of the capabilities that KVM_ENABLE_CAP turns on before the first vcpu runs. */
  readonly enableCapabilities?: readonly number[];
  readonly load: readonly LoadItem[];
  readonly board?: BoardSpec;
  readonly boot?: BootSpec;
  readonly semihosting?: SemihostingSpec;
  /** Images whose symbols name addresses too, without being loaded. What is loaded or booted brings its own. */
  readonly symbols?: readonly ImageId[];
  /** Start address of vcpu 0; default: what `boot` says, else the entry of the first ELF image, else the base of RAM. */
  readonly entry?: bigint;
}

export type VmRunState = 'stopped' | 'running' | 'destroyed';

export interface VcpuView {
  readonly index: number;
  readonly profile: ProfileChoice;
  readonly initialized: boolean;
  readonly runState: VmRunState;
  readonly mpState: MpState;
  readonly run: RunId | null;
  readonly lastExit: ExitRecord | null;
  readonly breakpoints: { readonly limit: number; readonly used: number };
  readonly watchpoints: { readonly limit: number; readonly used: number };
  readonly instructionCount: number;
}

export interface VmView {
  readonly id: VmId;
  readonly name: string | null;
  readonly labels: Labels;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly ttlSeconds: number | null;
  readonly memory: { readonly base: number; readonly size: number };
  readonly debugResources: VmSpec['debugResources'];
  readonly tier: Tier;
  readonly board: BoardSpec | null;
  readonly semihosting: SemihostingSpec | null;
  readonly images: readonly ImageId[];
  readonly runState: VmRunState;
  readonly session: SessionId;
  readonly vcpus: readonly VcpuView[];
  /** Sequence of the newest event of this VM: the cursor to wait from. */
  readonly sequence: number;
  /** Changes with every change of the configuration: the source of the ETag. */
  readonly version: number;
}

/** SHA-256 in hexadecimal digits of all state of a stopped VM, and of each part of it by name. */
export interface VmDigest {
  /** Instructions that all vcpus have retired, and ticks of virtual time. */
  readonly instructions: number;
  readonly ticks: number;
  readonly digest: string;
  readonly parts: Readonly<Record<string, string>>;
}

/** What a run collects atomically at its stop. */
export type CollectItem =
  | {
      readonly kind: 'registers';
      readonly vcpu?: number /** Names as in one-reg, `core`, `simd` or `system` groups. */;
      readonly names: readonly string[];
    }
  | {
      readonly kind: 'memory';
      readonly address: bigint;
      readonly length: number;
      readonly space: 'physical' | 'virtual';
      readonly vcpu?: number;
    };
export type Collected =
  | { readonly kind: 'registers'; readonly vcpu: number; readonly values: Readonly<Record<string, bigint>> }
  | { readonly kind: 'memory'; readonly address: bigint; readonly bytes: Uint8Array | null };

export interface RunSpec {
  readonly budget: { readonly instructions?: number; readonly wallMilliseconds?: number };
  /** Single-step this many times in the engine (each a KVM_RUN that ends with the step exit, or with another exit, which ends the run). */
  readonly steps?: number;
  /** Which of the step exits are recorded. Default `last`. */
  readonly record: 'all' | 'last' | 'none';
  readonly collect: readonly CollectItem[];
  readonly immediateExit?: boolean;
  /** Answers the pending MMIO read, little-endian. */
  readonly mmioData?: bigint;
}

export type RunEnd =
  /** KVM_RUN returned 0 with an exit that is the client's business. */
  | { readonly reason: 'exit' }
  /** KVM_RUN returned -1. */
  | { readonly reason: 'error'; readonly errno: string }
  | { readonly reason: 'budget-instructions' }
  /** There is an instruction budget, and it will never be spent: the guest takes exceptions only. `detail` says which. */
  | { readonly reason: 'exception-loop'; readonly detail: string }
  | { readonly reason: 'budget-wall' }
  /** The guest ended its program by semihosting, which is no exit of KVM. `code`: its exit status. */
  | { readonly reason: 'semihosting-exit'; readonly code: number; readonly detail: string }
  | { readonly reason: 'steps-done' }
  | { readonly reason: 'paused' }
  /** The VM was deleted, expired, or its thread died; `detail` says which. */
  | { readonly reason: 'vm-destroyed'; readonly detail: string }
  /** The service stopped while the run was going on. */
  | { readonly reason: 'service-stopped' };

export interface RunView {
  readonly id: RunId;
  readonly vm: VmId;
  readonly session: SessionId;
  /** Null: a run of all vcpus. */
  readonly vcpu: number | null;
  readonly state: 'running' | 'ended';
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly end: RunEnd | null;
  /** The exit that ended it, or the last recorded one. */
  readonly exit: ExitRecord | null;
  readonly instructions: number;
  readonly stepsDone: number;
  readonly collected: readonly Collected[];
  readonly spec: RunSpec;
}

/** Output of a console from a position on, counted in bytes since the VM was created. */
export interface ConsoleOutput {
  /** Position of the first of these bytes: later than asked for when older ones are no longer kept. */
  readonly from: number;
  readonly next: number;
  readonly bytes: Uint8Array;
}

export type EventKind =
  | 'exit'
  | 'run-started'
  | 'run-ended'
  | 'vm-created'
  | 'vm-destroyed'
  | 'session-opened'
  | 'session-ended'
  | 'action'
  | 'console';
/** One entry of the timeline. */
export interface TimelineEvent {
  readonly sequence: number;
  readonly kind: EventKind;
  readonly session: SessionId;
  readonly vm: VmId;
  readonly run: RunId | null;
  readonly vcpu: number | null;
  readonly at: Date;
  /** Columns for filters; null when the event is no exit. */
  readonly exitReason: string | null;
  readonly cause: string | null;
  readonly slot: number | null;
  readonly pc: bigint | null;
  /** JSON text of the body as it is stored; `bodyText` (stored-body.ts) makes what clients see of it. */
  readonly body: string;
}

/**
 * A stored exit: the timeline event of kind `exit`. What happened is in the body: `exitBody` (stored-body.ts) reads it.
 * `exitReason` is null when KVM_RUN failed without one; the body then has an errno.
 */
export interface ExitRecord extends TimelineEvent {
  readonly kind: 'exit';
  readonly run: RunId;
  readonly vcpu: number;
}

export interface SessionView {
  readonly id: SessionId;
  readonly name: string | null;
  readonly vm: VmId;
  readonly vmName: string | null;
  readonly labels: Labels;
  readonly state: 'open' | 'ended';
  readonly openedAt: Date;
  readonly endedAt: Date | null;
  /** Why it ended: `vm-deleted`, `vm-expired`, `replaced`, `service-stopped`, `engine-failed`. */
  readonly endReason: string | null;
  readonly exits: number;
}

export type ImageKind = 'elf' | 'raw' | 'linux-image' | 'initrd' | 'symbols' | 'firmware' | 'disk';
export interface ImageView {
  readonly id: ImageId;
  readonly kind: ImageKind;
  readonly name: string | null;
  readonly size: number;
  readonly sha256: string;
  readonly createdAt: Date;
  readonly entry: bigint | null;
  readonly symbols: number;
}
export interface SymbolView {
  readonly name: string;
  readonly address: bigint;
  readonly size: number;
  readonly type: 'function' | 'object' | 'other';
}

export type { DataAccess, DebugCause, GuestDebug, Tier };
