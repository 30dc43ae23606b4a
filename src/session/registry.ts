/**
 * The VMs that exist: creation, names, leases, destruction. Each has one open session from its creation to its end,
 * and everything that happens to it is on the timeline.
 */
import type { Clock } from '../base/clock.ts';
import type { EnginePool } from './engine-thread/engine-pool.ts';
import type { EngineThread } from './engine-thread/engine-thread.ts';
import type { Segment } from './engine-thread/protocol.ts';
import { SessionError } from './errors.ts';
import { type EventDraft, rowsOf } from './event-rows.ts';
import { toJson } from './exit-json.ts';
import { resolveProfile } from './hosts.ts';
import type { IdSource } from './ids.ts';
import type { ImageStore } from './images/image-store.ts';
import { type LoadPlan, planLoad } from './images/load-plan.ts';
import type { Journal, Stored } from './journal.ts';
import { asIoctl } from './kvm-refusals.ts';
import type { Limits } from './limits.ts';
import type { HistoryPort } from './ports.ts';
import type { RunBook } from './run-book.ts';
import type { EventKind, Labels, RunEnd, SessionView, VmId, VmSpec } from './types.ts';
import { checkName, checkVmSpec } from './validate.ts';
import { newVmRecord, type VmRecord } from './vm-record.ts';

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
}

function endOfRuns(reason: DestroyReason): RunEnd {
  return reason === 'service-stopped' ? { reason } : { reason: 'vm-destroyed', detail: reason };
}

/** An event of a VM that is no exit. */
export function vmEvent(
  record: Pick<VmRecord, 'id' | 'session'>,
  kind: EventKind,
  at: Date,
  body: unknown,
  vcpu: number | null = null,
): EventDraft {
  const { id, session } = record;
  const none = { run: null, exitReason: null, cause: null, slot: null, pc: null };
  return { kind, session, vm: id, vcpu, at, ...none, body: toJson(body) };
}

export class Registry {
  readonly #o: RegistryOptions;
  readonly #vms = new Map<VmId, VmRecord>();
  /** Names in use, also those of VMs that are being created (null). */
  readonly #names = new Map<string, VmId | null>();
  #reservedVms = 0;
  #reservedMemory = 0;
  exitsStored = 0;

