/**
 * Server-sent events over the stored timeline. A stream holds one event at a time: the next one is asked for when the
 * connection has taken the last, so a slow client reads the store later instead of filling memory, and loses nothing.
 */
import { Readable } from 'node:stream';
import type { Service } from '../session/service.ts';
import type { EventKind } from '../session/types.ts';
import { eventToText } from './wire/event.ts';

type Subscription = ReturnType<Service['subscribe']>;
type Item = Subscription extends AsyncIterable<infer T> ? T : never;

export interface StreamOptions {
  readonly kinds: ReadonlySet<EventKind> | undefined;
  readonly heartbeatMs: number;
  readonly signal: AbortSignal;
}

/** Milliseconds that a browser waits before it connects again. */
const RETRY_MS = 1000;

function itemToText(item: Item, kinds: ReadonlySet<EventKind> | undefined): string {
  if (item.kind === 'resync') {
    return `event: resync\ndata: ${JSON.stringify({ oldest: item.oldest })}\n\n`;
  }
  const { event } = item;
  if (kinds !== undefined && !kinds.has(event.kind)) return '';
  return `id: ${event.sequence}\nevent: ${event.kind}\ndata: ${eventToText(event)}\n\n`;
}

const HEARTBEAT = Symbol('heartbeat');

/** A promise of the heartbeat that does not keep the process alive; `cancel` frees its timer. */
function heartbeat(milliseconds: number): { due: Promise<typeof HEARTBEAT>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const due = new Promise<typeof HEARTBEAT>((resolve) => {
    timer = setTimeout(() => resolve(HEARTBEAT), milliseconds);
    timer.unref();
  });
  return { due, cancel: () => clearTimeout(timer) };
}

/** The text of a stream. The first line comes at once, so that clients and proxies see the headers. */
async function* eventText(subscription: Subscription, options: StreamOptions): AsyncGenerator<string> {
  yield `retry: ${RETRY_MS}\n: connected\n\n`;
  const events = subscription[Symbol.asyncIterator]();
  let next = events.next();
  try {
    while (!options.signal.aborted) {
      const beat = heartbeat(options.heartbeatMs);
      const result = await Promise.race([next, beat.due]);
      beat.cancel();
      if (result === HEARTBEAT) {
        yield ': heartbeat\n\n';
        continue;
      }
      if (result.done === true) return;
      const text = itemToText(result.value, options.kinds);
      next = events.next();
      if (text !== '') yield text;
    }
  } finally {
    next.catch(() => {});
    await events.return?.();
  }
}

/** The body of a `text/event-stream` answer. It ends when `signal` is aborted, which must also end the subscription. */
export function eventStream(subscription: Subscription, options: StreamOptions): Readable {
  return Readable.from(eventText(subscription, options), { objectMode: false, highWaterMark: 16 * 1024 });
}
