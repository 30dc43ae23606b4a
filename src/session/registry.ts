/**
 * The VMs that exist: creation, names, leases, destruction. Each has one open session from its creation to its end,
 * and everything that happens to it is on the timeline.
 */
import type { Clock } from '../base/clock.ts';
import type { EnginePool } from './engine-thread/engine-pool.ts';
import type { EngineThread } from './engine-thread/engine-thread.ts';
import type { FilesGrant } from './engine-thread/guest-files.ts';
import type { ConsoleReport, CreateVmArgs, Segment } from './engine-thread/protocol.ts';
import type { VcpuConfig } from '../kvm/contract.ts';
import { SessionError } from './errors.ts';
import { rowsOf } from './event-rows.ts';
import { requireOneKernel, resolveProfile } from './hosts.ts';
import type { IdSource } from './ids.ts';
import type { ImageStore } from './images/image-store.ts';
import type { LoadPlan } from './images/load-plan.ts';
import { VmImages } from './images/vm-images.ts';
import { ConsoleLog } from './console-log.ts';
import { configOf, memoryOf } from './vm-config.ts';
import type { Journal, Stored } from './journal.ts';
import { asIoctl } from './kvm-refusals.ts';
import { setLease } from './lease.ts';
import type { Limits } from './limits.ts';
import type { HistoryPort } from './ports.ts';
import { type Reservation, Reservations } from './reservations.ts';
import type { RunBook } from './run-book.ts';
import { filesGrant, semihostingConfig } from './semihosting.ts';
import type { Labels, RunEnd, SessionView, VmId, VmSpec } from './types.ts';
import { checkVmSpec } from './validate.ts';
import { vmEvent } from './vm-event.ts';
import { newVmRecord, type VmRecord } from './vm-record.ts';
import { VmSessions } from './vm-sessions.ts';

export type DestroyReason = 'vm-deleted' | 'vm-expired' | 'engine-failed' | 'service-stopped';

export interface RegistryOptions {
  readonly history: HistoryPort;
  readonly journal: Journal;
  readonly images: ImageStore;
  readonly pool: EnginePool;
  readonly runs: RunBook;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Where semihosting finds files; null: nowhere. */
  readonly semihostingDirectory: string | null;
}

function endOfRuns(reason: DestroyReason): RunEnd {
  return reason === 'service-stopped' ? { reason } : { reason: 'vm-destroyed', detail: reason };
}

export class Registry {
  readonly #o: RegistryOptions;
  readonly #vms = new Map<VmId, VmRecord>();
  readonly #reserved: Reservations;
  readonly #sessions: VmSessions;
  readonly #images: VmImages;
  exitsStored = 0;

