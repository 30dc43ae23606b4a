/** Who may call: the Host and Origin checks that keep web pages out, and bearer tokens. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { App } from '../app-type.ts';
import { HttpProblem } from '../problems.ts';

export interface Token {
  readonly value: string;
  /** Good for GET and HEAD, and for routes that change nothing. */
  readonly readOnly: boolean;
}

export interface SecurityOptions {
  /** Host names beside localhost and IP addresses that are the service's own. */
  readonly allowedHosts: readonly string[];
  /** Origins of web pages that may call. */
  readonly allowedOrigins: readonly string[];
  /** None: no token is asked for. */
  readonly tokens: readonly Token[];
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** The name in a Host header, without port and brackets, lower case; undefined when it is none. */
export function hostName(header: string): string | undefined {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9_.-]+))(?::[0-9]{1,5})?$/.exec(header);
  return (found?.[1] ?? found?.[2])?.toLowerCase().replace(/\.$/, '');
}

/**
 * An IP address cannot be rebound by a foreign name server, and localhost is ours; other names must be listed. So a
 * page that resolves its own name to 127.0.0.1 is found out by the name.
 */
function isOwnHost(name: string, allowed: readonly string[]): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0 || allowed.includes(name);
}

function checkHost(request: FastifyRequest, options: SecurityOptions): void {
  const header = request.headers.host ?? '';
  const name = hostName(header);
  if (name !== undefined && isOwnHost(name, options.allowedHosts)) return;
  throw new HttpProblem(
    'host-not-allowed',
    `The Host header ${JSON.stringify(header.slice(0, 100))} is not a name of this service. Use localhost or the IP address, or start the service with --allowed-host ${name ?? 'NAME'}.`,
  );
}

function checkOrigin(request: FastifyRequest, options: SecurityOptions): void {
  const { origin, host } = request.headers;
  if (origin === undefined || options.allowedOrigins.includes(origin.toLowerCase())) return;
  if (
    origin.toLowerCase() === `http://${host?.toLowerCase()}` ||
    origin.toLowerCase() === `https://${host?.toLowerCase()}`
  )
    return;
  throw new HttpProblem(
    'origin-not-allowed',
    `A web page of ${JSON.stringify(origin.slice(0, 100))} may not call this service. If it should, start the service with --allowed-origin ${JSON.stringify(origin.slice(0, 100))}.`,
  );
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function tokenChecker(tokens: readonly Token[]): (request: FastifyRequest) => void {
  const known = tokens.map((token) => ({ digest: digest(token.value), readOnly: token.readOnly }));
  return (request) => {
    const header = request.headers.authorization;
    const challenge = { headers: { 'www-authenticate': 'Bearer realm="guestdbg"' } };
    if (header === undefined) {
      throw new HttpProblem(
        'token-missing',
        'This service asks for a token. Send "Authorization: Bearer TOKEN" with one that it was started with.',
        challenge,
      );
    }
    const given = /^Bearer +([\x21-\x7e]+) *$/i.exec(header)?.[1];
    const candidate = given === undefined ? undefined : digest(given);
    const found =
      candidate === undefined ? undefined : known.find((token) => timingSafeEqual(token.digest, candidate));
    if (found === undefined) {
      throw new HttpProblem(
        'token-unknown',
        'The Authorization header has no token of this service. It is to be "Bearer TOKEN".',
        challenge,
      );
    }
    const observes = SAFE_METHODS.has(request.method) || request.routeOptions.config.changesNothing === true;
    if (found.readOnly && !observes) {
      throw new HttpProblem(
        'token-read-only',
        `This token may only read, so ${request.method} is not possible with it. Use a token with full access.`,
      );
    }
  };
}

export function installSecurity(app: App, options: SecurityOptions): void {
  const checkToken = options.tokens.length === 0 ? undefined : tokenChecker(options.tokens);
  app.addHook('onRequest', async (request) => {
    checkHost(request, options);
    checkOrigin(request, options);
    if (request.routeOptions.config.open !== true) checkToken?.(request);
  });
}
