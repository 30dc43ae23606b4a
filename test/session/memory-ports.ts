/** The ports of the session floor kept in Maps: a real implementation, without a disk. */
import { type EventRows, eventsOf } from '../../src/session/event-rows.ts';
import type {
  EventQuery,
  HistoryChanges,
  HistoryPort,
  IdempotencyPort,
  ImagePort,
  Ports,
  StoredResponse,
} from '../../src/session/ports.ts';
import type { ImageView, RunView, SessionView, TimelineEvent } from '../../src/session/types.ts';

function matches(query: EventQuery, event: TimelineEvent): boolean {
  const same = <T>(wanted: T | undefined, found: T | null): boolean =>
    wanted === undefined || wanted === found;
  const { pcFrom, pcTo, kinds } = query;
  return (
    event.sequence > query.after &&
    same(query.session, event.session) &&
    same(query.vm, event.vm) &&
    same(query.run, event.run) &&
    same(query.vcpu, event.vcpu) &&
    same(query.exitReason, event.exitReason) &&
    same(query.cause, event.cause) &&
    same(query.slot, event.slot) &&
    (kinds === undefined || kinds.includes(event.kind)) &&
    (pcFrom === undefined || (event.pc !== null && event.pc >= pcFrom)) &&
    (pcTo === undefined || (event.pc !== null && event.pc <= pcTo))
  );
}

export class MemoryHistory implements HistoryPort {
  readonly stored: TimelineEvent[] = [];
  readonly sessionRows = new Map<string, SessionView>();
  readonly runRows = new Map<string, RunView>();
  /** Number of transactions. */
  commits = 0;
  /** Set to make every append fail with this message. */
  broken: string | null = null;
  /** Awaited inside each append: a slow disk. */
  delay: () => Promise<void> = () => Promise.resolve();
  readonly #lost: TimelineEvent[] = [];

  async lastSequence(): Promise<number> {
    return this.stored.at(-1)?.sequence ?? 0;
  }

  async append(first: number, rows: readonly EventRows[], changes: HistoryChanges = {}): Promise<void> {
    const events = eventsOf(first, rows.map(({ text }) => text).join());
    await this.delay();
    if (this.broken !== null) {
      throw new Error(this.broken);
    }
    this.commits += 1;
    for (const event of events) {
      if (event.sequence <= (await this.lastSequence()) || !this.sessionRows.has(event.session)) {
        throw new Error(`event ${event.sequence} is out of order or has no session`);
      }
      this.stored.push(event);
    }
    for (const run of changes.runs ?? []) {
      this.runRows.set(run.id, run);
    }
    for (const { id, at, reason } of changes.endedSessions ?? []) {
      this.sessionRows.set(id, {
        ...this.sessionRows.get(id)!,
        state: 'ended',
        endedAt: at,
        endReason: reason,
      });
    }
  }

  async events(query: EventQuery): Promise<readonly TimelineEvent[]> {
    const found = this.stored.filter((event) => matches(query, event));
    return (query.order === 'descending' ? found.reverse() : found).slice(0, query.limit);
  }

  async oldestSequence(scope: { session?: string; vm?: string }): Promise<number> {
    const lost = this.#lost.findLast((event) => matches({ ...scope, after: 0, limit: 1 }, event));
    return lost === undefined ? 0 : lost.sequence + 1;
  }

  async trim(keep: number): Promise<number> {
    const gone = this.stored.splice(0, Math.max(0, this.stored.length - keep));
    this.#lost.push(...gone);
    return gone.length;
  }

  async openSession(session: SessionView): Promise<void> {
    if (this.broken !== null) {
      throw new Error(this.broken);
    }
    this.sessionRows.set(session.id, session);
  }

  async updateSession(id: string, change: Partial<SessionView>): Promise<SessionView | null> {
    const row = this.sessionRows.get(id);
    if (row === undefined) {
      return null;
    }
    this.sessionRows.set(id, { ...row, ...change });
    return this.session(id);
  }

  async session(id: string): Promise<SessionView | null> {
    const row = this.sessionRows.get(id);
    const exits = this.stored.filter((event) => event.session === id && event.kind === 'exit').length;
    return row === undefined ? null : { ...row, exits };
  }

