/**
 * The domain API: every verb that the front doors have, with the states in which it is legal. Refusals are
 * `SessionError` (src/session/errors.ts): a catalogued code, a detail that says whose fault it is and what to do,
 * and the errno where KVM has one. A refused verb changes nothing.
 */
import type {
  GuestDebug,
  KernelGeneration,
  MpState,
  Profile,
  Translation,
  TranslationAccess,
} from '../kvm/contract.ts';
import type { GuestDebugExplanation } from '../kvm/explain.ts';
import type { ConsoleItem } from './console-log.ts';
import type { EventQuery, IdempotencyPort } from './ports.ts';
import type {
  ConsoleOutput,
  ExitRecord,
  ImageId,
  ImageKind,
  ImageView,
  Labels,
  ProfileChoice,
  RunId,
  RunSpec,
  RunView,
  SessionId,
  SessionView,
  SymbolView,
  TimelineEvent,
  VcpuView,
  VmDigest,
  VmId,
  VmSpec,
  VmView,
} from './types.ts';
import type { Limits } from './limits.ts';

/** A vcpu by VM (id or name) and index. */
export interface VcpuRef {
  readonly vm: string;
  readonly vcpu: number;
}
export interface Versioned<T> {
  readonly value: T /** Source of the strong ETag. */;
  readonly version: number;
}

export interface Service {
  readonly limits: Limits;
  readonly idempotency: IdempotencyPort;

  /** Without a VM: what the default profile's host answers. Unknown capabilities are 0. */
  checkExtension(cap: number, vm?: string): Promise<number>;
  profiles(): readonly Profile[];

  putImage(bytes: Uint8Array, options: { kind?: ImageKind; name?: string }): Promise<ImageView>;
  image(id: ImageId): Promise<ImageView>;
  imageBytes(id: ImageId): Promise<Uint8Array>;
  images(query: { after?: ImageId; limit: number }): Promise<readonly ImageView[]>;
  deleteImage(id: ImageId): Promise<void>;
  symbols(
    id: ImageId,
    query: { name?: string; address?: bigint; after?: number; limit: number },
  ): Promise<readonly SymbolView[]>;

  createVm(spec: VmSpec): Promise<VmView>;
  vm(ref: string): Promise<VmView>;
  vms(query: { labels?: Labels; after?: VmId; limit: number }): Promise<readonly VmView[]>;
  /** Any state. `ifVersion` that does not match: `version-mismatch`. */
  patchVm(
    ref: string,
    change: { name?: string | null; labels?: Labels; ttlSeconds?: number | null },
    ifVersion?: number,
  ): Promise<VmView>;
  /** Any state; a running VM is stopped first. */
  deleteVm(ref: string, reason?: 'vm-deleted' | 'vm-expired'): Promise<void>;
  /** Any state; on a stopped VM answers at once with its current exits. Resolves when every vcpu has stopped. */
  pause(ref: string): Promise<VmView>;
  /** Stopped only. Memory as loaded, every vcpu initialised again; guest debug stays, as KVM_ARM_VCPU_INIT leaves it. */
  reset(ref: string): Promise<VmView>;

  /** Stopped only. What two VMs have equal when everything that decides what they do next is equal. */
  digest(ref: string): Promise<VmDigest>;

