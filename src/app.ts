/** The composition root of the HTTP front door: one Fastify instance over a service, not yet listening. */
import { readFileSync } from 'node:fs';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Api, App } from './http/app-type.ts';
import { COMPONENTS } from './http/components.ts';
import { loggedRequest } from './http/log.ts';
import { installContent } from './http/plugins/content.ts';
import { answerClientError, answerError, installErrors } from './http/plugins/errors.ts';
import { installIdempotency } from './http/plugins/idempotency.ts';
import { installMetrics } from './http/plugins/metrics.ts';
import { installDocs, installOpenapi } from './http/plugins/openapi.ts';
import { installSecurity, type SecurityOptions } from './http/plugins/security.ts';
import { HttpProblem } from './http/problems.ts';
import { capabilityRoutes } from './http/routes/capabilities.ts';
import { digestRoutes } from './http/routes/digest.ts';
import { eventRoutes } from './http/routes/events.ts';
import { guestDebugRoutes } from './http/routes/guest-debug.ts';
import { imageRoutes } from './http/routes/images.ts';
import { consoleRoutes } from './http/routes/console.ts';
import { memoryRoutes } from './http/routes/memory.ts';
import { profileRoutes } from './http/routes/profiles.ts';
import { registerRoutes } from './http/routes/registers.ts';
import { rootRoutes } from './http/routes/root.ts';
import { runRoutes } from './http/routes/runs.ts';
import { sessionRoutes } from './http/routes/sessions.ts';
import { translationRoutes } from './http/routes/translation.ts';
import { vcpuRoutes } from './http/routes/vcpus.ts';
import { vmRoutes } from './http/routes/vms.ts';
import { EventStreams } from './http/sse.ts';
import { createValidatorCompiler } from './http/validation.ts';
import type { Limits } from './session/limits.ts';

export interface AppOptions extends SecurityOptions {
  /** Requests that one client address may send in a second; 0 for no limit. */
  readonly requestsPerSecond: number;
  readonly heartbeatMs: number;
  /** Of the log on standard output, one JSON object a line; `silent` for none. */
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
}

export const DEFAULT_APP_OPTIONS: AppOptions = {
  allowedHosts: [],
  allowedOrigins: [],
  tokens: [],
  requestsPerSecond: 20_000,
  heartbeatMs: 15_000,
  logLevel: 'silent',
};

/** Of package.json: one directory above this file, in the sources and in the build. */
export function productVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function createFastify(options: AppOptions, limits: Limits): App {
  const app = Fastify({
    logger:
      options.logLevel === 'silent'
        ? false
        : { level: options.logLevel, serializers: { req: loggedRequest } },
    genReqId: requestIds(),
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      answerError(error as FastifyError, request as FastifyRequest, reply as FastifyReply);
    },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    bodyLimit: limits.bodyBytes,
    // Longer than any URL that fits into the headers: what is too long for an id is refused by its schema.
    routerOptions: { maxParamLength: 20_000 },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(createValidatorCompiler(COMPONENTS));
  // Answers are written as they are built: nothing is dropped or reordered; tests hold them against the schemas.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  for (const component of COMPONENTS) app.addSchema(component);
  app.addHook('onRoute', ({ schema }) => {
    if (schema !== undefined && schema.hide !== true) schema.querystring ??= NO_QUERY;
  });
  return app;
}

/** A parameter that a route does not know is a mistake worth telling. */
const NO_QUERY = Type.Object({}, { additionalProperties: false });

/** Only the refusal says anything about the rate. */
const NO_HEADERS = {
  'x-ratelimit-limit': false,
  'x-ratelimit-remaining': false,
  'x-ratelimit-reset': false,
} as const;

function requestIds(): () => string {
  let count = 0;
  return () => `req_${(++count).toString(36)}`;
}

async function installPlugins(app: App, api: Api, options: AppOptions): Promise<void> {
  installErrors(app);
  await installOpenapi(app, api.version);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: false,
  });
  installSecurity(app, options);
  if (options.requestsPerSecond > 0) {
    await app.register(rateLimit, {
      max: options.requestsPerSecond,
      addHeaders: NO_HEADERS,
      addHeadersOnExceeding: NO_HEADERS,
      timeWindow: 1000,
      errorResponseBuilder: (_request, { max }) =>
        new HttpProblem(
          'too-many-requests',
          `More than ${max} requests in a second came from this address. Go on after Retry-After.`,
        ),
    });
  }
  installContent(app);
  await app.register(multipart);
  installIdempotency(app, api);
  installMetrics(app, api);
}

/** Everything that the service offers over HTTP. */
export async function buildApp(context: Pick<Api, 'service' | 'limits'>, options: AppOptions): Promise<App> {
  const app = createFastify(options, context.limits);
  const api: Api = {
    get service() {
      return context.service;
    },
    limits: context.limits,
    version: productVersion(),
    heartbeatMs: options.heartbeatMs,
  };
  await installPlugins(app, api, options);
  rootRoutes(app, api);
  capabilityRoutes(app, api);
  profileRoutes(app, api);
  imageRoutes(app, api);
  vmRoutes(app, api);
  digestRoutes(app, api);
  vcpuRoutes(app, api);
  guestDebugRoutes(app, api);
  registerRoutes(app, api);
  translationRoutes(app, api);
  memoryRoutes(app, api);
  const streams = new EventStreams(api.heartbeatMs);
  consoleRoutes(app, api, streams);
  runRoutes(app, api);
  eventRoutes(app, api, streams);
  sessionRoutes(app, api);
  await installDocs(app);
  app.addHook('preClose', async () => streams.close());
  return app;
}
