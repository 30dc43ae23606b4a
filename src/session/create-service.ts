/** The session floor, put together: the `Service` over its ports and its engine threads. */
import type { Clock } from '../base/clock.ts';
import type { Rng } from '../base/rng.ts';
import { EnginePool } from './engine-thread/engine-pool.ts';
import { type Spawn, spawnWorker } from './engine-thread/spawn.ts';
import { SessionError } from './errors.ts';
import { rowsOf } from './event-rows.ts';
import { allProfiles, checkDefaultHost } from './hosts.ts';
import { IdSource } from './ids.ts';
import { ImageStore } from './images/image-store.ts';
import { Journal } from './journal.ts';
import { asIoctl } from './kvm-refusals.ts';
import type { Limits } from './limits.ts';
import type { EventQuery, Ports } from './ports.ts';
import { endWhatDied } from './recovery.ts';
import { compact, Registry, vmEvent } from './registry.ts';
import { RunBook } from './run-book.ts';
import { runVerbs, stopRun } from './run-verbs.ts';
import type { Service } from './service.ts';
import { type StreamItem, subscribe } from './subscription.ts';
import type { ExitRecord, TimelineEvent, VmView } from './types.ts';
import { checkLabels, checkTtl } from './validate.ts';
import { requireVersion, vcpuVerbs } from './vcpu-verbs.ts';
import { runStateOf, type VmRecord, vmView } from './vm-record.ts';

export interface ServiceOptions {
  readonly ports: Ports;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly limits: Limits;
  /** How many engine threads at most (as many as cores is right), and how they come to be (default: workers). */
  readonly engine: { readonly threads: number; readonly spawn?: Spawn };
}

/** Events of one page that a subscription reads from the store. */
const STREAM_PAGE = 500;

function isExit(event: TimelineEvent): event is ExitRecord {
  return event.kind === 'exit';
}