  async sessions(query: Parameters<HistoryPort['sessions']>[0]): Promise<readonly SessionView[]> {
    const { vm, state, after = '', limit } = query;
    const found = [...this.sessionRows.values()]
      .filter((row) => row.id > after && (vm ?? row.vm) === row.vm && (state ?? row.state) === row.state)
      .slice(0, limit);
    return Promise.all(found.map(async (row) => (await this.session(row.id))!));
  }

  async run(id: string): Promise<RunView | null> {
    return this.runRows.get(id) ?? null;
  }

  async runs(query: Parameters<HistoryPort['runs']>[0]): Promise<readonly RunView[]> {
    const { vm, session, after = '', limit } = query;
    return [...this.runRows.values()]
      .filter(
        (row) => row.id > after && (vm ?? row.vm) === row.vm && (session ?? row.session) === row.session,
      )
      .slice(0, limit);
  }

  async recover(at: Date): Promise<{ sessions: number; runs: number }> {
    let [sessions, runs] = [0, 0];
    for (const row of this.sessionRows.values()) {
      if (row.state === 'open') {
        this.sessionRows.set(row.id, { ...row, state: 'ended', endedAt: at, endReason: 'service-stopped' });
        sessions += 1;
      }
    }
    for (const row of this.runRows.values()) {
      if (row.state === 'running') {
        this.runRows.set(row.id, { ...row, state: 'ended', endedAt: at, end: { reason: 'service-stopped' } });
        runs += 1;
      }
    }
    return { sessions, runs };
  }
}

class MemoryImages implements ImagePort {
  readonly #rows = new Map<string, { view: ImageView; bytes: Uint8Array }>();

  async put(view: ImageView, bytes: Uint8Array): Promise<ImageView> {
    if (!this.#rows.has(view.id)) {
      this.#rows.set(view.id, { view, bytes: bytes.slice() });
    }
    return this.#rows.get(view.id)!.view;
  }
  async image(id: string): Promise<ImageView | null> {
    return this.#rows.get(id)?.view ?? null;
  }
  async bytes(id: string): Promise<Uint8Array | null> {
    return this.#rows.get(id)?.bytes ?? null;
  }
  async images({ after = '', limit }: { after?: string; limit: number }): Promise<readonly ImageView[]> {
    const all = [...this.#rows.values()].map((row) => row.view).sort((a, b) => (a.id < b.id ? -1 : 1));
    return all.filter((view) => view.id > after).slice(0, limit);
  }
  async delete(id: string): Promise<boolean> {
    return this.#rows.delete(id);
  }
}

interface Claim {
  readonly fingerprint: string;
  readonly at: Date;
  response: StoredResponse | null;
}

class MemoryIdempotency implements IdempotencyPort {
  readonly #claims = new Map<string, Claim>();

  async claim(key: string, fingerprint: string, at: Date): ReturnType<IdempotencyPort['claim']> {
    const known = this.#claims.get(key);
    if (known === undefined) {
      this.#claims.set(key, { fingerprint, at, response: null });
      return { kind: 'new' };
    }
    if (known.fingerprint !== fingerprint) {
      return { kind: 'mismatch' };
    }
    return known.response === null ? { kind: 'busy' } : { kind: 'replay', response: known.response };
  }
  async complete(key: string, response: StoredResponse): Promise<void> {
    this.#claims.get(key)!.response = response;
  }
  async release(key: string): Promise<void> {
    this.#claims.delete(key);
  }
  async expire(before: Date): Promise<void> {
    for (const [key, claim] of this.#claims) {
      if (claim.at < before) {
        this.#claims.delete(key);
      }
    }
  }
}

export interface MemoryPorts extends Ports {
  readonly history: MemoryHistory;
}

export function memoryPorts(history = new MemoryHistory()): MemoryPorts {
  return {
    history,
    images: new MemoryImages(),
    idempotency: new MemoryIdempotency(),
    close: () => Promise.resolve(),
    healthy: () => Promise.resolve(history.broken === null),
  };
}
