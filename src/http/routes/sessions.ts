/** /v1/sessions: debug sessions and their history, also after the VM is gone. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { EventQuery } from '../../session/ports.ts';
import type { EventKind, TimelineEvent } from '../../session/types.ts';
import type { Api, App } from '../app-type.ts';
import { parseU64, U64Text } from '../codec.ts';
import { IdempotencyHeaders, LOCATION } from '../etag.ts';
import { CSV_HEAD, csvRow, exportStream } from '../export.ts';
import { CSV_TYPE, chosenType, JSON_TYPE, LINES_TYPE } from '../plugins/content.ts';
import { invalidParameter } from '../problems.ts';
import { ok, responses } from '../responses.ts';
import {
  Count,
  DEFAULT_PAGE,
  oneOf,
  pageAfter,
  PageLimit,
  page,
  ref,
  toPage,
  VmParam,
  VmParams,
} from '../wire/common.ts';
import { EVENT_KINDS, Event, eventToText, eventToWire } from '../wire/event.ts';
import { Exit, EXIT_CAUSES, EXIT_REASONS, exitToText, exitToWire } from '../wire/exit.ts';
import { Session, SessionInput, SessionPatch, sessionToWire } from '../wire/session.ts';

const tags = ['sessions'];
const SessionParams = Type.Object({
  session: Type.String({ minLength: 1, maxLength: 64, description: 'ses_...' }),
});

export function sessionRoutes(app: App, api: Api): void {
  app.post(
    '/v1/vms/:vm/sessions',
    {
      config: { idempotent: true },
      schema: {
        operationId: 'openSession',
        summary: 'Begin a new session',
        description:
          'A VM always has one open session. This ends it, with the reason `replaced`, and opens the next.',
        tags,
        params: VmParams,
        headers: IdempotencyHeaders,
        body: ref(SessionInput),
        response: responses(
          { 201: ok('The new session.', ref(Session), LOCATION) },
          ['vm-not-found', 'name-invalid', 'labels-invalid', 'vm-running', 'history-unavailable'],
          {
            body: true,
            idempotent: true,
          },
        ),
      },
    },
    async (request, reply) => {
      const view = await api.service.openSession(request.params.vm, request.body);
      reply.code(201).header('location', `/v1/sessions/${view.id}`);
      return sessionToWire(view);
    },
  );

  app.get(
    '/v1/sessions',
    {
      schema: {
        operationId: 'listSessions',
        summary: 'List sessions, open and past',
        tags,
        querystring: Type.Object(
          {
            vm: Type.Optional({ ...VmParam, description: 'Only of this VM.' } as typeof VmParam),
            state: Type.Optional(oneOf(['open', 'ended'])),
            limit: PageLimit,
            after: pageAfter('ses'),
          },
          { additionalProperties: false },
        ),
        response: responses(
          { 200: ok('One page of sessions, oldest first.', page(ref(Session), 'Sessions.')) },
          ['vm-not-found'],
          { history: true },
        ),
      },
    },
    async (request) => {
      const { limit = DEFAULT_PAGE, ...filter } = request.query;
      const found = await api.service.sessions({ ...filter, limit: limit + 1 });
      return toPage(found, limit, sessionToWire, (session) => session.id);
    },
  );

  app.get(
    '/v1/sessions/:session',
    {
      schema: {
        operationId: 'getSession',
        summary: 'Look at a session',
        tags,
        params: SessionParams,
        response: responses({ 200: ok('The session.', ref(Session)) }, ['session-not-found']),
      },
    },
    async (request) => sessionToWire(await api.service.session(request.params.session)),
  );

  app.patch(
    '/v1/sessions/:session',
    {
      schema: {
        operationId: 'changeSession',
        summary: 'Change name or labels',
        tags,
        params: SessionParams,
        body: ref(SessionPatch),
        response: responses(
          { 200: ok('The session as it is now.', ref(Session)) },
          ['session-not-found', 'name-invalid', 'labels-invalid'],
          { body: true },
        ),
      },
    },
    async (request) => sessionToWire(await api.service.patchSession(request.params.session, request.body)),
  );

  historyRoutes(app, api);
}

const HistoryFilter = {
  vm: Type.Optional({ ...VmParam, description: 'Only of this VM.' } as typeof VmParam),
  run: Type.Optional(Type.String({ maxLength: 64 })),
  vcpu: Type.Optional(Type.Integer({ minimum: 0, maximum: 65535 })),
  reason: Type.Optional(oneOf(EXIT_REASONS)),
  cause: Type.Optional(oneOf(EXIT_CAUSES)),
  slot: Type.Optional(Type.Integer({ minimum: 0, maximum: 15 })),
  pcFrom: Type.Optional(ref(U64Text)),
  pcTo: Type.Optional(ref(U64Text)),
  after: Type.Optional({
    ...Count,
    description: 'Only what has a greater sequence; the `next` of the page before.',
  } as typeof Count),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'JSON pages: default 100, at most 1000. Exports: default all.',
    }),
  ),
  order: Type.Optional(
    oneOf(['ascending', 'descending'], {
      description: 'Descending: the newest ones first, JSON only. Default ascending.',
    }),
  ),
};
const ExitsQuery = Type.Object(HistoryFilter, { additionalProperties: false });
const TimelineQuery = Type.Object(
  { ...HistoryFilter, kind: Type.Optional(oneOf(EVENT_KINDS)) },
  { additionalProperties: false },
);

const PRODUCES = [JSON_TYPE, LINES_TYPE, CSV_TYPE] as const;

function historyQuery(
  session: string,
  query: Static<typeof TimelineQuery>,
): Omit<EventQuery, 'after' | 'limit'> {
  const { vm, run, vcpu, reason, cause, slot, pcFrom, pcTo, order, kind } = query;
  const kinds: readonly EventKind[] | undefined = kind === undefined ? undefined : [kind];
  if (pcFrom !== undefined && pcTo !== undefined && parseU64(pcFrom) > parseU64(pcTo)) {
    throw invalidParameter('query', 'pcTo', 'It is below pcFrom, so no pc lies between. Swap the two.');
  }
  return {
    session,
    ...(vm === undefined ? {} : { vm }),
    ...(run === undefined ? {} : { run }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(vcpu === undefined ? {} : { vcpu }),
    ...(reason === undefined ? {} : { exitReason: reason }),
    ...(cause === undefined ? {} : { cause }),
    ...(slot === undefined ? {} : { slot }),
    ...(pcFrom === undefined ? {} : { pcFrom: parseU64(pcFrom) }),
    ...(pcTo === undefined ? {} : { pcTo: parseU64(pcTo) }),
    ...(order === undefined ? {} : { order }),
  };
}

interface History<T extends TimelineEvent, W> {
  readonly read: (query: EventQuery) => Promise<readonly T[]>;
  readonly wire: (event: T) => W;
  readonly text: (event: T) => string;
}

/** One page as JSON, or everything as lines or CSV. */
async function answerHistory<T extends TimelineEvent, W>(
  request: FastifyRequest<{ Params: { session: string }; Querystring: Static<typeof TimelineQuery> }>,
  reply: FastifyReply,
  api: Api,
  history: History<T, W>,
) {
  const { session } = request.params;
  await api.service.session(session);
  const filter = historyQuery(session, request.query);
  const after = request.query.after ?? 0;
  const type = chosenType(request, PRODUCES);
  if (type === JSON_TYPE) {
    const limit = Math.min(request.query.limit ?? DEFAULT_PAGE, api.limits.pageSize);
    const found = await history.read({ ...filter, after, limit: limit + 1 });
    const result = toPage(found, limit, history.wire, (event) => String(event.sequence));
    return reply.send(filter.order === 'descending' ? { ...result, next: null } : result);
  }
  const { order: _, ...ascending } = filter;
  const read = (position: number, limit: number) => history.read({ ...ascending, after: position, limit });
  // What is wrong with the filter is said before the first line is sent.
  await read(after, 1);
  const csv = type === CSV_TYPE;
  const line = csv ? csvRow : (event: T) => `${history.text(event)}\n`;
  reply.type(csv ? `${CSV_TYPE}; charset=utf-8; header=present` : LINES_TYPE);
  return reply.send(
    exportStream(read, after, request.query.limit ?? Number.POSITIVE_INFINITY, csv ? CSV_HEAD : '', line),
  );
}

