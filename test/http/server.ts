/** The whole front door over the real service, in one process: engine in this thread, history in memory. */
import { randomBytes } from 'node:crypto';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, expect } from 'vitest';
import { type AppOptions, buildApp, DEFAULT_APP_OPTIONS } from '../../src/app.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { App } from '../../src/http/app-type.ts';
import { createVm } from '../../src/kvm/vm.ts';
import { createService } from '../../src/session/create-service.ts';
import { spawnInProcess } from '../../src/session/engine-thread/spawn.ts';
import { type Limits, limitsWith } from '../../src/session/limits.ts';
import type { Service } from '../../src/session/service.ts';
import { memoryPorts } from '../session/memory-ports.ts';
import { checkAnswer } from './documented.ts';

export interface TestServer {
  readonly app: App;
  readonly service: Service;
}

export interface TestServerOptions {
  readonly app?: Partial<AppOptions>;
  readonly limits?: Partial<Limits>;
  readonly semihostingDirectory?: string;
  /** What stands before the real service. */
  readonly wrap?: (service: Service) => Service;
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const limits = limitsWith(options.limits ?? {});
  const real = await createService({
    ports: memoryPorts(),
    clock: systemClock,
    rng: { bytes: (count) => randomBytes(count) },
    limits,
    engine: { threads: 1, spawn: spawnInProcess({ createVm, now: () => Date.now() }) },
    semihostingDirectory: options.semihostingDirectory ?? null,
  });
  const service = options.wrap?.(real) ?? real;
  const app = await buildApp({ service, limits }, { ...DEFAULT_APP_OPTIONS, ...options.app });
  await app.ready();
  return { app, service: real };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly json: Json;
  readonly text: string;
  readonly bytes: Buffer;
}

/** A JSON value that a test looks into: every member may be there. */
export type Json = { readonly [name: string]: Json } & string & number;

export type Send = (request: InjectOptions) => Promise<Answer>;

/** Sends requests; every answer is held against the OpenAPI document. */
export function sender(app: App): Send {
  return async (request) => {
    const response = await app.inject({ ...request, headers: { host: 'localhost', ...request.headers } });
    checkAnswer(app, request, response);
    const isJson =
      /json/.test(String(response.headers['content-type'])) &&
      !/ndjson/.test(String(response.headers['content-type']));
    return {
      status: response.statusCode,
      headers: response.headers,
      json: isJson && response.body !== '' ? (response.json() as Json) : (undefined as unknown as Json),
      text: response.body,
      bytes: response.rawPayload,
    };
  };
}

/** One server for the tests of a file. */
export function useServer(options: TestServerOptions = {}): {
  readonly send: Send;
  readonly app: App;
  readonly service: Service;
} {
  let server: TestServer | undefined;
  const started = (): TestServer => {
    expect(server, 'the server has started').toBeDefined();
    return server as TestServer;
  };
  beforeAll(async () => {
    server = await startTestServer(options);
  });
  afterAll(async () => {
    await server?.app.close();
    await server?.service.close();
  });
  return {
    send: (request) => sender(started().app)(request),
    get app() {
      return started().app;
    },
    get service() {
      return started().service;
    },
  };
}
