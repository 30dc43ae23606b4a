/**
 * A reader of the timeline: stored events after a cursor, then each as it is stored; in order, none missing, none
 * twice. What comes live waits in a bounded buffer; a reader that falls behind it reads the store again.
 */
import type { EventRows } from './event-rows.ts';
import type { Journal, Stored } from './journal.ts';
import type { HistoryPort } from './ports.ts';
import type { SessionId, TimelineEvent, VmId } from './types.ts';

export interface Scope {
  readonly vm?: VmId;
  readonly session?: SessionId;
}

export type StreamItem =
  | { readonly kind: 'event'; readonly event: TimelineEvent }
  /** The cursor is none of what is kept: too old, or of another timeline and not yet there. The stream goes on at `oldest`. */
  | { readonly kind: 'resync'; readonly oldest: number };

export interface SubscriptionOptions {
  readonly journal: Journal;
  readonly history: HistoryPort;
  readonly scope: Scope;
  /** Events held in memory. */
  readonly buffer: number;
  /** Events read from the store at once. */
  readonly page: number;
}

function inScope(scope: Scope, { vm, session }: EventRows): boolean {
  return (
    (scope.vm === undefined || vm === scope.vm) && (scope.session === undefined || session === scope.session)
  );
}

/** Live events for one reader. Overflow is a state, not an error: then the store has what is missing here. */
class LiveBuffer {
  readonly #limit: number;
  readonly #scope: Scope;
  #events: TimelineEvent[] = [];
  #overflown = false;
  #wake: () => void = () => {};

  constructor(limit: number, scope: Scope) {
    this.#limit = limit;
    this.#scope = scope;
  }

  push(stored: readonly Stored[]): void {
    const mine = stored.filter(({ rows }) => inScope(this.#scope, rows));
    if (mine.length === 0 || this.#overflown) {
      return;
    }
    const count = mine.reduce((sum, { rows }) => sum + rows.count, this.#events.length);
    if (count > this.#limit) {
      this.#overflown = true;
      this.#events = [];
    } else {
      this.#events.push(...mine.flatMap(({ events }) => events));
    }
    this.#wake();
  }

  /** Start anew: from here on everything is either taken or reported as overflown. */
  reset(): void {
    this.#events = [];
    this.#overflown = false;
  }

  /** What has come; null after an overflow. */
  take(): readonly TimelineEvent[] | null {
    if (this.#overflown) {
      return null;
    }
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Resolves when there is something to take, or at once when there already is. */
  async wait(signal: AbortSignal): Promise<void> {
    if (this.#events.length > 0 || this.#overflown || signal.aborted) {
      return;
    }
    let onAbort = (): void => {};
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      onAbort = resolve;
      signal.addEventListener('abort', onAbort);
    });
    signal.removeEventListener('abort', onAbort);
    this.#wake = () => {};
  }
}

/** Everything stored after the cursor, up to what was stored when the last page was asked for. */
async function* readStore(
  { history, scope, page: size }: SubscriptionOptions,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<StreamItem, void, void> {
  let position = from;
  while (!signal.aborted) {
    const page = await history.events({ ...scope, after: position, limit: size });
    // Asked after the page was read: what retention took before or meanwhile shows here.
    const oldest = await history.oldestSequence(scope);
    if (position + 1 < oldest) {
      yield { kind: 'resync', oldest };
      position = oldest - 1;
      continue;
    }
    for (const event of page) {
      position = event.sequence;
      yield { kind: 'event', event };
    }
    if (page.length < size) {
      return;
    }
  }
}

export async function* subscribe(
  options: SubscriptionOptions,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<StreamItem, void, void> {
  const live = new LiveBuffer(options.buffer, options.scope);
  const stopListening = options.journal.listen((stored) => live.push(stored));
  let cursor = after;
  try {
    if (after > options.journal.committed) {
      const oldest = Math.max(1, await options.history.oldestSequence(options.scope));
      yield { kind: 'resync', oldest };
      cursor = oldest - 1;
    }
    while (!signal.aborted) {
      // The buffer is empty before the store is read, so that nothing falls between the two.
      live.reset();
      for await (const item of readStore(options, cursor, signal)) {
        cursor = item.kind === 'event' ? item.event.sequence : item.oldest - 1;
        yield item;
      }
      for (let events = live.take(); events !== null && !signal.aborted; events = live.take()) {
        for (const event of events) {
          if (event.sequence > cursor && !signal.aborted) {
            cursor = event.sequence;
            yield { kind: 'event', event };
          }
        }
        await live.wait(signal);
      }
    }
  } finally {
    stopListening();
  }
}
