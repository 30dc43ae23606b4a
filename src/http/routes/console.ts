/** /v1/vms/{vm}/console: what a guest with a board says, and what it is told. */
import { Type } from 'typebox';
import type { Api, App } from '../app-type.ts';
import { BYTES_TYPE, chosenType, JSON_TYPE, STREAM_TYPE } from '../plugins/content.ts';
import { invalid } from '../problems.ts';
import { responses } from '../responses.ts';
import { type EventStreams, eventText, lastEventId, LastEventIdHeaders, resyncText } from '../sse.ts';
import { textInParts, wholeText } from '../wire/console.ts';
import { Count, VmParams } from '../wire/common.ts';

const tags = ['console'];
const PATH = '/v1/vms/:vm/console';
const PRODUCES = [JSON_TYPE, BYTES_TYPE, STREAM_TYPE] as const;
const PROBLEMS = ['vm-not-found', 'console-missing'] as const;
/** Bytes of one answer. */
const ANSWER = 256 * 1024;

const Output = Type.Object(
  {
    from: Count,
    next: Count,
    text: Type.String({
      description: 'The bytes as UTF-8, whole characters only; what is no UTF-8 is U+FFFD.',
    }),
  },
  { $id: 'ConsoleOutput', additionalProperties: false },
);
const Bytes = Type.Unsafe<Uint8Array>({ description: 'The bytes.', contentMediaType: BYTES_TYPE });
const Stream = Type.String({
  description:
    'Events `console`: `id` is the position after the text, `data` has from, next, text and sequence, the place on the timeline of events and exits. A `resync` event says that the cursor is no position of what is kept; the stream goes on at `oldest`. Comments keep a silent stream open.',
});
const Input = Type.Object(
  { text: Type.String({ minLength: 1, maxLength: 65536, description: 'Sent as UTF-8.' }) },
  { additionalProperties: false, examples: [{ text: 'uname -a\n' }] },
);
const Accepted = Type.Object({
  accepted: {
    ...Count,
    description: 'Bytes that found room in the console; offer the rest again later.',
  } as typeof Count,
});

type Item = Awaited<ReturnType<Api['service']['followConsole']>> extends AsyncIterable<infer T> ? T : never;

function itemToText(): (item: Item) => string {
  const parts = textInParts();
  return (item) => {
    if (item.kind === 'resync') return resyncText(item.oldest);
    const { from, next, text } = parts(item);
    if (text === '') return '';
    return eventText('console', JSON.stringify({ from, next, text, sequence: item.sequence }), next);
  };
}

export function consoleRoutes(app: App, api: Api, streams: EventStreams): void {
  app.get(
    PATH,
    {
      config: { produces: PRODUCES },
      schema: {
        operationId: 'readConsole',
        summary: 'Read console output',
        description:
          'From a position on, as JSON, or with Accept: application/octet-stream as bytes: continue at next. With Accept: text/event-stream as it comes, from after (default: from now) or Last-Event-ID on.',
        tags,
        params: VmParams,
        headers: LastEventIdHeaders,
        querystring: Type.Object(
          {
            after: Type.Optional({
              ...Count,
              description:
                'Position in bytes since the VM was created. Default 0; of a stream: what is new. Last-Event-ID goes before.',
            } as typeof Count),
          },
          { additionalProperties: false },
        ),
        response: responses(
          {
            200: {
              description: 'The output. from is later than after when older output is no longer kept.',
              headers: {
                'Console-From': { type: 'string', description: 'Position of the first byte.' },
                'Console-Next': { type: 'string', description: 'Position after the last one.' },
              },
              content: {
                [JSON_TYPE]: { schema: Output },
                [BYTES_TYPE]: { schema: Bytes },
                [STREAM_TYPE]: { schema: Stream },
              },
            },
          },
          [...PROBLEMS, 'stream-limit'],
        ),
      },
    },
    async (request, reply) => {
      const { vm } = request.params;
      const type = chosenType(request, PRODUCES);
      if (type === STREAM_TYPE) {
        const cursor = lastEventId(request) ?? request.query.after ?? null;
        return streams.answer(reply, (signal) => api.service.followConsole(vm, cursor, signal), itemToText());
      }
      const { after = 0 } = request.query;
      const output = await api.service.consoleOutput(vm, after, ANSWER);
      const text = type === BYTES_TYPE ? null : wholeText(output);
      const { from, next } = text ?? output;
      reply.headers({ 'console-from': String(from), 'console-next': String(next) });
      if (text === null) return reply.type(BYTES_TYPE).send(Buffer.from(output.bytes));
      return reply.send(text);
    },
  );

  app.post(
    PATH,
    {
      config: { consumes: [JSON_TYPE, BYTES_TYPE] },
      schema: {
        operationId: 'typeConsole',
        summary: 'Type on the console',
        description: 'Text, or bytes. In any state; the guest sees it when it runs.',
        tags,
        params: VmParams,
        body: { content: { [JSON_TYPE]: { schema: Input }, [BYTES_TYPE]: { schema: Bytes } } },
        response: responses(
          { 200: { description: 'Typed.', content: { [JSON_TYPE]: { schema: Accepted } } } },
          [...PROBLEMS, 'limit-exceeded'],
          { body: true },
        ),
      },
    },
    async (request, reply) => {
      const accepted = await api.service.consoleInput(request.params.vm, bytesOf(request.body));
      return reply.send({ accepted });
    },
  );
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) {
    if (body.length === 0) throw invalid('', 'There are no bytes in it.');
    return body;
  }
  const { text } = (body ?? {}) as { text?: string };
  if (text === undefined)
    throw invalid('', 'There is nothing to type: give text, or bytes as application/octet-stream.');
  return new TextEncoder().encode(text);
}
