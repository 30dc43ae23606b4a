import { beforeAll, describe, expect, it, vi } from 'vitest';
import { load, WORDS } from './guests.ts';
import { useServer } from './server.ts';

const { send } = useServer();
let vm: string;
let session: string;

type Item = { readonly sequence: number; readonly pc: string; readonly kind: string };
const items = (json: unknown): Item[] => (json as { items: Item[] }).items;

beforeAll(async () => {
  const made = await send({
    method: 'POST',
    url: '/v1/vms',
    payload: { name: 'history', ...load(WORDS.add) },
  });
  vm = `/v1/vms/${made.json['id']}`;
  session = `/v1/sessions/${made.json['session']}`;
  await send({ method: 'POST', url: `${vm}/vcpus/0/runs?wait=10`, payload: { steps: 5, record: 'all' } });
});

describe('GET .../exits', () => {
  it('pages by sequence, without gap or duplicate', async () => {
    const seen: Item[] = [];
    let next: unknown = 0;
    while (next !== null) {
      const page = await send({ url: `${session}/exits?limit=2&after=${next}` });
      seen.push(...items(page.json));
      next = page.json['next'];
    }
    expect(seen.map(({ pc }) => pc)).toEqual(
      [4, 8, 0xc, 0xc, 0xc].map((low) => `0x00000000400000${low.toString(16).padStart(2, '0')}`),
    );
    expect(new Set(seen.map(({ sequence }) => sequence)).size).toBe(5);
  });

  it('filters by reason, cause, slot and pc', async () => {
    const get = async (query: string) =>
      items((await send({ url: `${session}/exits?${query}` })).json).length;
    expect(await get('reason=KVM_EXIT_DEBUG&cause=software-step')).toBe(5);
    expect(await get('reason=KVM_EXIT_MMIO')).toBe(0);
    expect(await get('slot=0')).toBe(0);
    expect(await get('pcFrom=0x40000008&pcTo=0x40000008')).toBe(1);
    expect(await get('vm=history&vcpu=0')).toBe(5);
    const newest = await send({ url: `${session}/exits?order=descending&limit=1` });
    expect(items(newest.json)[0]?.pc).toBe('0x000000004000000c');
    expect((await send({ url: `${session}/exits?order=sideways` })).status).toBe(400);
  });

  it.each([
    ['cause=bogus', 'cause', /"bogus" is none of "breakpoint", "watchpoint", "software-step", "brk"/],
    ['pcFrom=0x10&pcTo=0xf', 'pcTo', /below pcFrom/],
  ])('refuses the filter %s', async (query, parameter, sentence) => {
    const { status, json } = await send({ url: `${session}/exits?${query}` });
    expect(status).toBe(400);
    expect(json['errors']).toMatchObject([
      { in: 'query', parameter, detail: expect.stringMatching(sentence) },
    ]);
  });

  it('exports lines of JSON that are the same exits', async () => {
    const pages = await send({ url: `${session}/exits` });
    const lines = await send({ url: `${session}/exits`, headers: { accept: 'application/x-ndjson' } });
    expect(
      lines.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(items(pages.json));
    const two = await send({ url: `${session}/exits?limit=2`, headers: { accept: 'application/x-ndjson' } });
    expect(two.text.trim().split('\n')).toHaveLength(2);
  });

  it('exports CSV', async () => {
    const csv = await send({ url: `${session}/exits`, headers: { accept: 'text/csv' } });
    const [head, first, ...rest] = csv.text.trim().split('\r\n');
    expect(head).toBe('sequence,at,kind,session,vm,run,vcpu,exitReason,cause,slot,pc');
    expect(first).toMatch(/,exit,ses_.*,vm_.*,run_.*,0,KVM_EXIT_DEBUG,software-step,,0x0000000040000004$/);
    expect(rest).toHaveLength(4);
  });
});

describe('GET .../timeline', () => {
  it('has everything in one order', async () => {
    const { json } = await send({ url: `${session}/timeline` });
    expect(items(json).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['vm-created', 'session-opened', 'run-started', 'exit', 'run-ended']),
    );
    const sequences = items(json).map(({ sequence }) => sequence);
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    const one = await send({ url: `${session}/timeline?kind=run-ended` });
    expect(items(one.json)).toMatchObject([{ kind: 'run-ended', body: { end: { reason: 'steps-done' } } }]);
    const lines = await send({ url: `${session}/timeline`, headers: { accept: 'application/x-ndjson' } });
    expect(
      lines.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(items(json));
  });
});

describe('bodies of events', () => {
  it('have values of 64 and 32 bits as texts of 16 and 8 digits, counts as numbers', async () => {
    const payload = { control: 0x20001, bcr: { 0: 0x1e7 }, bvr: { 0: 0x4000_0010 } };
    await send({ method: 'PUT', url: `${vm}/vcpus/0/guest-debug`, payload });
    // The action is on the timeline when it is stored, which may be after the answer.
    const found = await vi.waitFor(async () => {
      const { json } = await send({ url: `${session}/timeline` });
      const events = items(json) as unknown as { kind: string; body: Record<string, unknown> }[];
      expect(events.at(-1)?.kind).toBe('action');
      return events;
    });
    expect(found.find(({ kind }) => kind === 'vm-created')?.body['memory']).toEqual({
      base: '0x0000000040000000',
      size: 64 * 1024 * 1024,
    });
    expect(found.findLast(({ kind }) => kind === 'action')?.body).toMatchObject({
      action: 'set-guest-debug',
      control: '0x00020001',
      bcr: { 0: '0x00000000000001e7' },
      bvr: { 0: '0x0000000040000010' },
    });
    await send({ method: 'DELETE', url: `${vm}/vcpus/0/guest-debug` });
  });
});

describe('/v1/sessions', () => {
  it('opens the next session and keeps the last one', async () => {
    const next = await send({
      method: 'POST',
      url: `${vm}/sessions`,
      payload: { name: 'second try', labels: { round: '2' } },
    });
    expect(next.status).toBe(201);
    expect(next.headers['location']).toBe(`/v1/sessions/${next.json['id']}`);
    expect((await send({ url: session })).json).toMatchObject({
      state: 'ended',
      endReason: 'replaced',
      exits: 5,
    });
    const open = await send({ url: '/v1/sessions?vm=history&state=open' });
    expect(open.json['items']).toMatchObject([
      { id: next.json['id'], name: 'second try', labels: { round: '2' } },
    ]);
    const changed = await send({ method: 'PATCH', url: session, payload: { name: 'first try' } });
    expect(changed.json['name']).toBe('first try');
    expect((await send({ url: '/v1/sessions/ses_none' })).json['code']).toBe('session-not-found');
  });
});
