/**
 * The catalogue of everything that the API refuses, and the one way to say so: RFC 9457 problem documents. Codes of
 * the domain come from `session`, with a status for each of its categories; the codes that only HTTP knows are here.
 */
import {
  type ErrorCategory,
  SESSION_ERRORS,
  SessionError,
  type SessionErrorCode,
} from '../session/errors.ts';

export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** When it happens and what to do. */
  readonly meaning: string;
  readonly errno?: string;
}

const STATUS: Readonly<Record<ErrorCategory, number>> = {
  malformed: 400,
  'not-found': 404,
  conflict: 409,
  precondition: 412,
  'too-large': 413,
  refused: 422,
  limit: 429,
  unavailable: 503,
};

function kind(status: number, title: string, meaning: string): ProblemKind {
  return { status, title, meaning };
}

const HTTP_PROBLEMS = {
  'body-malformed': kind(
    400,
    'The body is not what its content type says',
    'The body is no JSON, or no multipart, or shorter than announced. The detail says where reading stopped.',
  ),
  'request-invalid': kind(
    400,
    'The request does not fit the schema',
    'errors[] names every member of the body or parameter that is wrong, and what it should be. /docs has the schemas.',
  ),
  'request-malformed': kind(
    400,
    'This is not an HTTP request',
    'The bytes on the connection cannot be read as HTTP/1.1, or the URL cannot be decoded.',
  ),
  'cursor-in-future': kind(
    400,
    'No event has had this sequence yet',
    'A stream resumes from an event that has been seen: take the id of the last one, or now. A service that keeps nothing begins again at 1.',
  ),
  'token-missing': kind(
    401,
    'A token is needed',
    'The service was started with tokens. Send one of them: Authorization: Bearer TOKEN.',
  ),
  'token-unknown': kind(
    401,
    'The token is not one of the service',
    'The Authorization header has no token that the service was started with.',
  ),
  'token-read-only': kind(
    403,
    'The token may only read',
    "An observer's token is good for GET. Use a token with full access to change something.",
  ),
  'host-not-allowed': kind(
    403,
    "The Host header is not the service's",
    'Protects against DNS rebinding: use an address of the service or "localhost", or start it with --allowed-host NAME.',
  ),
  'origin-not-allowed': kind(
    403,
    'Pages of this origin may not call the service',
    'Protects against web pages of others: start the service with --allowed-origin ORIGIN to let this one in.',
  ),
  'route-not-found': kind(
    404,
    'Nothing at this URL',
    'The path is none of the API. GET /v1 links the collections, /docs shows every route.',
  ),
  'problem-not-found': kind(404, 'No such problem code', 'GET /v1/problems lists all codes.'),
  'profile-not-found': kind(404, 'No such profile', 'GET /v1/profiles lists the host profiles.'),
  'capability-not-found': kind(
    404,
    'No such capability name',
    'Names are those of the kernel, such as KVM_CAP_SET_GUEST_DEBUG. Any number may be asked; unknown numbers are 0.',
  ),
  'method-not-allowed': kind(
    405,
    'The resource does not have this method',
    'The Allow header lists the methods that it has.',
  ),
  'not-acceptable': kind(
    406,
    'No representation that the client accepts',
    'The detail lists the media types that this resource has. Leave out the Accept header to get JSON.',
  ),
  'request-timeout': kind(
    408,
    'The request took too long to arrive',
    'The headers or the body did not come in time. Send the request again.',
  ),
  'idempotency-key-busy': kind(
    409,
    'The first request with this key is still running',
    'Wait and send it again: the stored response of the first is the answer.',
  ),
  'body-too-large': kind(
    413,
    'The body is too large',
    'Limits are shown by GET /v1. Memory can be written in several requests.',
  ),
  'media-type-unsupported': kind(
    415,
    'The body has a content type that this route does not take',
    'The detail lists the content types that it takes.',
  ),
  'range-not-satisfiable': kind(
    416,
    'The range is outside the representation',
    'Content-Range has the length of the whole. Ask for bytes inside it.',
  ),
  'idempotency-key-reused': kind(
    422,
    'The key belongs to another request',
    'An Idempotency-Key is for one method, URL and body. Take a new one for a new request.',
  ),
  'too-many-requests': kind(
    429,
    'Too many requests',
    'The client sent more requests in a second than the service was configured to take. Retry-After says when to go on.',
  ),
  'headers-too-large': kind(431, 'The headers are too large', 'All headers together have at most 16 KiB.'),
  internal: kind(
    500,
    'A fault of the service',
    "Never the client's fault. The log of the service has the details under the request id that the problem names.",
  ),
  'not-ready': kind(
    503,
    'The service is not ready',
    'The database does not answer, or the service is stopping.',
  ),
} as const satisfies Record<string, ProblemKind>;

