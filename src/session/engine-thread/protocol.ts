/**
 * Everything that crosses between the main thread and an engine thread. Calls go down and are answered in order;
 * reports come up in the order in which things happened; credit goes down when reported exits have been stored.
 */
import type { Errno } from '../../base/errno.ts';
import type { GuestDebug, MpState, Translation, TranslationAccess, VmConfig } from '../../kvm/contract.ts';
import type { GuestDebugExplanation } from '../../kvm/explain.ts';
import type { SessionErrorCode } from '../errors.ts';
import type { FilesGrant } from './guest-files.ts';
import type { Collected, RunEnd, RunId, RunSpec, SessionId, VmDigest, VmId } from '../types.ts';

/** Bytes at a guest physical address. */
export interface Segment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** Symbols sorted by address, as columns so that a large table crosses cheaply. */
export interface SymbolColumns {
  readonly addresses: BigUint64Array;
  readonly sizes: BigUint64Array;
  readonly names: readonly string[];
}

export interface VcpuStatus {
  readonly initialized: boolean;
  readonly mpState: MpState;
  readonly breakpoints: { readonly limit: number; readonly used: number };
  readonly watchpoints: { readonly limit: number; readonly used: number };
  readonly instructionCount: number;
}

export interface CreateVmArgs {
  readonly vm: VmId;
  readonly config: VmConfig;
  /** For KVM_ENABLE_CAP, at creation and at reset. */
  readonly capabilities: readonly number[];
  /** Per vcpu: initialise it at creation and at reset? */
  readonly init: readonly boolean[];
  readonly segments: readonly Segment[];
  /** Where vcpu 0 starts. */
  readonly entry: bigint;
  /** Its X0 and on. */
  readonly arguments: readonly bigint[];
  readonly symbols: SymbolColumns;
  /** What semihosting may reach of the host's files; null: nothing. */
  readonly files: FilesGrant | null;
}

interface OfVcpu {
  readonly vm: VmId;
  readonly vcpu: number;
}

/** Calls by name: what goes down, what comes back. */
export interface Calls {
  createVm: { args: CreateVmArgs; result: { readonly stopWord: Int32Array | null } };
  /** Its runs end with `end`. */
  destroyVm: { args: { vm: VmId; end: RunEnd }; result: null };
  resetVm: {
    args: { vm: VmId; segments: readonly Segment[] };
    result: { readonly stopWord: Int32Array | null };
  };
  digest: { args: { vm: VmId }; result: VmDigest };
  status: { args: { vm: VmId }; result: readonly VcpuStatus[] };
  checkExtension: { args: { vm: VmId; cap: number }; result: number };
  init: { args: OfVcpu & { features: readonly string[] }; result: null };
  guestDebug: { args: OfVcpu; result: GuestDebug };
  setGuestDebug: { args: OfVcpu & { debug: GuestDebug }; result: GuestDebug };
  explainGuestDebug: { args: OfVcpu & { debug: GuestDebug | null }; result: GuestDebugExplanation };
  registers: { args: OfVcpu & { names: readonly string[] }; result: Readonly<Record<string, bigint>> };
  setRegisters: {
    args: OfVcpu & { values: Readonly<Record<string, bigint>> };
    result: Readonly<Record<string, bigint>>;
  };
  regList: { args: OfVcpu; result: readonly bigint[] };
  oneReg: { args: OfVcpu & { id: bigint }; result: bigint };
  setOneReg: { args: OfVcpu & { id: bigint; value: bigint }; result: null };
  mpState: { args: OfVcpu; result: MpState };
  setMpState: { args: OfVcpu & { state: MpState }; result: null };
  /** KVM_IRQ_LINE of any type. */
  vmIrqLine: { args: { vm: VmId; irq: number; level: boolean }; result: null };
  irqLine: { args: OfVcpu & { line: 'irq' | 'fiq'; level: boolean }; result: null };
  translate: { args: OfVcpu & { address: bigint; access: TranslationAccess }; result: Translation };
  readMemory: {
    args: OfVcpu & { address: bigint; length: number; space: 'physical' | 'virtual' };
    result: Uint8Array;
  };
  writeMemory: {
    args: OfVcpu & { address: bigint; bytes: Uint8Array; space: 'physical' | 'virtual' };
    result: null;
  };
  /** `accepted`: bytes that found room; `ticks`: virtual time at which they arrived. */
  typeConsole: { args: { vm: VmId; bytes: Uint8Array }; result: { accepted: number; ticks: number } };
  startRun: {
    args: { vm: VmId; session: SessionId; run: RunId; vcpu: number | null; spec: RunSpec };
    result: null;
  };
  stopRun: { args: { vm: VmId; run: RunId }; result: null };
  progress: { args: { vm: VmId; run: RunId }; result: { instructions: number; stepsDone: number } | null };
}
export type CallName = keyof Calls;

export type CallError =
  | { readonly kind: 'kvm'; readonly errno: Errno; readonly message: string }
  | {
      readonly kind: 'session';
      readonly code: SessionErrorCode;
      readonly message: string;
      readonly errno: Errno | undefined;
    }
  | { readonly kind: 'internal'; readonly message: string };

export type Down =
  | { readonly kind: 'call'; readonly id: number; readonly name: CallName; readonly args: unknown }
  /** So many more reported exits are stored. */
  | { readonly kind: 'credit'; readonly exits: number };

export type Up =
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: CallError }
  | { readonly kind: 'report'; readonly report: RunReport }
  /** It takes one credit, as an exit does. */
  | { readonly kind: 'console'; readonly output: ConsoleReport };

/** Output of a VM's console since the last time. */
export interface ConsoleReport {
  readonly vm: VmId;
  /** Wall time, milliseconds since the Unix epoch. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** Bytes dropped before these. */
  readonly lost: number;
}

/** Exits of one run as timeline entries (event-rows.ts): text that goes to the store as it is. */
export interface ExitRows {
  readonly count: number;
  readonly text: string;
  /** The newest exit of each vcpu that has one: its place among the rows, and its row alone. */
  readonly newest: readonly { readonly index: number; readonly text: string }[];
}

export interface RunFinish {
  readonly end: RunEnd;
  readonly at: number;
  readonly instructions: number;
  readonly stepsDone: number;
  readonly collected: readonly Collected[];
}

/** What happened to a run since its last report, in this order: it started, it had exits, it ended. */
export interface RunReport {
  readonly vm: VmId;
  readonly run: RunId;
  readonly startedAt: number | null;
  readonly exits: ExitRows | null;
  readonly finish: RunFinish | null;
}

/** One end of the connection: a MessagePort, a Worker, or `parentPort`. */
export interface Endpoint {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}
