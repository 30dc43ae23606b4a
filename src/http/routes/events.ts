/** Event streams: the timeline as it happens, resumable at any stored position. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { EventKind } from '../../session/types.ts';
import type { Api, App } from '../app-type.ts';
import { STREAM_TYPE } from '../plugins/content.ts';
import { HttpProblem, invalidParameter } from '../problems.ts';
import { responses } from '../responses.ts';
import { type EventStreams, eventText, lastEventId, LastEventIdHeaders, resyncText } from '../sse.ts';
import { VmParams } from '../wire/common.ts';
import { EVENT_KINDS, eventToText } from '../wire/event.ts';

const tags = ['events'];

const EventsQuery = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        pattern: '^(now|[0-9]{1,15})$',
        description:
          'Events with a greater sequence, the stored ones first; 0 for all, now (the default) for new ones only. Last-Event-ID goes before.',
        examples: ['now'],
      }),
    ),
    kinds: Type.Optional(
      Type.String({
        maxLength: 500,
        description: `Only these, with commas between: ${EVENT_KINDS.join(', ')}.`,
        examples: ['exit,run-ended'],
      }),
    ),
  },
  { additionalProperties: false },
);
type EventsRequest = FastifyRequest<{ Querystring: { after?: string; kinds?: string } }>;

const STREAM = {
  200: {
    description:
      'Events in order, each once. `id` is the sequence, `event` the kind, `data` an Event as JSON. A `resync` event says that the cursor ' +
      'is older than what is kept, or (Last-Event-ID) of a history that is gone; the stream goes on with `oldest`, the first that is there. Comments keep a silent stream open. ' +
      'Behind a proxy turn its buffering off (nginx: proxy_buffering off).',
    content: { [STREAM_TYPE]: { schema: Type.String() } },
  },
};

function kindsOf(text: string | undefined): ReadonlySet<EventKind> | undefined {
  if (text === undefined) return undefined;
  const kinds = text.split(',').map((kind) => kind.trim());
  const unknown = kinds.find((kind) => !EVENT_KINDS.includes(kind as EventKind));
  if (unknown !== undefined)
    throw invalidParameter(
      'query',
      'kinds',
      `${JSON.stringify(unknown)} is none of ${EVENT_KINDS.join(', ')}.`,
    );
  return new Set(kinds as EventKind[]);
}

type Item = ReturnType<Api['service']['subscribe']> extends AsyncIterable<infer T> ? T : never;

function textOf(item: Item, kinds: ReadonlySet<EventKind> | undefined): string {
  if (item.kind === 'resync') return resyncText(item.oldest);
  const { event } = item;
  if (kinds !== undefined && !kinds.has(event.kind)) return '';
  return eventText(event.kind, eventToText(event), event.sequence);
}

export function eventRoutes(app: App, api: Api, streams: EventStreams): void {
  /** A cursor that a browser sends by itself may be of a history that is gone; one that somebody wrote may not. */
  const cursor = (request: EventsRequest): number => {
    const resumed = lastEventId(request);
    if (resumed !== undefined) return resumed;
    const newest = api.service.lastSequence();
    const { after = 'now' } = request.query;
    if (after === 'now') return newest;
    if (Number(after) <= newest) return Number(after);
    throw new HttpProblem(
      'cursor-in-future',
      `The newest event has sequence ${newest}, and ${after} is beyond it. Resume after an event that you have seen, or from now.`,
      { facts: { newest } },
    );
  };

  const stream = (request: EventsRequest, reply: FastifyReply, scope: { vm?: string; session?: string }) => {
    const after = cursor(request);
    const kinds = kindsOf(request.query.kinds);
    return streams.answer(
      reply,
      (signal) => api.service.subscribe(scope, after, signal),
      (item) => textOf(item, kinds),
    );
  };

  const config = { produces: [STREAM_TYPE] };

  app.get(
    '/v1/events',
    {
      config,
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamEvents',
        summary: 'Events of all VMs',
        tags,
        querystring: EventsQuery,
        headers: LastEventIdHeaders,
        response: responses(STREAM, ['cursor-in-future', 'stream-limit', 'service-stopping']),
      },
    },
    async (request, reply) => stream(request, reply, {}),
  );

  app.get(
    '/v1/vms/:vm/events',
    {
      config,
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamVmEvents',
        summary: 'Events of a VM',
        tags,
        params: VmParams,
        querystring: EventsQuery,
        headers: LastEventIdHeaders,
        response: responses(STREAM, ['cursor-in-future', 'vm-not-found', 'stream-limit']),
      },
    },
    async (request, reply) => stream(request, reply, { vm: (await api.service.vm(request.params.vm)).id }),
  );

  app.get(
    '/v1/sessions/:session/events',
    {
      config,
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamSessionEvents',
        summary: 'Events of a session',
        description: 'Also of an ended one: what is stored comes, then nothing.',
        tags,
        params: Type.Object({ session: Type.String({ minLength: 1, maxLength: 64 }) }),
        querystring: EventsQuery,
        headers: LastEventIdHeaders,
        response: responses(STREAM, [
          'cursor-in-future',
          'session-not-found',
          'stream-limit',
          'service-stopping',
        ]),
      },
    },
    async (request, reply) =>
      stream(request, reply, { session: (await api.service.session(request.params.session)).id }),
  );
}
