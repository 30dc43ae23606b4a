/** What bodies and answers are made of: content types in, Accept out. */
import type { FastifyRequest } from 'fastify';
import type { App } from '../app-type.ts';
import { negotiate } from '../headers.ts';
import { HttpProblem } from '../problems.ts';

export const JSON_TYPE = 'application/json';
export const BYTES_TYPE = 'application/octet-stream';
export const FORM_TYPE = 'multipart/form-data';
export const STREAM_TYPE = 'text/event-stream';
export const LINES_TYPE = 'application/x-ndjson';
export const CSV_TYPE = 'text/csv';

const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

function hasBody(request: FastifyRequest): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  return encoding !== undefined || (length !== undefined && length !== '0');
}

/** Type and subtype of a Content-Type, lower case. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** JSON is UTF-8 (RFC 8259), of which ASCII is a part: any other announcement means bytes that would be misread. */
function checkCharset(header: string): void {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(header)?.[1];
  if (charset === undefined || /^(utf-?8|us-ascii)$/i.test(charset)) return;
  throw new HttpProblem(
    'media-type-unsupported',
    `The body is said to be in ${JSON.stringify(charset.slice(0, 40))}. Send it in UTF-8, with no charset or charset=utf-8.`,
  );
}

function checkContentType(request: FastifyRequest): void {
  if (request.is404 || !hasBody(request)) return;
  const takes = request.routeOptions.config.consumes ?? (WITH_BODY.has(request.method) ? [JSON_TYPE] : []);
  const given = mediaType(request.headers['content-type']);
  checkCharset(request.headers['content-type'] ?? '');
  if (
    takes.includes(given) ||
    (takes.length === 0 && !WITH_BODY.has(request.method) && request.method !== 'DELETE')
  )
    return;
  if (takes.length === 0) {
    throw new HttpProblem(
      'media-type-unsupported',
      `${request.method} takes no body here. Send it without one.`,
    );
  }
  const said = given === '' ? 'The body has no Content-Type' : `The Content-Type is ${given.slice(0, 100)}`;
  throw new HttpProblem(
    'media-type-unsupported',
    `${said}. This route takes ${takes.join(' or ')}; with curl: -H "content-type: ${takes[0]}".`,
  );
}

/** The media type of the answer; 406 when the client accepts none of the route's. */
export function chosenType<T extends string>(request: FastifyRequest, offered: readonly T[]): T {
  const type = negotiate(request.headers.accept, offered);
  if (type !== undefined) return type;
  throw new HttpProblem(
    'not-acceptable',
    `This resource comes as ${offered.join(' or ')}. Ask for that in Accept, or leave Accept out.`,
  );
}

/** `__proto__` as an own member is a trap for later copies of the object: nobody needs it. */
function refuseProto(text: string): void {
  if (!text.includes('__proto__') && !/\\u00[567]/.test(text)) return;
  JSON.parse(text, (name, value) => {
    if (name === '__proto__')
      throw new HttpProblem('body-malformed', 'The member name __proto__ is not taken.');
    return value;
  });
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    refuseProto(text);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof HttpProblem) throw error;
    throw new HttpProblem(
      'body-malformed',
      `The body is not JSON: ${(error as Error).message.slice(0, 200)}.`,
    );
  }
}

export function installContent(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_TYPE, { parseAs: 'string' }, async (_request: FastifyRequest, text: string) =>
    parseJson(text),
  );
  app.addContentTypeParser(
    BYTES_TYPE,
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, bytes: Buffer) => bytes,
  );
  app.addHook('onRequest', async (request) => {
    checkContentType(request);
    const offered = request.routeOptions.config.produces ?? [JSON_TYPE];
    if (!request.is404 && offered.length > 0) chosenType(request, offered);
  });
}
