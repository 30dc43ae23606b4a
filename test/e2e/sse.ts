/** A reader of server-sent events: the text as it arrives, cut into events (WHATWG HTML, server-sent events). */
export interface StreamEvent {
  readonly id: number | null;
  readonly event: string;
  readonly data: string;
}

/** The body of an event whose `data` is one of the service's timeline events. */
export interface TimelineEvent {
  readonly sequence: number;
  readonly kind: string;
  readonly run: string | null;
  readonly body: {
    readonly reason?: string | null;
    readonly explanation?: { readonly instructionCount: number };
  };
}

/** Opens a stream and yields events until the connection ends, breaks, or is aborted. */
export async function* readEvents(
  url: string,
  options: { readonly lastEventId?: number; readonly signal?: AbortSignal } = {},
): AsyncGenerator<StreamEvent> {
  const { lastEventId, signal } = options;
  const response = await fetch(url, {
    headers: {
      accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
    },
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok || response.body === null)
    throw new Error(`${url}: ${response.status} ${await response.text()}`);
  const decoder = new TextDecoder();
  let pending = '';
  try {
    for await (const chunk of response.body) {
      pending += decoder.decode(chunk, { stream: true });
      const blocks = pending.split('\n\n');
      pending = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event !== null) yield event;
      }
    }
  } catch {
    // The service died or the test has seen enough: what came is what counts.
  }
}

function parseBlock(block: string): StreamEvent | null {
  let id: number | null = null;
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const match = /^(id|event|data): ?(.*)$/.exec(line);
    if (match?.[1] === 'id') id = Number(match[2]);
    if (match?.[1] === 'event') event = match[2] ?? '';
    if (match?.[1] === 'data') data.push(match[2] ?? '');
  }
  return data.length === 0 ? null : { id, event, data: data.join('\n') };
}

/** Reads until `enough` says so. */
export async function collectEvents(
  url: string,
  enough: (events: readonly StreamEvent[]) => boolean,
  lastEventId?: number,
): Promise<StreamEvent[]> {
  const abort = new AbortController();
  const events: StreamEvent[] = [];
  for await (const event of readEvents(url, {
    signal: abort.signal,
    ...(lastEventId === undefined ? {} : { lastEventId }),
  })) {
    events.push(event);
    if (enough(events)) break;
  }
  abort.abort();
  return events;
}