  constructor(options: RegistryOptions) {
    this.#o = options;
    options.journal.listen((stored) => this.#note(stored));
  }

  get all(): Iterable<VmRecord> {
    return this.#vms.values();
  }

  get size(): number {
    return this.#vms.size;
  }

  get memoryBytes(): number {
    return this.#reservedMemory;
  }

  /** By id or name. */
  find(ref: string): VmRecord | undefined {
    const id = this.#names.get(ref) ?? ref;
    return this.#vms.get(id);
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
    const vcpus = spec.vcpus.map(({ profile, features }) => ({ profile: resolveProfile(profile), features }));
    journal.requireWritable();
    this.#reserve(spec);
    let record: VmRecord;
    try {
      record = await this.#start(spec, vcpus, await this.plan(spec));
    } catch (error) {
      this.#unreserve(spec.memory.size, spec.name ?? null);
      throw error;
    }
    this.#vms.set(record.id, record);
    if (record.name !== null) {
      this.#names.set(record.name, record.id);
    }
    this.setLease(record, record.ttlSeconds);
    await this.#openFirstSession(record);
    return record;
  }

  /** What the VM is loaded with: at creation, and again at each reset. */
  async plan(spec: VmSpec): Promise<LoadPlan> {
    const { images, limits } = this.#o;
    const items = await Promise.all(
      spec.load.map(async (item) => {
        if ('bytes' in item) {
          return { kind: null, bytes: item.bytes, address: item.address };
        }
        const { kind } = await images.get(item.image);
        return { kind, bytes: await images.bytes(item.image), address: item.address };
      }),
    );
    return planLoad(items, spec.memory, limits);
  }

  rename(record: VmRecord, name: string | null): void {
    if (name === record.name) {
      return;
    }
    if (name !== null) {
      checkName(this.#o.limits, name);
      this.#requireFree(name);
      this.#names.set(name, record.id);
    }
    if (record.name !== null) {
      this.#names.delete(record.name);
    }
    record.name = name;
  }

  /** The lease starts anew; null: the VM stays until it is deleted. */
  setLease(record: VmRecord, ttlSeconds: number | null): void {
    const { clock } = this.#o;
    record.cancelLease();
    record.ttlSeconds = ttlSeconds;
    record.expiresAt = ttlSeconds === null ? null : new Date(clock.now() + ttlSeconds * 1000);
    record.cancelLease = ttlSeconds === null ? () => {} : this.#watchLease(record);
  }

  /** Ends the open session and opens the next. */
  async replaceSession(record: VmRecord, name: string | null, labels: Labels): Promise<SessionView> {
    const { clock, ids, journal } = this.#o;
    const at = new Date(clock.now());
    const view = this.#sessionView(record, ids.next('ses'), name, labels, at);
    const ended = { id: record.session, at, reason: 'replaced' };
    await this.#store(() => this.#o.history.openSession(view));
    const before = vmEvent(record, 'session-ended', at, { reason: 'replaced' });
    record.session = view.id;
    const opened = vmEvent(record, 'session-opened', at, { name, labels });
    // In this order: the second is stored with or after the first.
    void journal.record({ rows: rowsOf([before]), endedSession: ended });
    await journal.record({ rows: rowsOf([opened]) });
    return view;
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
    this.#vms.delete(record.id);
    this.#unreserve(record.spec.memory.size, record.name);
  }

  #requireFree(name: string): void {
    if (this.#names.has(name)) {
      throw new SessionError(
        'name-taken',
        `A VM is called ${JSON.stringify(name)} already. Choose another name, or delete that VM.`,
      );
    }
  }

  #reserve(spec: VmSpec): void {
    const { limits } = this.#o;
    if (this.#reservedVms >= limits.vms) {
      throw new SessionError('vm-limit', `${limits.vms} VMs exist; delete some or wait for a lease to end.`, {
        facts: { limit: limits.vms, used: this.#reservedVms },
      });
    }
    if (this.#reservedMemory + spec.memory.size > limits.memoryTotal) {
      throw new SessionError(
        'memory-limit',
        `All VMs together may have ${limits.memoryTotal} bytes of memory and have ${this.#reservedMemory}; delete some or ask for less.`,
        { facts: { limit: limits.memoryTotal, used: this.#reservedMemory, requested: spec.memory.size } },
      );
    }
    if (spec.name !== undefined) {
      this.#requireFree(spec.name);
      this.#names.set(spec.name, null);
    }
    this.#reservedVms += 1;
    this.#reservedMemory += spec.memory.size;
  }

  #unreserve(memory: number, name: string | null): void {
    this.#reservedVms -= 1;
    this.#reservedMemory -= memory;
    if (name !== null) {
      this.#names.delete(name);
    }
  }

  async #start(spec: VmSpec, vcpus: Parameters<typeof configOf>[1], plan: LoadPlan): Promise<VmRecord> {
    const { pool, ids, clock } = this.#o;
    const thread = pool.acquire();
    const id = ids.next('vm');
    try {
      const { stopWord } = await asIoctl(
        'init',
        thread.call('createVm', {
          vm: id,
          config: configOf(spec, vcpus),
          capabilities: spec.enableCapabilities ?? [],
          init: spec.vcpus.map((vcpu) => vcpu.init),
          segments: compact(plan.segments),
          entry: spec.entry ?? plan.entry,
          symbols: plan.symbols,
        }),
      );
      const createdAt = new Date(clock.now());
      return newVmRecord({ id, spec, createdAt, thread, session: ids.next('ses'), stopWord });
    } catch (error) {
      pool.release(thread);
      throw error;
    }
  }

  async #openFirstSession(record: VmRecord): Promise<void> {
    const { name, labels, createdAt, session, spec } = record;
    const view = this.#sessionView(record, session, null, labels, createdAt);
    try {
      await this.#store(() => this.#o.history.openSession(view));
    } catch (error) {
      if (!record.destroyed) {
        this.#forget(record);
        await record.thread.call('destroyVm', { vm: record.id, end: endOfRuns('vm-deleted') });
        this.#o.pool.release(record.thread);
      }
      throw error;
    }
    const facts = {
      name,
      labels,
      memory: spec.memory,
      vcpus: spec.vcpus.length,
      debugResources: spec.debugResources,
      enableCapabilities: spec.enableCapabilities ?? [],
    };
    await this.#o.journal.record({
      rows: rowsOf([
        vmEvent(record, 'vm-created', createdAt, facts),
        vmEvent(record, 'session-opened', createdAt, { name: null, labels }),
      ]),
    });
  }

  async #store(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new SessionError(
        'history-unavailable',
        `The session cannot be stored (${why}). Nothing was done.`,
      );
    }
  }

  #sessionView(
    record: VmRecord,
    id: string,
    name: string | null,
    labels: Labels,
    openedAt: Date,
  ): SessionView {
    return {
      id,
      name,
      vm: record.id,
      vmName: record.name,
      labels,
      state: 'open',
      openedAt,
      endedAt: null,
      endReason: null,
      exits: 0,
    };
  }

  /** Timers are shorter than the longest lease: look again at each. */
  #watchLease(record: VmRecord): () => void {
    const { clock } = this.#o;
    const left = record.expiresAt!.getTime() - clock.now();
    return clock.after(left, () => {
      if (record.destroyed) {
        return;
      }
      if (record.expiresAt !== null && clock.now() < record.expiresAt.getTime()) {
        record.cancelLease = this.#watchLease(record);
      } else {
        void this.destroy(record, 'vm-expired');
      }
    });
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

function configOf(
  spec: VmSpec,
  vcpus: readonly {
    readonly profile: ReturnType<typeof resolveProfile>;
    readonly features: readonly string[];
  }[],
) {
  return { memory: spec.memory, vcpus, debugResources: spec.debugResources };
}

/** Segments are views of whole files: send only their own bytes. */
export function compact(segments: readonly Segment[]): readonly Segment[] {
  return segments.map(({ address, bytes }) => ({ address, bytes: bytes.slice() }));
}
