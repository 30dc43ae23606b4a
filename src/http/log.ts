/** What the log says of a request. */
import type { FastifyRequest } from 'fastify';

/** Names of parameters whose values are somebody's secret, although this service takes none in a URL. */
const SECRET = /token|secret|password|authorization|api[-_]?key/i;

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The URL without the secrets in its query. */
export function loggedUrl(url: string): string {
  const start = url.indexOf('?');
  if (start < 0) return url;
  const parameters = url
    .slice(start + 1)
    .split('&')
    .map((parameter) => {
      const [name = ''] = parameter.split('=');
      return parameter !== name && SECRET.test(decoded(name)) ? `${name}=***` : parameter;
    });
  return `${url.slice(0, start)}?${parameters.join('&')}`;
}

/** A serializer for the logger. */
export function loggedRequest({ method, url, host, ip }: FastifyRequest) {
  return { method, url: loggedUrl(url), host, remoteAddress: ip };
}
