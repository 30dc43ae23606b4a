/** The sessions of VMs that exist: each VM has one open session from its creation to its end. */
import { hex64 } from '../base/u64.ts';
import type { Clock } from '../base/clock.ts';
import { SessionError } from './errors.ts';
import { rowsOf } from './event-rows.ts';
import type { IdSource } from './ids.ts';
import type { Journal } from './journal.ts';
import type { HistoryPort } from './ports.ts';
import type { Labels, SessionId, SessionView } from './types.ts';
import { vmEvent } from './vm-event.ts';
import type { VmRecord } from './vm-record.ts';

export interface VmSessionsOptions {
  readonly history: HistoryPort;
  readonly journal: Journal;
  readonly ids: IdSource;
  readonly clock: Clock;
}

export class VmSessions {
  readonly #o: VmSessionsOptions;

  constructor(options: VmSessionsOptions) {
    this.#o = options;
  }

  /** The first one, with the events that tell of the VM's creation. */
  async openFirst(record: VmRecord): Promise<void> {
    const { name, labels, createdAt, session, spec } = record;
    await this.#store(newSession(record, session, null, labels, createdAt));
    const facts = {
      name,
      labels,
      memory: { base: hex64(BigInt(spec.memory.base)), size: spec.memory.size },
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

  /** Ends the open session and opens the next. */
  async replace(record: VmRecord, name: string | null, labels: Labels): Promise<SessionView> {
    const { clock, ids, journal } = this.#o;
    const at = new Date(clock.now());
    const view = newSession(record, ids.next('ses'), name, labels, at);
    const ended = { id: record.session, at, reason: 'replaced' };
    await this.#store(view);
    const before = vmEvent(record, 'session-ended', at, { reason: 'replaced' });
    record.session = view.id;
    const opened = vmEvent(record, 'session-opened', at, { name, labels });
    // In this order: the second is stored with or after the first.
    void journal.record({ rows: rowsOf([before]), endedSession: ended });
    await journal.record({ rows: rowsOf([opened]) });
    return view;
  }

  async #store(view: SessionView): Promise<void> {
    try {
      await this.#o.history.openSession(view);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new SessionError(
        'history-unavailable',
        `The session cannot be stored (${why}). Nothing was done.`,
      );
    }
  }
}

function newSession(
  record: VmRecord,
  id: SessionId,
  name: string | null,
  labels: Labels,
  openedAt: Date,
): SessionView {
  const open = { state: 'open', openedAt, endedAt: null, endReason: null, exits: 0 } as const;
  return { id, name, vm: record.id, vmName: record.name, labels, ...open };
}
