import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { EventStreams } from '../../src/http/sse.ts';

const app = Fastify();
const unhandled: unknown[] = [];
const note = (reason: unknown): void => {
  unhandled.push(reason);
};
afterEach(async () => {
  process.off('unhandledRejection', note);
  await app.close();
});

describe('an event stream', () => {
  it('whose source fails while its client is slow ends, and nothing else does', async () => {
    const streams = new EventStreams(10_000);
    let failed = false;
    async function* source(): AsyncGenerator<string> {
      for (let n = 0; n < 2; n++) yield 'x'.repeat(16 << 20);
      failed = true;
      throw new Error('the store is gone');
    }
    app.get('/', (_request, reply) => streams.answer(reply, source, (item) => item));
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    process.on('unhandledRejection', note);
    const response = await new Promise<IncomingMessage>((resolve) => {
      get({ port, host: '127.0.0.1' }, resolve);
    });
    await expect.poll(() => failed).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unhandled).toEqual([]);
    response.on('error', () => {});
    response.resume();
    await expect.poll(() => response.closed).toBe(true);
  });
});
