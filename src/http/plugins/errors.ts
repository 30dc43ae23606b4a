/** Every error leaves as a problem document, wherever in Fastify or Node it came from. */
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app-type.ts';
import {
  type HttpProblemCode,
  HttpProblem,
  problemDocument,
  type ProblemDocument,
  RETRY_AFTER,
  SessionError,
  sessionProblem,
} from '../problems.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Errors of Fastify and its plugins that a client causes. */
const FRAMEWORK_CODES: Readonly<Record<string, HttpProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_REQ_FILE_TOO_LARGE: 'body-too-large',
  FST_PARTS_LIMIT: 'body-too-large',
  FST_FILES_LIMIT: 'body-too-large',
  FST_FIELDS_LIMIT: 'body-too-large',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'media-type-unsupported',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type-unsupported',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'body-malformed',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'body-malformed',
  FST_ERR_CTP_INVALID_JSON_BODY: 'body-malformed',
  FST_ERR_BAD_URL: 'request-malformed',
};

const STATUS_CODES: Readonly<Record<number, HttpProblemCode>> = {
  400: 'body-malformed',
  408: 'request-timeout',
  413: 'body-too-large',
  415: 'media-type-unsupported',
  429: 'too-many-requests',
};

export function sendProblem(
  reply: FastifyReply,
  document: ProblemDocument,
  headers: Readonly<Record<string, string>> = {},
): FastifyReply {
  const retry = RETRY_AFTER[document.status];
  if (retry !== undefined && !reply.hasHeader('retry-after')) reply.header('retry-after', String(retry));
  return reply.code(document.status).headers(headers).type(PROBLEM_TYPE).send(JSON.stringify(document));
}

function describe(error: FastifyError): HttpProblem | SessionError | undefined {
  if (error instanceof HttpProblem || error instanceof SessionError) return error;
  const code = FRAMEWORK_CODES[error.code] ?? STATUS_CODES[error.statusCode ?? 0];
  return code === undefined
    ? undefined
    : new HttpProblem(code, `${error.message.replace(/\.$/, '')}. Correct the request and send it again.`);
}

/** Answer with the document of an error; what is nobody's mistake but ours is logged and named by the request id. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = describe(error);
  if (known instanceof SessionError) return sendProblem(reply, sessionProblem(known));
  if (known !== undefined)
    return sendProblem(reply, problemDocument(known.code, known.message, known.extras), known.extras.headers);
  request.log.error({ err: error }, 'a fault of the service');
  const detail = `This is a fault of the service, not of the request. Please report it; its log has the details under request ${request.id}.`;
  return sendProblem(reply, problemDocument('internal', detail, { facts: { request: request.id } }));
}

const CLIENT_ERRORS: Readonly<Record<string, { code: HttpProblemCode; status: string; detail: string }>> = {
  HPE_HEADER_OVERFLOW: {
    code: 'headers-too-large',
    status: '431 Request Header Fields Too Large',
    detail: 'The headers of the request have more than 16 KiB together. Send fewer or shorter ones.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: 'request-timeout',
    status: '408 Request Timeout',
    detail: 'The request did not arrive completely in time. Send it again.',
  },
};

/** For bytes that Node's parser refuses: there is no request yet, so the answer is written to the socket. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const { code, status, detail } = CLIENT_ERRORS[error.code ?? ''] ?? {
    code: 'request-malformed' as const,
    status: '400 Bad Request',
    detail:
      'The bytes on this connection are not an HTTP/1.1 request. Is the client speaking TLS or another protocol?',
  };
  const body = JSON.stringify(problemDocument(code, detail));
  const head = `HTTP/1.1 ${status}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n`;
  socket.end(head + body);
}

/** Paths with `:name` parameters as expressions, and the methods of each. */
function routeTable() {
  const methods = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  return {
    add(url: string, given: string | readonly string[]): void {
      const source = url
        .split('/')
        .map((piece) =>
          piece.startsWith(':')
            ? '[^/]+'
            : piece === '*'
              ? '.*'
              : piece.replace(/[.\\+?^${}()|[\]]/g, '\\$&'),
        );
      const entry = methods.get(url) ?? {
        pattern: new RegExp(`^${source.join('/')}$`),
        methods: new Set<string>(),
      };
      for (const method of [given].flat()) entry.methods.add(method);
      methods.set(url, entry);
    },
    methodsOf(path: string): string[] {
      const found = [...methods.values()].filter(({ pattern }) => pattern.test(path));
      return [...new Set(found.flatMap((entry) => [...entry.methods]))].sort();
    },
  };
}

/** Unknown URLs are 404; known ones with another method 405 with Allow. Call before any route is declared. */
export function installErrors(app: App): void {
  const table = routeTable();
  app.addHook('onRoute', (route) => table.add(route.url, route.method));
  app.setErrorHandler<FastifyError>(answerError);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? request.url;
    const methods = table.methodsOf(path);
    if (methods.length === 0) {
      const detail = `There is nothing at ${path.slice(0, 200)}. GET /v1 links the collections, /docs shows every route.`;
      return sendProblem(reply, problemDocument('route-not-found', detail));
    }
    const allow = methods.join(', ');
    const detail = `${request.method} is not possible here. This resource has ${allow}.`;
    return sendProblem(reply, problemDocument('method-not-allowed', detail), { allow });
  });
}
