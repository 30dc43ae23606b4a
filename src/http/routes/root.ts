/** /v1, health, and the list of problems: what a client reads first. */
import { Type } from 'typebox';
import { LIMIT_ROWS, type LimitName } from '../../session/limits.ts';
import type { Api, App } from '../app-type.ts';
import { HttpProblem, PROBLEMS, type ProblemCode } from '../problems.ts';
import { ok, responses } from '../responses.ts';
import { page } from '../wire/common.ts';

const KVM_API_VERSION = 12;

/** Names of optional features; a client checks here instead of comparing versions. */
const EXTENSIONS: readonly string[] = [];

const LINKS = {
  capabilities: '/v1/capabilities',
  profiles: '/v1/profiles',
  images: '/v1/images',
  vms: '/v1/vms',
  sessions: '/v1/sessions',
  events: '/v1/events',
  problems: '/v1/problems',
  openapi: '/openapi.json',
  docs: '/docs',
  health: '/health/ready',
  metrics: '/metrics',
} as const;

const Root = Type.Object({
  service: Type.String(),
  version: Type.String(),
  kvmApiVersion: Type.Integer({ description: 'KVM_GET_API_VERSION.' }),
  extensions: Type.Array(Type.String(), { description: 'Names of optional features.' }),
  sequence: Type.Integer({ description: 'Newest stored event of the service.' }),
  links: Type.Record(Type.String(), Type.String()),
  limits: Type.Record(
    Type.String(),
    Type.Object({ value: Type.Integer(), unit: Type.String(), meaning: Type.String() }),
  ),
});

const ProblemKindSchema = Type.Object({
  code: Type.String(),
  type: Type.String(),
  status: Type.Integer(),
  title: Type.String(),
  meaning: Type.String({ description: 'When it happens and what to do.' }),
  errno: Type.Optional(Type.String({ description: 'What the ioctl would return.' })),
});

function problemKind(code: ProblemCode) {
  return { code, type: `/v1/problems/${code}`, ...PROBLEMS[code] };
}

function limitsToWire(api: Api) {
  const names = Object.keys(LIMIT_ROWS) as LimitName[];
  const rows = names.map((name) => {
    const { unit, meaning } = LIMIT_ROWS[name];
    return [name, { value: api.limits[name], unit, meaning }] as const;
  });
  return Object.fromEntries(rows);
}

export function rootRoutes(app: App, api: Api): void {
  app.get(
    '/v1',
    {
      schema: {
        operationId: 'getRoot',
        summary: 'What this service is',
        description: 'Version, links to the collections, and every limit.',
        tags: ['service'],
        response: responses({ 200: ok('The service.', Root) }, []),
      },
    },
    async () => ({
      service: 'guestdbg',
      version: api.version,
      kvmApiVersion: KVM_API_VERSION,
      extensions: [...EXTENSIONS],
      sequence: api.service.lastSequence(),
      links: LINKS,
      limits: limitsToWire(api),
    }),
  );

  app.get(
    '/v1/problems',
    {
      schema: {
        operationId: 'listProblems',
        summary: 'Every problem code',
        tags: ['service'],
        response: responses(
          { 200: ok('All codes.', page(ProblemKindSchema, 'Problem codes; always one page.')) },
          [],
        ),
      },
    },
    async () => ({ items: (Object.keys(PROBLEMS) as ProblemCode[]).sort().map(problemKind), next: null }),
  );

  app.get(
    '/v1/problems/:code',
    {
      schema: {
        operationId: 'getProblem',
        summary: 'What a problem code means',
        description: 'The `type` of a problem document leads here.',
        tags: ['service'],
        params: Type.Object({ code: Type.String() }),
        response: responses({ 200: ok('The kind of problem.', ProblemKindSchema) }, ['problem-not-found']),
      },
    },
    async (request) => {
      const { code } = request.params;
      if (Object.hasOwn(PROBLEMS, code)) return problemKind(code as ProblemCode);
      throw new HttpProblem(
        'problem-not-found',
        `${JSON.stringify(code)} is no problem code. GET /v1/problems lists them.`,
      );
    },
  );

  healthRoutes(app, api);
}

const Health = Type.Object({ status: Type.String() });

function healthRoutes(app: App, api: Api): void {
  app.get(
    '/health/live',
    {
      config: { open: true },
      schema: {
        operationId: 'getLiveness',
        summary: 'The process answers',
        tags: ['service'],
        security: [],
        response: responses({ 200: ok('It does.', Health) }, [], { open: true }),
      },
    },
    async () => ({ status: 'live' }),
  );

  app.get(
    '/health/ready',
    {
      config: { open: true },
      schema: {
        operationId: 'getReadiness',
        summary: 'The database answers and new work is taken',
        tags: ['service'],
        security: [],
        response: responses({ 200: ok('It is.', Health) }, ['not-ready'], { open: true }),
      },
    },
    async () => {
      if (await api.service.ready()) return { status: 'ready' };
      throw new HttpProblem(
        'not-ready',
        'The service is stopping, or its database does not answer. Try again soon.',
      );
    },
  );
}
