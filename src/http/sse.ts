/**
 * Server-sent events. A stream holds one item at a time: the next one is asked for when the connection has taken the
 * last, so a slow client makes its source wait instead of filling memory.
 */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { STREAM_TYPE } from './plugins/content.ts';
import { invalidParameter } from './problems.ts';

/** Milliseconds that a browser waits before it connects again. */
const RETRY_MS = 1000;
const HEARTBEAT = Symbol('heartbeat');

/** One event as text. Without an id the client's position stays as it is. */
export function eventText(event: string, data: string, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`;
}

export function resyncText(oldest: number): string {
  return eventText('resync', JSON.stringify({ oldest }));
}

/** A promise of the heartbeat that does not keep the process alive; `cancel` frees its timer. */
function heartbeat(milliseconds: number): { due: Promise<typeof HEARTBEAT>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const due = new Promise<typeof HEARTBEAT>((resolve) => {
    timer = setTimeout(() => resolve(HEARTBEAT), milliseconds);
    timer.unref();
  });
  return { due, cancel: () => clearTimeout(timer) };
}

/** The streams of a service, all of which end when it stops. */
export class EventStreams {
  readonly #heartbeatMs: number;
  readonly #open = new Set<AbortController>();

  constructor(heartbeatMs: number) {
    this.#heartbeatMs = heartbeatMs;
  }

  /** Answers with what the source gives; `toText` of an item is an event, or nothing. The source ends with its signal. */
  async answer<T>(
    reply: FastifyReply,
    source: (signal: AbortSignal) => AsyncIterable<T> | Promise<AsyncIterable<T>>,
    toText: (item: T) => string,
  ): Promise<FastifyReply> {
    const controller = new AbortController();
    const items = await source(controller.signal);
    this.#open.add(controller);
    reply.raw.once('close', () => {
      this.#open.delete(controller);
      controller.abort();
    });
    reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' }).type(STREAM_TYPE);
    const text = this.#text(items, toText, controller.signal);
    return reply.send(Readable.from(text, { objectMode: false, highWaterMark: 16 * 1024 }));
  }

  /** End all: the service is stopping. */
  close(): void {
    for (const controller of this.#open) controller.abort();
  }

  /** The first line comes at once, so that clients and proxies see the headers. */
  async *#text<T>(
    items: AsyncIterable<T>,
    toText: (item: T) => string,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    yield `retry: ${RETRY_MS}\n: connected\n\n`;
    const source = items[Symbol.asyncIterator]();
    const ask = (): ReturnType<typeof source.next> => {
      const item = source.next();
      // It may fail while the client takes the one before it; that is noticed when it is its turn.
      item.catch(() => {});
      return item;
    };
    let next = ask();
    try {
      while (!signal.aborted) {
        const beat = heartbeat(this.#heartbeatMs);
        const result = await Promise.race([next, beat.due]);
        beat.cancel();
        if (result === HEARTBEAT) {
          yield ': heartbeat\n\n';
          continue;
        }
        if (result.done === true) return;
        const text = toText(result.value);
        next = ask();
        if (text !== '') yield text;
      }
    } finally {
      await source.return?.();
    }
  }
}

export const LastEventIdHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({ maxLength: 100, description: 'What browsers send when they connect again.' }),
  ),
});

/** Where a client that connects again goes on; undefined when it does not say. */
export function lastEventId({ headers }: FastifyRequest): number | undefined {
  const given = headers['last-event-id'];
  if (typeof given !== 'string' || given === '') return undefined;
  if (/^[0-9]{1,15}$/.test(given)) return Number(given);
  throw invalidParameter(
    'header',
    'last-event-id',
    `${JSON.stringify(given)} is no id of an event: ids are numbers.`,
  );
}