export type HttpProblemCode = keyof typeof HTTP_PROBLEMS;
export type ProblemCode = HttpProblemCode | SessionErrorCode;

function sessionProblems(): Record<SessionErrorCode, ProblemKind> {
  const rows = Object.entries(SESSION_ERRORS).map(([code, row]) => {
    const errno = 'errno' in row ? { errno: row.errno } : {};
    return [code, { status: STATUS[row.category], title: row.title, meaning: row.meaning, ...errno }];
  });
  return Object.fromEntries(rows);
}

export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  ...sessionProblems(),
  ...HTTP_PROBLEMS,
};

/** One thing that is wrong with a request. */
export interface ProblemError {
  readonly detail: string;
  /** Where in the body: a JSON pointer as a URI fragment. */
  readonly pointer?: string;
  readonly parameter?: string;
  readonly in?: 'query' | 'path' | 'header';
}

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly errors?: readonly ProblemError[];
  readonly errno?: string;
  readonly [fact: string]: unknown;
}

export interface ProblemExtras {
  readonly errors?: readonly ProblemError[];
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal that HTTP itself decides. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly code: HttpProblemCode;
  readonly extras: ProblemExtras;

  /** `detail`: a full sentence for a person, saying whose fault it is and what to do. */
  constructor(code: HttpProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.code = code;
    this.extras = extras;
  }
}

/** A body that fits its schema but not its meaning; `pointer` is a JSON pointer, empty for the whole body. */
export function invalid(pointer: string, detail: string): HttpProblem {
  return invalidRequest([{ pointer: `#${pointer}`, detail }]);
}

export function invalidParameter(
  place: 'query' | 'path' | 'header',
  parameter: string,
  detail: string,
): HttpProblem {
  return invalidRequest([{ in: place, parameter, detail }]);
}

/** One sentence that already says everything when there is one error. */
export function invalidRequest(errors: readonly ProblemError[]): HttpProblem {
  const [first] = errors;
  const where =
    first?.pointer === undefined
      ? (first?.parameter ?? 'request')
      : first.pointer === '#'
        ? 'body'
        : first.pointer;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  return new HttpProblem('request-invalid', `${where}: ${first?.detail}${more}`, { errors });
}

export function problemDocument(
  code: ProblemCode,
  detail: string,
  extras: ProblemExtras = {},
  errno?: string,
): ProblemDocument {
  const { status, title } = PROBLEMS[code];
  return {
    type: `/v1/problems/${code}`,
    title,
    status,
    detail,
    code,
    ...(errno === undefined ? {} : { errno }),
    ...(extras.errors === undefined ? {} : { errors: extras.errors }),
    ...extras.facts,
  };
}

/** The document of a refusal of the domain. */
export function sessionProblem(error: SessionError): ProblemDocument {
  return problemDocument(error.code, error.message, { facts: error.facts }, error.errno);
}

/** How long a client is to wait before it tries again, by status; seconds. */
export const RETRY_AFTER: Readonly<Record<number, number>> = { 429: 1, 503: 2 };

export { SessionError };
