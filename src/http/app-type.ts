/** What every route file shares: the typed Fastify instance, the service behind it, and what a route declares. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { Limits } from '../session/limits.ts';
import type { Service } from '../session/service.ts';

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface Api {
  readonly service: Service;
  readonly limits: Limits;
  /** Of the product. */
  readonly version: string;
  /** Milliseconds between the comments that keep a silent stream open. */
  readonly heartbeatMs: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Media types of a successful answer, the favourite first. Default JSON; none: Accept is not looked at. */
    readonly produces?: readonly string[];
    /** Media types of the request body. Default JSON for POST, PUT and PATCH, none for others. */
    readonly consumes?: readonly string[];
    /** The route honours Idempotency-Key. */
    readonly idempotent?: boolean;
    /** Changes nothing, whatever its method: good for tokens that may only read. */
    readonly changesNothing?: boolean;
    /** Readable without a token: health and documentation. */
    readonly open?: boolean;
  }
}
