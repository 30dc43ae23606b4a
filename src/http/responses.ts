/** What a route can answer, for its schema: successes as given, problems by code, the ones of every route added. */
import type { TSchema } from 'typebox';
import { PROBLEMS, type ProblemCode } from './problems.ts';
import { ProblemSchema, ref } from './wire/common.ts';

/** Any route: a malformed or oversized request, Host or Origin refused, the rate limit. */
const EVERYWHERE = [
  'request-invalid',
  'request-malformed',
  'host-not-allowed',
  'origin-not-allowed',
  'not-acceptable',
  'too-many-requests',
  'headers-too-large',
] as const satisfies readonly ProblemCode[];

/** Any route but health and documentation. */
const GUARDED = ['token-missing', 'token-unknown'] as const satisfies readonly ProblemCode[];

/** Any route that asks a VM, whose thread may die or whose service may be about to stop. */
const OF_VM = ['engine-failed', 'service-stopping'] as const satisfies readonly ProblemCode[];

/** Any route with a body. */
const WITH_BODY = [
  'body-malformed',
  'body-too-large',
  'media-type-unsupported',
] as const satisfies readonly ProblemCode[];

/** Any route that creates or runs and so takes an Idempotency-Key. */
const IDEMPOTENT = [
  'idempotency-key-busy',
  'idempotency-key-reused',
] as const satisfies readonly ProblemCode[];

export interface ResponseOptions {
  /** The request has a body. */
  readonly body?: boolean;
  /** It has a body and changes nothing: tokens that may only read are good for it. */
  readonly changesNothing?: boolean;
  /** The request changes something, with or without a body. */
  readonly changes?: boolean;
  readonly idempotent?: boolean;
  /** Answered from the history alone, also while the service is stopping. */
  readonly history?: boolean;
  /** Readable without a token. */
  readonly open?: boolean;
}

interface ProblemResponse {
  readonly description: string;
  readonly content: { readonly 'application/problem+json': { readonly schema: TSchema } };
}

/** Problem responses by status, each listing its codes. */
export function problemResponses(codes: readonly ProblemCode[]): Record<number, ProblemResponse> {
  const byStatus = new Map<number, Set<ProblemCode>>();
  for (const code of codes) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  }
  const sorted = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    sorted.map(([status, set]) => [
      status,
      {
        description: [...set].map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
        content: { 'application/problem+json': { schema: ref(ProblemSchema) } },
      },
    ]),
  );
}

/** `response` of a route schema. `codes` are those that this route adds to the ones every route has. */
export function responses<const S extends Record<number, unknown>>(
  success: S,
  codes: readonly ProblemCode[],
  options: ResponseOptions = {},
): S {
  const all: ProblemCode[] = [...EVERYWHERE, ...codes];
  if (codes.includes('vm-not-found') && options.history !== true) all.push(...OF_VM);
  if (options.open !== true) all.push(...GUARDED);
  if (options.body === true) all.push(...WITH_BODY);
  const changes = options.changes === true || options.body === true;
  if (changes && options.changesNothing !== true) all.push('token-read-only');
  if (options.idempotent === true) all.push(...IDEMPOTENT);
  return { ...success, ...problemResponses(all) };
}

/** A success with a JSON body. */
export function ok<T extends TSchema>(description: string, schema: T, more: object = {}) {
  return { description, content: { 'application/json': { schema } }, ...more };
}
