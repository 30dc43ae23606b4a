import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Ports } from '../../src/session/ports.ts';
import { openStore } from '../../src/store/store.ts';

const AT = new Date('2026-05-05T00:00:00.000Z');
const LONG_AGO = new Date('2020-01-01T00:00:00.000Z');
const RESPONSE = { status: 201, headers: { location: '/v1/vms/vm_1' }, body: '{"id":"vm_1"}' };
let directory: string;
let store: Ports;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'guestdbg-idempotency-'));
  store = await openStore({ url: join(directory, 'x.db') });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});
const claim = (key: string, fingerprint = 'POST /v1/vms abc') =>
  store.idempotency.claim(key, fingerprint, AT);

it('replays the stored response to the same request', async () => {
  expect(await claim('k')).toEqual({ kind: 'new' });
  await store.idempotency.complete('k', RESPONSE);
  expect(await claim('k')).toEqual({ kind: 'replay', response: RESPONSE });
});

it('refuses a key that belongs to another request, done or not', async () => {
  await claim('k');
  expect(await claim('k', 'POST /v1/vms other')).toEqual({ kind: 'mismatch' });
  await store.idempotency.complete('k', RESPONSE);
  expect(await claim('k', 'POST /v1/vms other')).toEqual({ kind: 'mismatch' });
});

it('gives one of many concurrent claims the work', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => claim('k')));
  expect(answers.filter(({ kind }) => kind === 'new')).toHaveLength(1);
  expect(answers.filter(({ kind }) => kind === 'busy')).toHaveLength(19);
});

it('forgets a released claim, but no stored response', async () => {
  await claim('k');
  await store.idempotency.release('k');
  expect(await claim('k')).toEqual({ kind: 'new' });
  await store.idempotency.complete('k', RESPONSE);
  await store.idempotency.release('k');
  expect(await claim('k')).toMatchObject({ kind: 'replay' });
});

it('expires by age', async () => {
  await claim('old');
  await store.idempotency.complete('old', RESPONSE);
  await store.idempotency.expire(AT);
  expect(await claim('old')).toMatchObject({ kind: 'replay' });
  await store.idempotency.expire(new Date(AT.valueOf() + 1));
  expect(await claim('old')).toEqual({ kind: 'new' });
});

it('voids the unfinished claims of a service that died, and keeps its responses and our claims', async () => {
  await claim('unfinished');
  await claim('done');
  await store.idempotency.complete('done', RESPONSE);
  await store.close();
  store = await openStore({ url: join(directory, 'x.db') });
  await claim('mine');
  await store.idempotency.expire(LONG_AGO);
  expect(await claim('unfinished')).toEqual({ kind: 'new' });
  expect(await claim('done')).toEqual({ kind: 'replay', response: RESPONSE });
  expect(await claim('mine')).toEqual({ kind: 'busy' });
});

it('completing what nobody claimed is a bug', async () => {
  await expect(store.idempotency.complete('k', RESPONSE)).rejects.toThrow(/without a claim/);
});
