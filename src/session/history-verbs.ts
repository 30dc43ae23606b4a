/** Sessions and the timeline, stored and live: what outlives the VMs. */
import { SessionError } from './errors.ts';
import type { Journal } from './journal.ts';
import type { Limits } from './limits.ts';
import type { EventQuery, HistoryPort } from './ports.ts';
import type { Registry } from './registry.ts';
import type { Service } from './service.ts';
import type { StreamCount } from './stream-count.ts';
import { subscribe } from './subscription.ts';
import type { ExitRecord, TimelineEvent } from './types.ts';
import { checkLabels } from './validate.ts';
import { requireStopped, type VmRecord } from './vm-record.ts';

export interface HistoryContext {
  readonly limits: Limits;
  readonly journal: Journal;
  readonly history: HistoryPort;
  readonly registry: Registry;
  readonly streams: StreamCount;
  /** Refuses when the service is stopping. */
  requireOpen(): void;
  vm(ref: string): VmRecord;
  /** The id behind a reference to a VM that may be gone. */
  vmId(ref: string): string;
}

export type HistoryVerbs = Pick<
  Service,
  'sessions' | 'session' | 'patchSession' | 'openSession' | 'events' | 'exits' | 'subscribe' | 'lastSequence'
>;

/** Events of one page that a subscription reads from the store. */
const STREAM_PAGE = 500;

function isExit(event: TimelineEvent): event is ExitRecord {
  return event.kind === 'exit';
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

export function historyVerbs(context: HistoryContext): HistoryVerbs {
  const { limits, journal, history, registry, streams, vmId } = context;

  function query({ vm, ...rest }: EventQuery): EventQuery {
    return vm === undefined ? rest : { ...rest, vm: vmId(vm) };
  }

  return {
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
      const record = context.vm(ref);
      checkLabels(limits, labels);
      requireShort(limits, name ?? '');
      return record.gate.run(async () => {
        context.vm(record.id);
        requireStopped(record, 'another session');
        return registry.replaceSession(record, name ?? null, labels);
      });
    },
    events: async (about) => history.events(query(about)),
    exits: async (about) => (await history.events({ ...query(about), kinds: ['exit'] })).filter(isExit),
    subscribe({ vm, session }, after, signal) {
      context.requireOpen();
      const scope = { ...(vm !== undefined && { vm: vmId(vm) }), ...(session !== undefined && { session }) };
      const options = { journal, history, scope, buffer: limits.streamBuffer, page: STREAM_PAGE };
      return streams.counted(subscribe(options, after, signal));
    },
    lastSequence: () => journal.committed,
  };
}