  constructor(options: RegistryOptions) {
    this.#o = options;
    this.#reserved = new Reservations(options.limits);
    this.#sessions = new VmSessions(options);
    this.#images = new VmImages(options.images, options.limits);
    options.journal.listen((stored) => this.#note(stored));
  }

  get all(): Iterable<VmRecord> {
    return this.#vms.values();
  }

  get memoryBytes(): number {
    return this.#reserved.memory;
  }

  /** By id or name. */
  find(ref: string): VmRecord | undefined {
    return this.#vms.get(this.#reserved.named(ref) ?? ref);
  }

  get(ref: string): VmRecord {
    const record = this.find(ref);
    if (record === undefined) {
      throw new SessionError(
        'vm-not-found',
        `There is no VM ${JSON.stringify(ref)}; it may have been deleted or have expired.`,
      );
    }
    return record;
  }

  async create(spec: VmSpec): Promise<VmRecord> {
    const { limits, journal } = this.#o;
    checkVmSpec(limits, spec);
    const vcpus = this.#vcpus(spec);
    requireOneKernel(vcpus.map(({ profile }) => profile));
    const files = filesGrant(spec, this.#o.semihostingDirectory, limits);
    journal.requireWritable();
    const disks = await this.#images.diskBytes(spec);
    const reserved = { name: spec.name ?? null, memory: memoryOf(spec), disks };
    this.#reserved.take(reserved);
    let record: VmRecord;
    try {
      record = await this.#start(spec, vcpus, reserved, files);
    } catch (error) {
      this.#reserved.giveBack(reserved);
      throw error;
    }
    this.#vms.set(record.id, record);
    this.#reserved.bind(record.name, record.id);
    this.setLease(record, record.ttlSeconds);
    await this.#openFirstSession(record);
    return record;
  }

  /** What the VM is loaded with: at creation, and again at each reset. */
  plan(spec: VmSpec): Promise<LoadPlan> {
    return this.#images.plan(spec);
  }

  #vcpus(spec: VmSpec): readonly VcpuConfig[] {
    return spec.vcpus.map(({ profile, features }) => ({ profile: resolveProfile(profile), features }));
  }

  /** Output of a VM's console: kept, and put on the timeline. */
  async consoleSaid(thread: EngineThread, { vm, at, bytes, lost }: ConsoleReport): Promise<void> {
    const record = this.#vms.get(vm);
    if (record !== undefined) {
      const from = record.console.announce(bytes.length, lost);
      const body = { from, length: bytes.length, lost, text: new TextDecoder().decode(bytes) };
      const rows = rowsOf([vmEvent(record, 'console', new Date(at), body)]);
      const { first } = await this.#o.journal.record({ rows });
      record.console.append({ from, bytes, sequence: first });
    }
    thread.credit(1);
  }

  rename(record: VmRecord, name: string | null): void {
    if (name !== record.name) {
      this.#reserved.rename(record.id, record.name, name);
      record.name = name;
    }
  }

  /** The lease starts anew; null: the VM stays until it is deleted. */
  setLease(record: VmRecord, ttlSeconds: number | null): void {
    setLease(record, ttlSeconds, this.#o.clock, () => void this.destroy(record, 'vm-expired'));
  }

  /** Ends the open session and opens the next. */
  replaceSession(record: VmRecord, name: string | null, labels: Labels): Promise<SessionView> {
    return this.#sessions.replace(record, name, labels);
  }

  /** Stops it, ends its runs and its session, forgets it. What it did stays in the history. */
  async destroy(record: VmRecord, reason: DestroyReason): Promise<void> {
    this.#forget(record);
    if (record.stopWord !== null) {
      Atomics.store(record.stopWord, 0, 1);
    }
    try {
      // Its runs are reported before the answer, and so recorded before the end of the VM.
      await record.thread.call('destroyVm', { vm: record.id, end: endOfRuns(reason) });
      this.#o.pool.release(record.thread);
    } catch (error) {
      if (!(error instanceof SessionError)) {
        throw error;
      }
      // The thread died meanwhile, and the VM with it.
      await this.#endRuns(record, 'engine-failed');
    }
    await this.#recordEnd(record, reason);
  }

  /** A thread died: its VMs are gone. */
  async threadFailed(thread: EngineThread): Promise<void> {
    const lost = [...this.#vms.values()].filter((record) => record.thread === thread);
    for (const record of lost) {
      this.#forget(record);
    }
    await Promise.all(
      lost.map(async (record) => {
        await this.#endRuns(record, 'engine-failed');
        await this.#recordEnd(record, 'engine-failed');
      }),
    );
  }

  async #endRuns(record: VmRecord, reason: DestroyReason): Promise<void> {
    await Promise.all(this.#o.runs.of(record).map((run) => this.#o.runs.end(run, endOfRuns(reason))));
  }

  async #recordEnd(record: VmRecord, reason: DestroyReason): Promise<void> {
    const at = new Date(this.#o.clock.now());
    await this.#o.journal.record({
      rows: rowsOf([
        vmEvent(record, 'vm-destroyed', at, { reason }),
        vmEvent(record, 'session-ended', at, { reason }),
      ]),
      endedSession: { id: record.session, at, reason },
    });
  }

  #forget(record: VmRecord): void {
    record.destroyed = true;
    record.cancelLease();
    record.console.close();
    this.#vms.delete(record.id);
    this.#reserved.giveBack({ ...record.reserved, name: record.name });
  }

  async #start(
    spec: VmSpec,
    vcpus: readonly VcpuConfig[],
    reserved: Reservation,
    files: FilesGrant | null,
  ): Promise<VmRecord> {
    const { pool, ids, clock } = this.#o;
    const plan = await this.plan(spec);
    const disks = await this.#images.disks(spec);
    const thread = pool.acquire();
    const id = ids.next('vm');
    const semihosting = semihostingConfig(spec, plan.occupied);
    const { segments, buffers } = compact(plan.segments);
    const call: CreateVmArgs = {
      vm: id,
      config: { ...configOf(spec, vcpus, disks), ...(semihosting !== undefined && { semihosting }) },
      capabilities: spec.enableCapabilities ?? [],
      init: spec.vcpus.map((vcpu) => vcpu.init),
      segments,
      entry: spec.entry ?? plan.entry,
      arguments: plan.arguments,
      symbols: plan.symbols,
      files,
    };
    try {
      const { stopWord } = await asIoctl('init', thread.call('createVm', call, buffers));
      const createdAt = new Date(clock.now());
      const console = new ConsoleLog(this.#o.limits.consoleKept);
      const session = ids.next('ses');
      return newVmRecord({ id, spec, reserved, createdAt, thread, session, stopWord, console });
    } catch (error) {
      pool.release(thread);
      throw error;
    }
  }

  async #openFirstSession(record: VmRecord): Promise<void> {
    try {
      await this.#sessions.openFirst(record);
    } catch (error) {
      if (!record.destroyed) {
        this.#forget(record);
        await record.thread.call('destroyVm', { vm: record.id, end: endOfRuns('vm-deleted') });
        this.#o.pool.release(record.thread);
      }
      throw error;
    }
  }

  /** What is stored now is what the views show. */
  #note(stored: readonly Stored[]): void {
    for (const { rows, last } of stored) {
      const record = this.#vms.get(rows.vm);
      if (record !== undefined) {
        record.sequence = last;
      }
      this.exitsStored += rows.exits;
    }
  }
}

/** Segments are views of whole files: send only their own bytes, in buffers that can be handed over. */
export function compact(segments: readonly Segment[]) {
  const copies = segments.map(({ address, bytes }) => ({ address, bytes: new Uint8Array(bytes) }));
  return { segments: copies, buffers: copies.map(({ bytes }) => bytes.buffer) };
}