  vcpu(ref: VcpuRef): Promise<VcpuView>;
  /** All of these: stopped vcpu only, else `vcpu-running` (EBUSY). */
  init(ref: VcpuRef, features: readonly string[]): Promise<VcpuView>;
  guestDebug(ref: VcpuRef): Promise<Versioned<GuestDebug>>;
  setGuestDebug(ref: VcpuRef, debug: GuestDebug, ifVersion?: number): Promise<Versioned<GuestDebug>>;
  /** Any state: changes nothing. Without `debug`: the set in force. */
  explainGuestDebug(ref: VcpuRef, debug?: GuestDebug): Promise<GuestDebugExplanation>;
  /** Names as in one-reg, or groups `core`, `simd`, `system`. */
  registers(ref: VcpuRef, names: readonly string[]): Promise<Versioned<Readonly<Record<string, bigint>>>>;
  setRegisters(
    ref: VcpuRef,
    values: Readonly<Record<string, bigint>>,
    ifVersion?: number,
  ): Promise<Versioned<Readonly<Record<string, bigint>>>>;
  regList(ref: VcpuRef): Promise<readonly bigint[]>;
  oneReg(ref: VcpuRef, id: bigint): Promise<bigint>;
  setOneReg(ref: VcpuRef, id: bigint, value: bigint): Promise<void>;
  mpState(ref: VcpuRef): Promise<MpState>;
  setMpState(ref: VcpuRef, state: MpState): Promise<void>;
  /** Any state. KVM_IRQ_LINE; `irq` as struct kvm_irq_level has it. */
  vmIrqLine(vm: string, irq: number, level: boolean): Promise<void>;
  /** Any state. */
  irqLine(ref: VcpuRef, line: 'irq' | 'fiq', level: boolean): Promise<void>;
  translate(ref: VcpuRef, address: bigint, access: TranslationAccess): Promise<Translation>;
  /** Any state for physical memory (between slices); virtual needs a stopped vcpu. All bytes or `memory-not-mapped`. */
  readMemory(
    vm: string,
    at: { address: bigint; length: number; space: 'physical' | 'virtual'; vcpu: number },
  ): Promise<Uint8Array>;
  writeMemory(
    vm: string,
    at: { address: bigint; space: 'physical' | 'virtual'; vcpu: number },
    bytes: Uint8Array,
  ): Promise<void>;

  /** Any state. What is kept of the console's output from position `after` on, at most `limit` bytes. */
  consoleOutput(vm: string, after: number, limit: number): Promise<ConsoleOutput>;
  /**
   * Output as it comes, from position `after` on (null: from now on), each byte once, until the VM or the reader goes
   * away. `resync` says that the position is none of what is kept.
   */
  followConsole(vm: string, after: number | null, signal: AbortSignal): Promise<AsyncIterable<ConsoleItem>>;
  /** Any state. Types bytes; returns how many the console's buffer had room for. */
  consoleInput(vm: string, bytes: Uint8Array): Promise<number>;

  /** Stopped only. `vcpu` null: all vcpus, until the first exit that is the client's business. */
  startRun(vm: string, vcpu: number | null, spec: RunSpec): Promise<RunView>;
  run(id: RunId): Promise<RunView>;
  runs(query: { vm?: string; after?: RunId; limit: number }): Promise<readonly RunView[]>;
  /** Resolves when the run has ended or the time is over, whichever is first; never rejects for time. */
  waitRun(id: RunId, milliseconds: number, signal?: AbortSignal): Promise<RunView>;

  sessions(query: {
    vm?: string;
    state?: 'open' | 'ended';
    after?: SessionId;
    limit: number;
  }): Promise<readonly SessionView[]>;
  session(id: SessionId): Promise<SessionView>;
  patchSession(id: SessionId, change: { name?: string | null; labels?: Labels }): Promise<SessionView>;
  /** Ends the VM's open session (`replaced`) and opens the next. */
  openSession(vm: string, options: { name?: string; labels?: Labels }): Promise<SessionView>;
  /** Stored events, in order. */
  events(query: EventQuery): Promise<readonly TimelineEvent[]>;
  exits(query: EventQuery): Promise<readonly ExitRecord[]>;
  /**
   * Stored events as they come, from after the cursor, in order, each once; history first, then live. A reader
   * that falls behind reads the store. `resync` says that the cursor is older than what is kept, or newer than all that there is, and goes on at the oldest.
   */
  subscribe(
    scope: { vm?: string; session?: SessionId },
    after: number,
    signal: AbortSignal,
  ): AsyncIterable<{ kind: 'event'; event: TimelineEvent } | { kind: 'resync'; oldest: number }>;
  /** Newest stored sequence. */
  lastSequence(): number;

  stats(): {
    vms: number;
    running: number;
    vcpus: number;
    memoryBytes: number;
    engineThreads: number;
    exitsStored: number;
    subscribers: number;
    instructions: number;
  };
  ready(): Promise<boolean>;
  /**
   * Have an engine thread ready for the next new VM, from now on; some seconds after one was taken, the next. Without it
   * threads start when they are needed.
   */
  startAhead(): void;
  close(): Promise<void>;
}
export type { KernelGeneration, ProfileChoice };
