/** Event streams: the timeline as it happens, resumable at any stored position. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { EventKind } from '../../session/types.ts';
import type { Api, App } from '../app-type.ts';
import { STREAM_TYPE } from '../plugins/content.ts';
import { HttpProblem, invalidParameter } from '../problems.ts';
import { responses } from '../responses.ts';
import { eventStream } from '../sse.ts';
import { VmParams } from '../wire/common.ts';
import { EVENT_KINDS } from '../wire/event.ts';

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
const EventsHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({ maxLength: 100, description: 'What browsers send when they connect again.' }),
  ),
});
type EventsRequest = FastifyRequest<{ Querystring: { after?: string; kinds?: string } }>;

const STREAM = {
  200: {
    description:
      'Events in order, each once. `id` is the sequence, `event` the kind, `data` an Event as JSON. A `resync` event says that the cursor ' +
      'is older than what is kept, and `oldest` is the first that is there. Comments keep a silent stream open. ' +
      'Behind a proxy turn its buffering off (nginx: proxy_buffering off).',
    content: { [STREAM_TYPE]: { schema: Type.String() } },
  },
};

export interface EventStreams {
  /** End all streams: the service is stopping. */
  close(): void;
}

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

export function eventRoutes(app: App, api: Api): EventStreams {
  const open = new Set<AbortController>();

  const cursor = (request: EventsRequest): number => {
    const resumed = request.headers['last-event-id'];
    if (typeof resumed === 'string' && resumed !== '') {
      if (!/^[0-9]{1,15}$/.test(resumed))
        throw invalidParameter(
          'header',
          'last-event-id',
          `${JSON.stringify(resumed)} is no id of an event: ids are numbers.`,
        );
      return Number(resumed);
    }
    const { after = 'now' } = request.query;
    return after === 'now' ? api.service.lastSequence() : Number(after);
  };

  const requirePast = (after: number): void => {
    const newest = api.service.lastSequence();
    if (after <= newest) return;
    throw new HttpProblem(
      'cursor-in-future',
      `The newest event has sequence ${newest}, and ${after} is beyond it. Resume after an event that you have seen, or from now.`,
      { facts: { newest } },
    );
  };

  const stream = (request: EventsRequest, reply: FastifyReply, scope: { vm?: string; session?: string }) => {
    const after = cursor(request);
    requirePast(after);
    const kinds = kindsOf(request.query.kinds);
    const controller = new AbortController();
    const subscription = api.service.subscribe(scope, after, controller.signal);
    open.add(controller);
    reply.raw.once('close', () => {
      open.delete(controller);
      controller.abort();
    });
    reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' }).type(STREAM_TYPE);
    return reply.send(
      eventStream(subscription, { kinds, heartbeatMs: api.heartbeatMs, signal: controller.signal }),
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
        headers: EventsHeaders,
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
        headers: EventsHeaders,
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
        headers: EventsHeaders,
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

  return {
    close(): void {
      for (const controller of open) controller.abort();
    },
  };
}
