import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { load, WORDS } from './guests.ts';
import { useServer } from './server.ts';
import { Stream } from './stream.ts';

const server = useServer({ app: { heartbeatMs: 50 }, limits: { streams: 3 } });
const { send } = server;
let port: number;
let vm: string;
const open: Stream[] = [];

const connect = (path: string, headers: Record<string, string> = {}): Stream => {
  const stream = new Stream(port, path, headers);
  open.push(stream);
  return stream;
};

beforeAll(async () => {
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  port = (server.app.server.address() as AddressInfo).port;
  const { json } = await send({ method: 'POST', url: '/v1/vms', payload: load(WORDS.add) });
  vm = `/v1/vms/${json['id']}`;
});

afterEach(async () => {
  for (const stream of open.splice(0)) stream.close();
  while (server.service.stats().subscribers > 0) await new Promise((done) => setTimeout(done, 10));
});

const step = (steps: number) =>
  send({ method: 'POST', url: `${vm}/vcpus/0/runs?wait=10`, payload: { steps, record: 'all' } });

describe('event streams', () => {
  it('send their headers at once, and heartbeats while nothing happens', async () => {
    const stream = connect(`${vm}/events`);
    expect(await stream.status).toBe(200);
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    await stream.until(({ text }) => text.includes(': heartbeat'));
    expect(stream.events).toEqual([]);
  });

  it('send what is stored, then what happens, each once and in order', async () => {
    await step(2);
    const stream = connect(`${vm}/events?after=0`);
    await stream.until(({ events }) => events.some(({ event }) => event === 'run-ended'));
    await step(3);
    await stream.until(({ events }) => events.filter(({ event }) => event === 'run-ended').length === 2);
    const ids = stream.events.map(({ id }) => id ?? Number.NaN);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    expect(stream.events.filter(({ event }) => event === 'exit')).toHaveLength(5);
    const exit = JSON.parse(stream.events.find(({ event }) => event === 'exit')?.data ?? '{}');
    expect(exit).toMatchObject({
      kind: 'exit',
      vcpu: 0,
      body: { reason: 'KVM_EXIT_DEBUG', debug: { hsrHigh: '0x00000000' } },
    });
  });

  it('resume after Last-Event-ID, which goes before ?after=', async () => {
    const first = connect(`${vm}/events?after=0&kinds=exit,run-ended`);
    await first.until(({ events }) => events.length >= 3);
    expect(new Set(first.events.map(({ event }) => event))).toEqual(new Set(['exit', 'run-ended']));
    const cursor = first.events[1]?.id ?? 0;
    const second = connect(`${vm}/events?after=0&kinds=exit,run-ended`, {
      'last-event-id': String(cursor),
    });
    await second.until(({ events }) => events.length >= first.events.length - 2);
    expect(second.events).toEqual(first.events.slice(2));
  });

  it('begin now when nothing is said', async () => {
    const all = connect('/v1/events');
    await all.until(({ text }) => text.includes(': connected'));
    await step(1);
    await all.until(({ events }) => events.some(({ event }) => event === 'run-ended'));
    expect(all.events.filter(({ event }) => event === 'exit')).toHaveLength(1);
  });

  it('follow a session', async () => {
    const id = (await send({ url: vm })).json['session'];
    const stream = connect(`/v1/sessions/${id}/events?after=0`);
    await stream.until(({ events }) => events.some(({ event }) => event === 'session-opened'));
    expect((await send({ url: '/v1/sessions/ses_none/events' })).status).toBe(404);
    expect((await send({ url: '/v1/vms/nobody/events' })).status).toBe(404);
  });

  it('are limited, and free again when the client is gone', async () => {
    const three = ['/v1/events', '/v1/events', `${vm}/events`].map((path) => connect(path));
    for (const stream of three) await stream.until(({ text }) => text.includes(': connected'));
    const refused = await send({ url: '/v1/events' });
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toMatch(/^[0-9]+$/);
    expect(refused.json).toMatchObject({ code: 'stream-limit', limit: 3, used: 3 });
    three[0]?.close();
    while (server.service.stats().subscribers > 2) await new Promise((done) => setTimeout(done, 10));
    expect(await connect('/v1/events').status).toBe(200);
  });

  it('begin anew with a resync for a browser whose Last-Event-ID is of a history that is gone', async () => {
    const stream = connect(`${vm}/events?after=0&kinds=vm-created`, { 'last-event-id': '999999' });
    await stream.until(({ events }) => events.length >= 2);
    expect(stream.events.map(({ event }) => event)).toEqual(['resync', 'vm-created']);
    expect(stream.events[0]).toEqual({ id: undefined, event: 'resync', data: '{"oldest":1}' });
  });

  it('refuse cursors, kinds and media types that are none', async () => {
    const future = await send({ url: '/v1/events?after=999999' });
    expect([future.status, future.json['code']]).toEqual([400, 'cursor-in-future']);
    expect((await send({ url: '/v1/events?after=yesterday' })).json['errors']).toMatchObject([
      { in: 'query', parameter: 'after' },
    ]);
    expect((await send({ url: '/v1/events?kinds=exit,party' })).json['errors']).toMatchObject([
      { in: 'query', parameter: 'kinds' },
    ]);
    expect(
      (await send({ url: '/v1/events', headers: { 'last-event-id': 'abc' } })).json['errors'],
    ).toMatchObject([{ in: 'header', parameter: 'last-event-id' }]);
    expect((await send({ url: '/v1/events', headers: { accept: 'application/json' } })).status).toBe(406);
  });
});

describe('a run that is waited for', () => {
  it('goes on when the client goes away', async () => {
    const { json } = await send({ method: 'POST', url: '/v1/vms', payload: load([WORDS.spin]) });
    const url = `/v1/vms/${json['id']}`;
    await send({ method: 'POST', url: `${url}/runs` });
    const run = (await send({ url: `${url}/runs` })).json['items'] as unknown as { id: string }[];
    const waiting = connect(`/v1/runs/${run[0]?.id}?wait=60`);
    waiting.status.catch(() => {});
    await new Promise((done) => setTimeout(done, 50));
    waiting.close();
    expect((await send({ url })).json['runState']).toBe('running');
    await send({ method: 'POST', url: `${url}/pause` });
  });
});
