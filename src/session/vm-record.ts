/** A VM as the main thread knows it: everything but the machine itself. */
import type { EngineThread } from './engine-thread/engine-thread.ts';
import type { VcpuStatus } from './engine-thread/protocol.ts';
import { SessionError } from './errors.ts';
import type { ConsoleLog } from './console-log.ts';
import { Gate } from './gate.ts';
import type { Reservation } from './reservations.ts';
import { DEFAULT_TIER } from './vm-config.ts';
import type {
  ExitRecord,
  ImageId,
  Labels,
  RunId,
  SessionId,
  VcpuView,
  VmId,
  VmRunState,
  VmSpec,
  VmView,
} from './types.ts';

export interface VcpuRecord {
  /** The run that has it. */
  run: RunId | null;
  lastExit: ExitRecord | null;
  /** Changes with every KVM_SET_GUEST_DEBUG. */
  debugVersion: number;
  /** Changes with every run and every write. */
  registerVersion: number;
}

export interface VmRecord {
  readonly id: VmId;
  readonly spec: VmSpec;
  readonly reserved: Reservation;
  readonly createdAt: Date;
  readonly thread: EngineThread;
  readonly vcpus: readonly VcpuRecord[];
  readonly console: ConsoleLog;
  /** Changes of one VM, one after the other. */
  readonly gate: Gate;
  name: string | null;
  labels: Labels;
  ttlSeconds: number | null;
  expiresAt: Date | null;
  cancelLease: () => void;
  session: SessionId;
  sequence: number;
  version: number;
  /** Set non-zero to end the slice in progress; null when the machine does not share it. */
  stopWord: Int32Array | null;
  destroyed: boolean;
}

export function newVmRecord(
  facts: Pick<
    VmRecord,
    'id' | 'spec' | 'reserved' | 'createdAt' | 'thread' | 'session' | 'stopWord' | 'console'
  >,
): VmRecord {
  const { spec } = facts;
  return {
    ...facts,
    vcpus: spec.vcpus.map(() => ({ run: null, lastExit: null, debugVersion: 1, registerVersion: 1 })),
    gate: new Gate(),
    name: spec.name ?? null,
    labels: spec.labels ?? {},
    ttlSeconds: spec.ttlSeconds ?? null,
    expiresAt: null,
    cancelLease: () => {},
    sequence: 0,
    version: 1,
    destroyed: false,
  };
}

/** The stored images that a VM is made from and needs for a reset. */
export function imagesOf({ load, boot, board, symbols = [] }: VmSpec): readonly ImageId[] {
  const loaded = load.map((item) => ('image' in item ? item.image : undefined));
  const booted = [boot?.kernel, boot?.initrd, boot?.firmware];
  const disks = (board?.disks ?? []).map(({ image }) => image);
  return [...loaded, ...booted, ...disks, ...symbols].filter((image) => image !== undefined);
}

export function runStateOf(record: VmRecord): VmRunState {
  if (record.destroyed) {
    return 'destroyed';
  }
  return record.vcpus.some((vcpu) => vcpu.run !== null) ? 'running' : 'stopped';
}

/** `what` wants to be done: "a reset". */
export function requireStopped(record: VmRecord, what: string): void {
  if (runStateOf(record) === 'running') {
    throw new SessionError(
      'vm-running',
      `The VM is running: ${what} needs all vcpus stopped. Pause it, or wait for its runs to end.`,
    );
  }
}

export function vcpuView(record: VmRecord, index: number, status: VcpuStatus): VcpuView {
  const vcpu = record.vcpus[index]!;
  return {
    index,
    profile: record.spec.vcpus[index]!.profile,
    runState: record.destroyed ? 'destroyed' : vcpu.run === null ? 'stopped' : 'running',
    run: vcpu.run,
    lastExit: vcpu.lastExit,
    ...status,
  };
}

export function vmView(record: VmRecord, statuses: readonly VcpuStatus[]): VmView {
  const { id, name, labels, createdAt, expiresAt, ttlSeconds, session, sequence, version, spec } = record;
  return {
    id,
    name,
    labels,
    createdAt,
    expiresAt,
    ttlSeconds,
    memory: spec.memory,
    debugResources: spec.debugResources,
    tier: spec.tier ?? DEFAULT_TIER,
    board: spec.board ?? null,
    semihosting: spec.semihosting ?? null,
    images: imagesOf(spec),
    runState: runStateOf(record),
    session,
    vcpus: statuses.map((status, index) => vcpuView(record, index, status)),
    sequence,
    version,
  };
}
