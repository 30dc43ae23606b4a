import { fc } from '../seed.ts';
import { describe, expect, it } from 'vitest';
import { type EventDraft, type EventRows, rowsOf } from '../../src/session/event-rows.ts';
import { Journal } from '../../src/session/journal.ts';
import { subscribe, type StreamItem } from '../../src/session/subscription.ts';
import type { SessionView } from '../../src/session/types.ts';
import { MemoryHistory } from './memory-ports.ts';
import { FakeClock } from './support.ts';

function draft(vm: string, body = '{}'): EventDraft {
  const none = { run: null, vcpu: null, exitReason: null, cause: null, slot: null, pc: null };
  return { kind: 'action', session: `ses_${vm}`, vm: `vm_${vm}`, at: new Date(0), ...none, body };
}

/** So many events of one VM. */
function rows(vm: string, count = 1): EventRows {
  return rowsOf([draft(vm), ...Array.from({ length: count - 1 }, () => draft(vm))]);
}

function history(): MemoryHistory {
  const made = new MemoryHistory();
  for (const vm of ['a', 'b']) {
    made.sessionRows.set(`ses_${vm}`, { id: `ses_${vm}`, vm: `vm_${vm}`, state: 'open' } as SessionView);
  }
  return made;
}

function journal(
  store: MemoryHistory,
  options: { batch?: number; keep?: number; clock?: FakeClock } = {},
): Journal {
  const { batch = 100, keep = 1_000_000, clock = new FakeClock() } = options;
  return new Journal({ history: store, clock, batch, keep }, 0);
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('journal', () => {
  it('stores in order, in few transactions, and answers only when stored', async () => {
    const store = history();
    const log = journal(store);
    const seen: number[] = [];
    log.listen((stored) =>
      seen.push(...stored.flatMap(({ events }) => events.map(({ sequence }) => sequence))),
    );
    const answers = Array.from({ length: 1000 }, () => log.record({ rows: rows('a') }));
    for (const answer of answers) {
      void answer.then(({ last }) => expect(store.stored.length).toBeGreaterThanOrEqual(last));
    }
    expect((await Promise.all(answers)).map(({ first }) => first)).toEqual(seen);
    expect(store.stored.map((event) => event.sequence)).toEqual(
      Array.from({ length: 1000 }, (_, i) => i + 1),
    );
    expect(store.commits).toBe(10);
  });

  it('tries a failed commit again until it succeeds, and refuses new work meanwhile', async () => {
    const store = history();
    const clock = new FakeClock();
    const log = journal(store, { clock });
    store.broken = 'disk full';
    const answer = log.record({ rows: rows('a') });
    await turns(5);
    expect(log.failure).toBe('disk full');
    expect(() => log.requireWritable()).toThrow(/disk full/);
    expect(log.committed).toBe(0);
    store.broken = null;
    clock.advance(1000);
    expect((await answer).events.map((event) => event.sequence)).toEqual([1]);
    expect(log.failure).toBeNull();
  });

  it('keeps the newest events only', async () => {
    const store = history();
    const log = journal(store, { keep: 50, batch: 10 });
    for (let i = 0; i < 300; i++) {
      await log.record({ rows: rows('a') });
    }
    expect(store.stored.length).toBeLessThanOrEqual(60);
    expect(store.stored.at(-1)!.sequence).toBe(300);
  });
});

async function collect(stream: AsyncIterable<StreamItem>, count: number): Promise<StreamItem[]> {
  const items: StreamItem[] = [];
  for await (const item of stream) {
    items.push(item);
    if (items.length === count) {
      break;
    }
  }
  return items;
}

const sequences = (items: readonly StreamItem[]): number[] =>
  items.map((item) => (item.kind === 'event' ? item.event.sequence : -item.oldest));

describe('subscriptions', () => {
  it('say resync, and go on, when the cursor is older than what is kept', async () => {
    const store = history();
    const log = journal(store);
    await log.record({ rows: rows('a', 20) });
    await store.trim(5);
    const options = { journal: log, history: store, scope: { vm: 'vm_a' }, buffer: 10, page: 3 };
    const { signal } = new AbortController();
    expect(sequences(await collect(subscribe(options, 3, signal), 6))).toEqual([-16, 16, 17, 18, 19, 20]);
    expect(sequences(await collect(subscribe(options, 15, signal), 5))).toEqual([16, 17, 18, 19, 20]);
    // A VM that lost nothing does not resync, wherever its first event is.
    await log.record({ rows: rows('b') });
    expect(sequences(await collect(subscribe({ ...options, scope: { vm: 'vm_b' } }, 0, signal), 1))).toEqual([
      21,
    ]);
  });

  it('end when aborted, also while they wait', async () => {
    const store = history();
    const log = journal(store);
    const controller = new AbortController();
    const options = { journal: log, history: store, scope: {}, buffer: 10, page: 3 };
    const done = collect(subscribe(options, 0, controller.signal), 99);
    await turns(3);
    controller.abort();
    expect(await done).toEqual([]);
  });

  it('give every event of the scope once and in order, whatever the timing, the buffer and the reconnects', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('append' as const),
        vm: fc.constantFrom('a', 'b'),
        count: fc.integer({ min: 1, max: 8 }),
      }),
      fc.record({ kind: fc.constant('idle' as const), turns: fc.integer({ min: 1, max: 4 }) }),
      fc.constant({ kind: 'reconnect' as const }),
    );
    const world = fc.record({
      steps: fc.array(step, { minLength: 1, maxLength: 30 }),
      buffer: fc.integer({ min: 1, max: 6 }),
      page: fc.integer({ min: 1, max: 5 }),
      slowReader: fc.integer({ min: 0, max: 3 }),
      slowStore: fc.integer({ min: 0, max: 2 }),
      scope: fc.constantFrom({}, { vm: 'vm_a' }, { session: 'ses_b' }),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ steps, buffer, page, slowReader, slowStore, scope }) => {
        const store = history();
        store.delay = () => turns(slowStore);
        const log = journal(store, { batch: 5 });
        const got: number[] = [];
        let controller = new AbortController();
        const read = async (signal: AbortSignal): Promise<void> => {
          const options = { journal: log, history: store, scope, buffer, page };
          for await (const item of subscribe(options, got.at(-1) ?? 0, signal)) {
            got.push(item.kind === 'event' ? item.event.sequence : -item.oldest);
            await turns(slowReader);
          }
        };
        let reader = read(controller.signal);
        for (const each of steps) {
          if (each.kind === 'append') {
            void log.record({ rows: rows(each.vm, each.count) });
          } else if (each.kind === 'idle') {
            await turns(each.turns);
          } else {
            controller.abort();
            await reader;
            controller = new AbortController();
            reader = read(controller.signal);
          }
        }
        await log.flush();
        const wanted = (await store.events({ ...scope, after: 0, limit: 10_000 })).map(
          (event) => event.sequence,
        );
        for (let i = 0; i < 2000 && got.length < wanted.length; i++) {
          await turns(1);
        }
        controller.abort();
        await reader;
        expect(got).toEqual(wanted);
      }),
      { numRuns: 150 },
    );
  });
});
