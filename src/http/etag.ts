/** If-Match on resources whose state has a version. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Versioned } from '../session/service.ts';
import { etag, ifMatch } from './headers.ts';

/** No version of anything: what a tag that is not ours is compared with. */
const NO_VERSION = -1;

/**
 * The version that the service is to compare, undefined for no condition. A list of several tags is matched against
 * the version in force, and the service then checks that it still is.
 */
export async function expectedVersion(
  request: FastifyRequest,
  current: () => Promise<number>,
): Promise<number | undefined> {
  const versions = ifMatch(request.headers['if-match']);
  if (versions === undefined) return undefined;
  if (versions.length <= 1) return versions[0] ?? NO_VERSION;
  const inForce = await current();
  return versions.includes(inForce) ? inForce : NO_VERSION;
}

export function withEtag<T>(reply: FastifyReply, versioned: Versioned<T>): T {
  reply.header('etag', etag(versioned.version));
  return versioned.value;
}

export const IfMatchHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      maxLength: 1000,
      description: 'ETag of an earlier answer: the change is made only if nothing changed since.',
      examples: ['"3"'],
    }),
  ),
});

/** Response headers in a route schema. */
export const ETAG = {
  headers: { ETag: { type: 'string', description: 'Strong entity tag of this state, for If-Match.' } },
} as const;
export const LOCATION = {
  headers: { Location: { type: 'string', description: 'URL of the resource.' } },
} as const;

export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description:
        'Any unique text. The same request with the same key is done once; later ones get the stored response.',
      examples: ['5f1c7a1e-0a55-4b5c-9b55-7a3f0f6f5b1d'],
    }),
  ),
});
