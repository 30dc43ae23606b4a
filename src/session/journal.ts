/**
 * The timeline's one way in. Events are numbered in the order in which they are recorded, stored in grouped commits
 * (what arrives during one commit goes with the next), and shown to anyone only when they are stored.
 */
import type { Clock } from '../base/clock.ts';
import { SessionError } from './errors.ts';
import type { HistoryChanges, HistoryPort } from './ports.ts';
import type { RunView, TimelineEvent } from './types.ts';

/** An event before it is numbered. */
export type EventDraft = Omit<TimelineEvent, 'sequence'>;

export interface Entry {
  readonly events: readonly EventDraft[];
  /** The run as it is with these events, and whether that is stored with them. */
  readonly run?: (numbered: readonly TimelineEvent[]) => RunView;
  readonly keepRun?: boolean;
  readonly endedSession?: { readonly id: string; readonly at: Date; readonly reason: string };
}

interface Waiting {
  readonly events: readonly TimelineEvent[];
  readonly run: RunView | undefined;
  readonly endedSession: Entry['endedSession'];
  readonly resolve: (stored: readonly TimelineEvent[]) => void;
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
  readonly #listeners = new Set<(events: readonly TimelineEvent[]) => void>();
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

  /** Resolves, with the numbered events, when they are stored; never rejects: a commit is tried until it succeeds. */
  record(entry: Entry): Promise<readonly TimelineEvent[]> {
    const events = entry.events.map((draft) => ({ ...draft, sequence: ++this.#sequence }));
    const changed = entry.run?.(events);
    const run = entry.keepRun === true ? changed : undefined;
    return new Promise((resolve) => {
      this.#queue.push({ events, run, endedSession: entry.endedSession, resolve });
      this.#pumping ??= this.#pump();
    });
  }

  /** Called with each commit's events, in order, before those who wait for them go on. */
  listen(listener: (events: readonly TimelineEvent[]) => void): () => void {
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
    // Let what is recorded in the same turn of the event loop go with the first commit.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch();
      const events = batch.flatMap((entry) => entry.events);
      await this.#store(events, batch);
      this.#committed = events.at(-1)?.sequence ?? this.#committed;
      for (const listener of this.#listeners) {
        listener(events);
      }
      for (const entry of batch) {
        entry.resolve(entry.events);
      }
      await this.#trim(events.length);
    }
    this.#pumping = null;
  }

  #takeBatch(): Waiting[] {
    let count = 0;
    let entries = 0;
    while (
      entries < this.#queue.length &&
      (entries === 0 || count + this.#queue[entries]!.events.length <= this.#o.batch)
    ) {
      count += this.#queue[entries]!.events.length;
      entries += 1;
    }
    return this.#queue.splice(0, entries);
  }

  async #store(events: readonly TimelineEvent[], batch: readonly Waiting[]): Promise<void> {
    const changes: HistoryChanges = {
      // The newest state of a run that several entries change.
      runs: [...new Map(batch.flatMap(({ run }) => (run === undefined ? [] : [[run.id, run]]))).values()],
      endedSessions: batch.flatMap(({ endedSession }) => (endedSession === undefined ? [] : [endedSession])),
    };
    for (;;) {
      try {
        await this.#o.history.append(events, changes);
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
