/**
 * The timeline's one way in. Events are numbered in the order in which they are recorded, stored in grouped commits
 * (what arrives during one commit goes with the next), and shown to anyone only when they are stored.
 */
import type { Clock } from '../base/clock.ts';
import { SessionError } from './errors.ts';
import { type EventRows, eventsOf } from './event-rows.ts';
import type { HistoryChanges, HistoryPort } from './ports.ts';
import type { RunView, TimelineEvent } from './types.ts';

export interface Entry {
  readonly rows: EventRows;
  /** The run as it is with these events, the first of which has this sequence, and whether that is stored with them. */
  readonly run?: (first: number) => RunView;
  readonly keepRun?: boolean;
  readonly endedSession?: { readonly id: string; readonly at: Date; readonly reason: string };
}

/** Entries that are stored now. */
export class Stored {
  readonly rows: EventRows;
  readonly first: number;
  #events: readonly TimelineEvent[] | null = null;

  constructor(rows: EventRows, first: number) {
    this.rows = rows;
    this.first = first;
  }

  get last(): number {
    return this.first + this.rows.count - 1;
  }

  /** Taken apart when somebody looks, and once. */
  get events(): readonly TimelineEvent[] {
    this.#events ??= eventsOf(this.first, this.rows.text);
    return this.#events;
  }
}

interface Waiting {
  readonly stored: Stored;
  readonly run: RunView | undefined;
  readonly endedSession: Entry['endedSession'];
  readonly resolve: (stored: Stored) => void;
}

export interface JournalOptions {
  readonly history: HistoryPort;
  readonly clock: Clock;
  /** Events of one transaction; an entry is never divided. */
  readonly batch: number;
  /** Events kept. */
  readonly keep: number;
}

/** After a failed commit: wait so long, then try the same events again. */
const RETRY_MILLISECONDS = 250;
/** Retention is looked at each time so many events have been stored (or a tenth of what is kept, if that is less). */
const TRIM_INTERVAL = 10_000;

export class Journal {
  readonly #o: JournalOptions;
  readonly #listeners = new Set<(stored: readonly Stored[]) => void>();
  #queue: Waiting[] = [];
  #sequence: number;
  #committed: number;
  #pumping: Promise<void> | null = null;
  #sinceTrim = 0;
  #failure: string | null = null;

  /** `last`: the greatest sequence that the history holds. */
  constructor(options: JournalOptions, last: number) {
    this.#o = options;
    this.#sequence = last;
    this.#committed = last;
  }

  /** Greatest stored sequence. */
  get committed(): number {
    return this.#committed;
  }

  /** Why the newest commit failed; null while all is well. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Refuse work that could not be recorded. */
  requireWritable(): void {
    if (this.#failure !== null) {
      throw new SessionError(
        'history-unavailable',
        `The history cannot be written (${this.#failure}). Nothing was done.`,
      );
    }
  }

  /** Resolves with the numbered entries when they are stored; never rejects: a commit is tried until it succeeds. */
  record(entry: Entry): Promise<Stored> {
    const stored = new Stored(entry.rows, this.#sequence + 1);
    this.#sequence = stored.last;
    const changed = entry.run?.(stored.first);
    const run = entry.keepRun === true ? changed : undefined;
    return new Promise((resolve) => {
      this.#queue.push({ stored, run, endedSession: entry.endedSession, resolve });
      this.#pumping ??= this.#pump();
    });
  }

  /** Called with what each commit stored, in order, before those who wait for it go on. */
  listen(listener: (stored: readonly Stored[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Everything recorded until now is stored. */
  async flush(): Promise<void> {
    while (this.#pumping !== null) {
      await this.#pumping;
    }
  }

  async #pump(): Promise<void> {
    while (this.#queue.length > 0) {
      // What is recorded in the same turn of the event loop goes together, and requests have their turn between commits.
      await new Promise<void>((resolve) => setImmediate(resolve));
      const batch = this.#takeBatch();
      const stored = batch.map((entry) => entry.stored);
      await this.#store(stored, batch);
      this.#committed = stored.at(-1)!.last;
      for (const listener of this.#listeners) {
        listener(stored);
      }
      for (const entry of batch) {
        entry.resolve(entry.stored);
      }
      await this.#trim(stored.reduce((sum, { rows }) => sum + rows.count, 0));
    }
    this.#pumping = null;
  }

  #takeBatch(): Waiting[] {
    let count = 0;
    let entries = 0;
    for (const { stored } of this.#queue) {
      count += stored.rows.count;
      if (entries > 0 && count > this.#o.batch) {
        break;
      }
      entries += 1;
    }
    return this.#queue.splice(0, entries);
  }

  async #store(stored: readonly Stored[], batch: readonly Waiting[]): Promise<void> {
    const first = stored[0]!.first;
    const rows = stored.map((each) => each.rows);
    const changes: HistoryChanges = {
      // The newest state of a run that several entries change.
      runs: [...new Map(batch.flatMap(({ run }) => (run === undefined ? [] : [[run.id, run]]))).values()],
      endedSessions: batch.flatMap(({ endedSession }) => (endedSession === undefined ? [] : [endedSession])),
    };
    for (;;) {
      try {
        await this.#o.history.append(first, rows, changes);
        this.#failure = null;
        return;
      } catch (error) {
        this.#failure = error instanceof Error ? error.message : String(error);
        await new Promise<void>((resolve) => this.#o.clock.after(RETRY_MILLISECONDS, resolve));
      }
    }
  }

  async #trim(stored: number): Promise<void> {
    this.#sinceTrim += stored;
    if (this.#sinceTrim < Math.min(TRIM_INTERVAL, Math.ceil(this.#o.keep / 10))) {
      return;
    }
    this.#sinceTrim = 0;
    try {
      await this.#o.history.trim(this.#o.keep);
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
    }
  }
}
