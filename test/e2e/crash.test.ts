/**
 * The service is killed while exits are produced and watched. On the same database a new service has everything that a
 * client saw, in one sequence without gap or duplicate, and says of what was running that it stopped.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client, type Page, type Run, type Vm } from '../../src/cli/client.ts';
import { freePort, type OwnServer, startServer } from '../../src/cli/server.ts';
import { createVm } from './guests.ts';
import { collectEvents, readEvents, type StreamEvent, type TimelineEvent } from './sse.ts';

let directory: string;
let port: number;
let server: OwnServer;
let client: Client;

async function start(): Promise<void> {
  server = await startServer({ directory, port });
  client = new Client(server.base);
}
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'guestdbg-crash-'));
  port = await freePort();
  await start();
});
afterEach(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function kill(): Promise<void> {
  const gone = new Promise((resolve) => server.process.once('exit', resolve));
  server.process.kill('SIGKILL');
  await gone;
}

/** Everything stored of a session, page by page. */
async function stored(session: string): Promise<TimelineEvent[]> {
  const events: TimelineEvent[] = [];
  let after: string | null = '0';
  while (after !== null) {
    const page: Page<TimelineEvent> = await client.get(
      `/v1/sessions/${session}/timeline?limit=1000&after=${after}`,
    );
    events.push(...page.items);
    after = page.next;
  }
  return events;
}

const ids = (events: readonly StreamEvent[]): number[] =>
  events.flatMap(({ id }) => (id === null ? [] : [id]));

/** Retired instructions at each step exit: one more every time, or an exit is missing. */
function missingSteps(events: readonly TimelineEvent[]): number {
  const counts = events
    .filter(({ kind }) => kind === 'exit')
    .map(({ body }) => body.explanation?.instructionCount ?? Number.NaN);
  return counts.filter((count, n) => n > 0 && count !== (counts[n - 1] ?? 0) + 1).length;
}

describe('kill -9 while exits are produced', () => {
  it.each([500, 5000])(
    'after %i events seen, nothing that a client saw is lost and nothing comes twice',
    async (enough) => {
      const vm = await createVm(client);
      const run = await client.post<Run>(`/v1/vms/${vm.id}/vcpus/0/runs`, {
        steps: 1_000_000,
        record: 'all',
      });
      const seen: StreamEvent[] = [];
      for await (const event of readEvents(`${server.base}/v1/vms/${vm.id}/events?after=0`)) {
        seen.push(event);
        if (seen.length === enough) await kill();
      }
      expect(seen.length).toBeGreaterThanOrEqual(enough);
      await start();

      const history = await stored(vm.session);
      const sequences = history.map(({ sequence }) => sequence);
      const seenIds = ids(seen);
      // What was seen is the beginning of what is stored: no gap, no duplicate, nothing acknowledged is missing.
      expect(sequences.slice(0, seenIds.length)).toEqual(seenIds);
      expect(new Set(sequences).size).toBe(sequences.length);
      expect(missingSteps(history)).toBe(0);

      // Resuming gives the rest, once.
      const last = seenIds.at(-1) ?? 0;
      const rest = await collectEvents(
        `${server.base}/v1/sessions/${vm.session}/events`,
        (got) => ids(got).at(-1) === sequences.at(-1),
        last,
      );
      expect([...seenIds, ...ids(rest)]).toEqual(sequences);

      expect(await client.get(`/v1/sessions/${vm.session}`)).toMatchObject({
        state: 'ended',
        endReason: 'service-stopped',
      });
      expect(await client.get(`/v1/runs/${run.id}`)).toMatchObject({
        state: 'ended',
        end: { reason: 'service-stopped' },
      });
      await expect(client.get(`/v1/vms/${vm.id}`)).rejects.toThrow(/404 vm-not-found/);
      expect(history.at(-1)?.kind).toBe('session-ended');
    },
  );
});

describe('an orderly restart', () => {
  it('lets a stream resume with Last-Event-ID and goes on numbering', async () => {
    const vm = await createVm(client);
    await client.run(vm.id, 0, { steps: 50, record: 'all' });
    const before = await stored(vm.session);
    const half = before[Math.floor(before.length / 2)]?.sequence ?? 0;
    await server.process.kill('SIGTERM');
    await new Promise((resolve) => server.process.once('exit', resolve));
    await start();

    const all = await stored(vm.session);
    expect(all.slice(0, before.length)).toEqual(before);
    const resumed = await collectEvents(
      `${server.base}/v1/events`,
      (got) => ids(got).at(-1) === all.at(-1)?.sequence,
      half,
    );
    expect(ids(resumed)).toEqual(all.map(({ sequence }) => sequence).filter((sequence) => sequence > half));
    const next = await createVm(client);
    expect(next.sequence).toBeGreaterThan(all.at(-1)?.sequence ?? 0);
    expect(await client.get<Vm>(`/v1/vms/${next.id}`)).toMatchObject({ runState: 'stopped' });
  });
});