/** Ends in the history what an earlier service left open, then takes work. */
export async function createService(options: ServiceOptions): Promise<Service> {
  const { ports, clock, limits } = options;
  const { history } = ports;
  const journal = new Journal(
    { history, clock, batch: limits.commitBatch, keep: limits.historyEvents },
    await history.lastSequence(),
  );
  await endWhatDied(history, journal, clock);

  const ids = new IdSource(clock, options.rng);
  const images = new ImageStore(ports.images, limits, clock);
  const runs = new RunBook(journal, clock);
  const pool = new EnginePool(
    {
      threads: options.engine.threads,
      spawn: options.engine.spawn ?? spawnWorker,
      window: limits.engineWindow,
    },
    {
      onReport: (thread, report) => void runs.onReport(thread, report),
      onFailure: (thread) => void registry.threadFailed(thread),
    },
  );
  const registry = new Registry({ history, journal, images, pool, runs, ids, clock, limits });
  let streams = 0;
  let closed: Promise<void> | null = null;

  function requireOpen(): void {
    if (closed !== null) {
      throw new SessionError(
        'service-stopping',
        'The service is stopping and takes no new work; try again later.',
      );
    }
  }

  function get(ref: string): VmRecord {
    requireOpen();
    return registry.get(ref);
  }

  /** History outlives VMs: an id is taken as it is. */
  function vmId(ref: string): string {
    const record = registry.find(ref);
    if (record === undefined && !ref.startsWith('vm_')) {
      registry.get(ref);
    }
    return record?.id ?? ref;
  }

  function action(
    record: VmRecord,
    vcpu: number | null,
    name: string,
    facts: Readonly<Record<string, unknown>>,
  ): void {
    const at = new Date(clock.now());
    const draft = vmEvent(record, 'action', at, { action: name, ...facts }, vcpu);
    void journal.record({ rows: rowsOf([draft]) });
  }

  async function view(record: VmRecord): Promise<VmView> {
    return vmView(record, await record.thread.call('status', { vm: record.id }));
  }

  function query({ vm, ...rest }: EventQuery): EventQuery {
    return vm === undefined ? rest : { ...rest, vm: vmId(vm) };
  }

  async function* stream(
    scope: { vm?: string; session?: string },
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<StreamItem> {
    streams += 1;
    try {
      yield* subscribe(
        { journal, history, scope, buffer: limits.streamBuffer, page: STREAM_PAGE },
        after,
        signal,
      );
    } finally {
      streams -= 1;
    }
  }

  async function close(): Promise<void> {
    await Promise.all([...registry.all].map((record) => registry.destroy(record, 'service-stopped')));
    await journal.flush();
    await pool.close();
    await ports.close();
  }

  return {
    limits,
    idempotency: ports.idempotency,

    async checkExtension(cap, vm) {
      if (vm === undefined) {
        return checkDefaultHost(cap);
      }
      const record = get(vm);
      return record.thread.call('checkExtension', { vm: record.id, cap });
    },
    profiles: allProfiles,

    async putImage(bytes, about) {
      requireOpen();
      return images.put(bytes, about);
    },
    image: (id) => images.get(id),
    imageBytes: (id) => images.bytes(id),
    images: (page) => images.list(page),
    async deleteImage(id) {
      const holder = [...registry.all].find(({ spec }) =>
        spec.load.some((item) => 'image' in item && item.image === id),
      );
      if (holder !== undefined) {
        throw new SessionError(
          'image-in-use',
          `VM ${holder.name ?? holder.id} was loaded from this image. Delete the VM first.`,
          {
            facts: { vm: holder.id },
          },
        );
      }
      await images.delete(id);
    },
    symbols: (id, about) => images.symbols(id, about),

    async createVm(spec) {
      requireOpen();
      return view(await registry.create(spec));
    },
    async vm(ref) {
      return view(get(ref));
    },
    async vms({ labels = {}, after = '', limit }) {
      const wanted = Object.entries(labels);
      const page = [...registry.all]
        .filter((record) => record.id > after && wanted.every(([key, value]) => record.labels[key] === value))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit);
      return Promise.all(page.map(view));
    },
    async patchVm(ref, change, ifVersion) {
      const record = get(ref);
      requireVersion(ifVersion, record.version, 'configuration of the VM');
      if (change.labels !== undefined) {
        checkLabels(limits, change.labels);
      }
      if (typeof change.ttlSeconds === 'number') {
        checkTtl(limits, change.ttlSeconds);
      }
      if (change.name !== undefined) {
        registry.rename(record, change.name);
      }
      record.labels = change.labels ?? record.labels;
      if (change.ttlSeconds !== undefined) {
        registry.setLease(record, change.ttlSeconds);
      }
      record.version += 1;
      action(record, null, 'patch-vm', { ...change });
      return view(record);
    },
    async deleteVm(ref, reason = 'vm-deleted') {
      await registry.destroy(get(ref), reason);
    },
    async pause(ref) {
      const record = get(ref);
      await Promise.all(runs.of(record).map(stopRun));
      return view(record);
    },
    async reset(ref) {
      const record = get(ref);
      return record.gate.run(async () => {
        get(record.id);
        requireStopped(record, 'a reset');
        const { segments } = await registry.plan(record.spec);
        const { stopWord } = await asIoctl(
          'init',
          record.thread.call('resetVm', { vm: record.id, segments: compact(segments) }),
        );
        record.stopWord = stopWord;
        for (const vcpu of record.vcpus) {
          vcpu.registerVersion += 1;
          vcpu.lastExit = null;
        }
        action(record, null, 'reset', {});
        return view(record);
      });
    },

    ...vcpuVerbs({ limits, vm: get, action }),
    ...runVerbs({ limits, runs, journal, history, ids, clock, vm: get, vmId }),

    sessions: ({ vm, ...page }) => history.sessions({ ...page, ...(vm !== undefined && { vm: vmId(vm) }) }),
    async session(id) {
      return (await history.session(id)) ?? missingSession(id);
    },
    async patchSession(id, change) {
      if (change.labels !== undefined) {
        checkLabels(limits, change.labels);
      }
      requireShort(limits, change.name ?? '');
      return (await history.updateSession(id, change)) ?? missingSession(id);
    },
    async openSession(ref, { name, labels = {} }) {
      const record = get(ref);
      checkLabels(limits, labels);
      requireShort(limits, name ?? '');
      return record.gate.run(async () => {
        get(record.id);
        requireStopped(record, 'another session');
        return registry.replaceSession(record, name ?? null, labels);
      });
    },
    events: async (about) => history.events(query(about)),
    exits: async (about) => (await history.events({ ...query(about), kinds: ['exit'] })).filter(isExit),
    subscribe({ vm, session }, after, signal) {
      requireOpen();
      if (streams >= limits.streams) {
        throw new SessionError(
          'stream-limit',
          `${limits.streams} event streams are open; close one or try later.`,
          {
            facts: { limit: limits.streams, used: streams },
          },
        );
      }
      return stream(
        { ...(vm !== undefined && { vm: vmId(vm) }), ...(session !== undefined && { session }) },
        after,
        signal,
      );
    },
    lastSequence: () => journal.committed,

    stats() {
      const records = [...registry.all];
      return {
        vms: records.length,
        running: records.filter((record) => runStateOf(record) === 'running').length,
        vcpus: records.reduce((sum, record) => sum + record.vcpus.length, 0),
        memoryBytes: registry.memoryBytes,
        engineThreads: pool.size,
        exitsStored: registry.exitsStored,
        subscribers: streams,
        instructions: runs.instructions,
      };
    },
    async ready() {
      return closed === null && journal.failure === null && (await ports.healthy());
    },
    close() {
      closed ??= close();
      return closed;
    },
  };
}

function requireStopped(record: VmRecord, what: string): void {
  if (runStateOf(record) === 'running') {
    throw new SessionError(
      'vm-running',
      `The VM is running: ${what} needs all vcpus stopped. Pause it, or wait for its runs to end.`,
    );
  }
}

function requireShort(limits: Limits, name: string): void {
  if (name.length > limits.nameLength) {
    throw new SessionError(
      'name-invalid',
      `The name of a session has at most ${limits.nameLength} characters.`,
    );
  }
}

function missingSession(id: string): never {
  throw new SessionError('session-not-found', `There is no session ${JSON.stringify(id)}.`);
}
