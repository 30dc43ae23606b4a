/** The session floor, put together: the `Service` over its ports and its engine threads. */
import type { Clock } from '../base/clock.ts';
import type { Rng } from '../base/rng.ts';
import { EnginePool } from './engine-thread/engine-pool.ts';
import { type Spawn, spawnWorker } from './engine-thread/spawn.ts';
import { consoleVerbs } from './console-verbs.ts';
import { SessionError } from './errors.ts';
import { rowsOf } from './event-rows.ts';
import { historyVerbs } from './history-verbs.ts';
import { allProfiles, checkDefaultHost } from './hosts.ts';
import { IdSource } from './ids.ts';
import { ImageStore } from './images/image-store.ts';
import { Journal } from './journal.ts';
import type { Limits } from './limits.ts';
import type { Ports } from './ports.ts';
import { endWhatDied } from './recovery.ts';
import { Registry } from './registry.ts';
import { RunBook } from './run-book.ts';
import { runVerbs } from './run-verbs.ts';
import type { Service } from './service.ts';
import { StreamCount } from './stream-count.ts';
import { vcpuVerbs } from './vcpu-verbs.ts';
import { vmEvent } from './vm-event.ts';
import type { Tier } from './types.ts';
import { DEFAULT_TIER } from './vm-config.ts';
import { imagesOf, runStateOf, type VmRecord } from './vm-record.ts';
import { vmVerbs } from './vm-verbs.ts';

export interface ServiceOptions {
  readonly ports: Ports;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly limits: Limits;
  /** How many engine threads at most (as many as cores is right), and how they come to be (default: workers). */
  readonly engine: {
    readonly threads: number;
    readonly spawn?: Spawn;
    /** Of VMs whose spec names none. */
    readonly tier?: Tier;
  };
  /** The directory that guests with semihosting may have files below: absolute, without links. Default: none. */
  readonly semihostingDirectory?: string | null;
}

/** Ends in the history what an earlier service left open, then takes work. */
export async function createService(options: ServiceOptions): Promise<Service> {
  const { ports, clock, limits } = options;
  const { tier = DEFAULT_TIER } = options.engine;
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
      clock,
    },
    {
      onReport: (thread, report) => void runs.onReport(thread, report),
      onConsole: (thread, output) => void registry.consoleSaid(thread, output),
      onFailure: (thread) => void registry.threadFailed(thread),
    },
  );
  const { semihostingDirectory = null } = options;
  const registry = new Registry({
    history,
    journal,
    images,
    pool,
    runs,
    ids,
    clock,
    limits,
    semihostingDirectory,
  });
  const streams = new StreamCount(limits.streams);
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

  const verbs = historyVerbs({
    limits,
    journal,
    history,
    registry,
    streams,
    requireOpen,
    vm: get,
    vmId,
  });

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
      const holder = [...registry.all].find(({ spec }) => imagesOf(spec).includes(id));
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

    ...vmVerbs({ limits, tier, registry, runs, requireOpen, vm: get, action }),
    ...vcpuVerbs({ limits, vm: get, action }),
    ...consoleVerbs({ limits, streams, vm: get, action }),
    ...runVerbs({ limits, runs, journal, history, ids, clock, vm: get, vmId }),

    ...verbs,

    stats() {
      const records = [...registry.all];
      return {
        vms: records.length,
        running: records.filter((record) => runStateOf(record) === 'running').length,
        vcpus: records.reduce((sum, record) => sum + record.vcpus.length, 0),
        memoryBytes: registry.memoryBytes,
        engineThreads: pool.size,
        exitsStored: registry.exitsStored,
        subscribers: streams.open,
        instructions: runs.instructions,
      };
    },
    async ready() {
      return closed === null && journal.failure === null && (await ports.healthy());
    },
    startAhead: () => pool.startAhead(),
    close() {
      closed ??= close();
      return closed;
    },
  };
}
