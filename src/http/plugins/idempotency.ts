/**
 * Idempotency-Key: a request that creates or runs can be sent again without being done again. Successful responses
 * are kept; a refused request changed nothing, so its key is free again.
 */
import { createHash, type Hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { StoredResponse } from '../../session/ports.ts';
import type { Api, App } from '../app-type.ts';
import { HttpProblem, invalidParameter } from '../problems.ts';

const KEPT_HEADERS = ['content-type', 'location', 'etag', 'preference-applied'] as const;

/** Keys in progress, by request. */
const claimed = new WeakMap<FastifyRequest, string>();

function update(hash: Hash, value: unknown): void {
  if (value instanceof Uint8Array) hash.update(`bytes ${value.length}\n`).update(value);
  else if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    hash.update(`${Array.isArray(value) ? 'array' : 'object'} ${members.length}\n`);
    for (const [name, member] of members) {
      hash.update(`${JSON.stringify(name)}\n`);
      update(hash, member);
    }
  } else hash.update(`${JSON.stringify(value) ?? 'nothing'}\n`);
}

/** Equal for requests that mean the same: method, URL and body. */
export function fingerprint(method: string, url: string, body: unknown): string {
  const hash = createHash('sha256').update(`${method} ${url}\n`);
  update(hash, body);
  return hash.digest('hex');
}

function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw invalidParameter(
    'header',
    'idempotency-key',
    'A key is 1 to 255 visible ASCII characters, such as a UUID.',
  );
}

export function installIdempotency(app: App, api: Api): void {
  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.config.idempotent !== true) return;
    const key = keyOf(request);
    if (key === undefined) return;
    const print = fingerprint(request.method, request.url, request.body);
    const claim = await api.service.idempotency.claim(key, print, new Date());
    switch (claim.kind) {
      case 'new':
        claimed.set(request, key);
        return;
      case 'replay':
        reply
          .code(claim.response.status)
          .headers(claim.response.headers)
          .header('idempotent-replayed', 'true');
        return reply.send(claim.response.body);
      case 'mismatch':
        throw new HttpProblem(
          'idempotency-key-reused',
          'This Idempotency-Key was sent before with another method, URL or body. Take a new key for a new request.',
        );
      case 'busy':
        throw new HttpProblem(
          'idempotency-key-busy',
          'The first request with this Idempotency-Key is still running. Send it again later to get its response.',
        );
    }
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const key = claimed.get(request);
    if (key === undefined) return;
    claimed.delete(request);
    const stored = storable(reply.statusCode, (name) => reply.getHeader(name), payload);
    if (stored === undefined) await api.service.idempotency.release(key);
    else await api.service.idempotency.complete(key, stored);
  });
}

function storable(
  status: number,
  header: (name: string) => unknown,
  payload: unknown,
): StoredResponse | undefined {
  if (status >= 300 || (payload !== undefined && payload !== null && typeof payload !== 'string'))
    return undefined;
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = header(name);
    return value === undefined ? [] : [[name, String(value)]];
  });
  return { status, headers: Object.fromEntries(headers), body: payload ?? '' };
}
