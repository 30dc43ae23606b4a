/** What holds for every route: who may call, what comes in, what goes out, and how refusals look. */
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { loggedUrl } from '../../src/http/log.ts';
import { PROBLEMS } from '../../src/http/problems.ts';
import { LIMIT_ROWS } from '../../src/session/limits.ts';
import { useServer } from './server.ts';

describe('the first look', () => {
  const { send, app } = useServerLazily();

  it('GET /v1 has version, links and every limit', async () => {
    const { json } = await send({ url: '/v1' });
    expect(json).toMatchObject({
      service: 'guestdbg',
      version: '0.1.0',
      kvmApiVersion: 12,
      extensions: [],
      links: { vms: '/v1/vms' },
    });
    expect(Object.keys(json['limits'] as object)).toEqual(Object.keys(LIMIT_ROWS));
    for (const link of Object.values(json['links'] as unknown as Record<string, string>)) {
      if (link === '/v1/events') continue;
      const { status } = await send({ url: link });
      expect(status, link).toBeLessThan(400);
    }
  });

  it('the document names no port, so /docs tries out the service that shows it', async () => {
    const document = (await send({ url: '/openapi.json' })).json as unknown as { servers: { url: string }[] };
    expect(document.servers.map((server) => server.url)).toEqual(['/']);
  });

  it('GET / leads to /docs, which loads nothing from elsewhere', async () => {
    expect((await send({ url: '/' })).headers['location']).toBe('/docs');
    const page = await send({ url: '/docs' });
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/<title>.*guestdbg/);
    expect(page.text).not.toMatch(/(src|href)="https?:/);
    expect(String(page.headers['content-security-policy'])).not.toContain('upgrade-insecure-requests');
    const script = await send({ url: '/docs/static/swagger-initializer.js' });
    expect(script.text).toContain('"layout":"BaseLayout"');
    for (const [, asset] of page.text.matchAll(/(?:src|href)="\.?(\/[^"]+)"/g)) {
      expect((await send({ url: asset?.startsWith('/docs') ? asset : `/docs${asset}` })).status, asset).toBe(
        200,
      );
    }
  });

  it('/metrics counts requests by route, not by URL', async () => {
    await send({ url: '/v1/vms/nobody' });
    await send({ url: '/v1/nowhere' });
    const { text, headers } = await send({ url: '/metrics' });
    expect(headers['content-type']).toContain('text/plain');
    expect(text).toContain('guestdbg_http_requests_total{method="GET",route="/v1/vms/:vm",status="404"} 1');
    expect(text).toContain('route="none"');
    expect(text).toMatch(/^guestdbg_vms 0$/m);
  });

  it('capabilities are asked by number and by name; unknown numbers are 0', async () => {
    const get = async (cap: string) => (await send({ url: `/v1/capabilities/${cap}` })).json;
    expect(await get('119')).toEqual({ cap: 119, name: 'KVM_CAP_GUEST_DEBUG_HW_BPS', value: 6 });
    expect(await get('0x77')).toMatchObject({ cap: 119 });
    expect(await get('KVM_CAP_SET_GUEST_DEBUG2')).toMatchObject({ value: 0x3_0003 });
    expect(await get('guest_debug_hw_wps')).toMatchObject({ cap: 120, value: 4 });
    expect(await get('99999')).toEqual({ cap: 99999, name: null, value: 0 });
    expect(await get('KVM_CAP_TELEPORT')).toMatchObject({ status: 404, code: 'capability-not-found' });
    expect(await get('9999999999')).toMatchObject({ status: 400 });
    const vm = await send({
      method: 'POST',
      url: '/v1/vms',
      payload: {
        name: 'small',
        profile: 'custom',
        custom: { breakpoints: 2, watchpoints: 16, contextAware: 1 },
      },
    });
    expect(vm.status).toBe(201);
    expect((await send({ url: '/v1/capabilities/119?vm=small' })).json['value']).toBe(2);
    expect((await send({ url: '/v1/capabilities?vm=small' })).json['items']).toEqual(
      expect.arrayContaining([{ cap: 120, name: 'KVM_CAP_GUEST_DEBUG_HW_WPS', value: 16 }]),
    );
    expect((await send({ url: '/v1/capabilities?vm=nobody' })).status).toBe(404);
  });

  it('profiles have names, and say so when asked for another', async () => {
    const { json } = await send({ url: '/v1/profiles' });
    const names = (json['items'] as unknown as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['cortex-a53', 'cortex-a57', 'cortex-a72', 'neoverse-n1', 'max']),
    );
    expect((await send({ url: '/v1/profiles/pentium' })).json['detail']).toContain('neoverse-n1');
  });

  it('every problem type leads to its description', async () => {
    const { json } = await send({ url: '/v1/problems' });
    const items = json['items'] as unknown as {
      type: string;
      code: string;
      status: number;
      meaning: string;
    }[];
    expect(items.map(({ code }) => code).sort()).toEqual(Object.keys(PROBLEMS).sort());
    for (const item of items) {
      expect((await send({ url: item.type })).json).toEqual(item);
      expect(item.meaning.length, item.code).toBeGreaterThan(15);
    }
    expect((await send({ url: '/v1/problems/bad-hair-day' })).status).toBe(404);
  });

  it('bytes that are no HTTP get a problem document too', async () => {
    await app().listen({ port: 0, host: '127.0.0.1' });
    const { port } = app().server.address() as AddressInfo;
    const answer = (text: string) =>
      new Promise<string>((resolve) => {
        let got = '';
        const socket = connect(port, '127.0.0.1', () => socket.write(text));
        socket.on('data', (chunk) => {
          got += chunk;
        });
        socket.on('close', () => resolve(got));
      });
    expect(await answer('HELO there\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"code":"request-malformed"/,
    );
    expect(
      await answer(`GET /v1 HTTP/1.1\r\nhost: localhost\r\nx-long: ${'a'.repeat(20_000)}\r\n\r\n`),
    ).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"headers-too-large"/);
    expect(await answer('GET /v1/vms/%zz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*"code":"request-malformed"/,
    );
  });

  it('unknown URLs are 404, known ones with another method 405 with Allow', async () => {
    expect((await send({ url: '/v1/vm' })).json['code']).toBe('route-not-found');
    const { status, headers, json } = await send({ method: 'PUT', url: '/v1/vms' });
    expect(status).toBe(405);
    expect(headers['allow']).toBe('GET, HEAD, POST');
    expect(json['code']).toBe('method-not-allowed');
    const long = await send({ url: `/v1/vms/${'x'.repeat(2000)}` });
    expect(long.json).toMatchObject({ code: 'request-invalid', errors: [{ in: 'path', parameter: 'vm' }] });
  });

  it.each([
    ['{"name": ', 400, 'body-malformed'],
    ['not json', 400, 'body-malformed'],
    ['{"__proto__": {"x": 1}}', 400, 'body-malformed'],
    ['{"labels": {"__pr\\u006fto__": "x"}}', 400, 'body-malformed'],
    ['null', 201, undefined],
    ['[]', 400, 'request-invalid'],
    ['7', 400, 'request-invalid'],
    ['"{}"', 400, 'request-invalid'],
  ])('the JSON body %s is %i', async (payload, expected, code) => {
    const { status, json } = await send({
      method: 'POST',
      url: '/v1/vms',
      payload,
      headers: { 'content-type': 'application/json' },
    });
    expect(status).toBe(expected);
    expect(json['code']).toBe(code);
  });

  it('says which content types a route takes, and that some take no body', async () => {
    const form = await send({
      method: 'POST',
      url: '/v1/vms',
      payload: '{}',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(form.status).toBe(415);
    expect(form.json['detail']).toContain('-H "content-type: application/json"');
    const bytes = await send({
      method: 'POST',
      url: '/v1/vms',
      payload: Buffer.from('{}'),
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(bytes.status).toBe(415);
    const pause = await send({ method: 'POST', url: '/v1/vms/x/pause', payload: {} });
    expect(pause.status).toBe(415);
    expect((await send({ url: '/v1', headers: { accept: 'image/png' } })).status).toBe(406);
  });

  it('takes no text but UTF-8', async () => {
    const post = (type: string) =>
      send({ method: 'POST', url: '/v1/vms', payload: '{}', headers: { 'content-type': type } });
    expect((await post('application/json; charset="UTF-8"')).status).toBe(201);
    const { status, json } = await post('application/json; charset=utf-16');
    expect([status, json['code']]).toEqual([415, 'media-type-unsupported']);
    expect(json['detail']).toContain('"utf-16"');
  });

  it('knows a vcpu by one URL', async () => {
    const { json: vm } = await send({ method: 'POST', url: '/v1/vms', payload: {} });
    for (const n of ['0x0', '00', '+0', '0.0', '0e3']) {
      for (const rest of ['', '/registers', '/guest-debug']) {
        const { status, json } = await send({ url: `/v1/vms/${vm['id']}/vcpus/${n}${rest}` });
        expect([n, status, json['code']]).toEqual([n, 404, 'vcpu-not-found']);
      }
    }
    expect((await send({ url: `/v1/vms/${vm['id']}/vcpus/0` })).status).toBe(200);
  });

  it('answers HEAD like GET without a body', async () => {
    const head = await send({ method: 'HEAD', url: '/v1/vms' });
    expect(head.status).toBe(200);
    expect(head.text).toBe('');
  });
});

/** `useServer` whose app is looked up late, as a function. */
function useServerLazily() {
  const server = useServer();
  return { send: server.send, app: () => server.app };
}

describe('Host and Origin', () => {
  const { send } = useServer({
    app: { allowedHosts: ['debug.example'], allowedOrigins: ['https://ide.example'] },
  });

  it.each([
    [{ host: 'evil.example' }, 403],
    [{ host: 'debug.example:8080' }, 200],
    [{ host: '127.0.0.1:1' }, 200],
    [{ host: 'localhost', origin: 'https://evil.example' }, 403],
    [{ host: 'localhost', origin: 'null' }, 403],
    [{ host: 'localhost:8080', origin: 'http://localhost:8080' }, 200],
    [{ host: 'localhost:8080', origin: 'http://localhost:9090' }, 403],
    [{ host: 'localhost', origin: 'https://ide.example' }, 200],
  ])('%j is %i', async (headers, expected) => {
    const { status, json } = await send({ url: '/v1', headers });
    expect(status).toBe(expected);
    if (expected === 403) expect(json['code']).toMatch(/^(host|origin)-not-allowed$/);
  });
});

describe('tokens', () => {
  const full = 'full-access-token-1';
  const reader = 'read-only-token-001';
  const { send } = useServer({
    app: {
      tokens: [
        { value: full, readOnly: false },
        { value: reader, readOnly: true },
      ],
    },
  });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  it('are asked for everywhere but at health and documentation', async () => {
    const none = await send({ url: '/v1' });
    expect(none.status).toBe(401);
    expect(none.headers['www-authenticate']).toContain('Bearer');
    expect((await send({ url: '/v1', headers: bearer('wrong') })).json['code']).toBe('token-unknown');
    expect((await send({ url: '/v1', headers: { authorization: 'Basic eDp5' } })).json['code']).toBe(
      'token-unknown',
    );
    expect((await send({ url: '/metrics' })).status).toBe(401);
    for (const url of ['/health/live', '/health/ready', '/docs', '/openapi.json'])
      expect((await send({ url })).status, url).toBe(200);
  });

  it('let observers look and nothing else', async () => {
    expect((await send({ url: '/v1/vms', headers: bearer(reader) })).status).toBe(200);
    const refused = await send({ method: 'POST', url: '/v1/vms', headers: bearer(reader) });
    expect(refused.status).toBe(403);
    expect(refused.json['code']).toBe('token-read-only');
    const made = await send({ method: 'POST', url: '/v1/vms', headers: bearer(full) });
    expect(made.status).toBe(201);
    // Explaining is a question, although it is a POST.
    const url = `/v1/vms/${made.json['id']}/vcpus/0/guest-debug`;
    const payload = { control: 1 };
    const asked = await send({ method: 'POST', url: `${url}/explain`, payload, headers: bearer(reader) });
    expect([asked.status, asked.json['control']]).toEqual([200, '0x00000001']);
    expect((await send({ method: 'PUT', url, payload, headers: bearer(reader) })).status).toBe(403);
  });

  it.each([
    ['/v1/vms?token=abc&limit=1', '/v1/vms?token=***&limit=1'],
    ['/v1?a=1&Access%5FToken=abc', '/v1?a=1&Access%5FToken=***'],
    ['/v1?%=1&api-key=x=y', '/v1?%=1&api-key=***'],
    ['/v1/vms?limit=1', '/v1/vms?limit=1'],
    ['/v1/token', '/v1/token'],
  ])('are not written to the log with the URL: %s', (url, logged) => {
    expect(loggedUrl(url)).toBe(logged);
  });
});

describe('limits of rate and size', () => {
  const { send } = useServer({ app: { requestsPerSecond: 5 }, limits: { bodyBytes: 1000 } });

  it('are 413 and 429 with Retry-After', async () => {
    const large = await send({
      method: 'POST',
      url: '/v1/vms',
      payload: { labels: { a: 'x'.repeat(1000) } },
    });
    expect(large.status).toBe(413);
    expect(large.json['code']).toBe('body-too-large');
    const answers = await Promise.all(Array.from({ length: 10 }, () => send({ url: '/v1' })));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.json['code']).toBe('too-many-requests');
    expect(refused[0]?.headers['retry-after']).toMatch(/^[0-9]+$/);
  });
});

describe('a service in trouble', () => {
  const server = useServer({
    wrap: (service) => ({
      ...service,
      ready: async () => false,
      vm: async () => {
        throw new TypeError('a bug of ours');
      },
    }),
  });

  it('says of its own faults that they are its own, and nothing about its insides', async () => {
    const { statusCode, body } = await server.app.inject({
      url: '/v1/vms/any',
      headers: { host: 'localhost' },
    });
    expect(statusCode).toBe(500);
    expect(JSON.parse(body)).toMatchObject({ code: 'internal', request: expect.stringMatching(/^req_/) });
    expect(body).not.toContain('a bug of ours');
  });

  it('is not ready', async () => {
    const { status, json, headers } = await server.send({ url: '/health/ready' });
    expect(status).toBe(503);
    expect(json['code']).toBe('not-ready');
    expect(headers['retry-after']).toBeDefined();
  });
});