function exported(description: string, schema: ReturnType<typeof page>) {
  const text = { schema: Type.String() };
  return { 200: { description, content: { [JSON_TYPE]: { schema }, [LINES_TYPE]: text, [CSV_TYPE]: text } } };
}

function historyRoutes(app: App, api: Api): void {
  app.get(
    '/v1/sessions/:session/exits',
    {
      config: { produces: PRODUCES },
      schema: {
        operationId: 'listExits',
        summary: 'The exit history of a session',
        description: 'As a page of JSON, or exported whole with Accept: application/x-ndjson or text/csv.',
        tags,
        params: SessionParams,
        querystring: ExitsQuery,
        response: responses(
          exported('Exits, oldest first.', page(ref(Exit), 'Exits.')),
          ['session-not-found', 'vm-not-found'],
          { history: true },
        ),
      },
    },
    async (request, reply) =>
      answerHistory(request, reply, api, {
        read: (query) => api.service.exits(query),
        wire: exitToWire,
        text: exitToText,
      }),
  );

  app.get(
    '/v1/sessions/:session/timeline',
    {
      config: { produces: PRODUCES },
      schema: {
        operationId: 'listTimeline',
        summary: 'Everything that happened in a session',
        description:
          'Exits, run states, client actions, in one order. As a page of JSON, or exported whole with Accept: application/x-ndjson or text/csv.',
        tags,
        params: SessionParams,
        querystring: TimelineQuery,
        response: responses(
          exported('Events, oldest first.', page(ref(Event), 'Events.')),
          ['session-not-found', 'vm-not-found'],
          { history: true },
        ),
      },
    },
    async (request, reply) =>
      answerHistory(request, reply, api, {
        read: (query) => api.service.events(query),
        wire: eventToWire,
        text: eventToText,
      }),
  );
}
