import { expect, it } from 'vitest';
import { EnginePool } from '../../src/session/engine-thread/engine-pool.ts';
import type { EngineProcess } from '../../src/session/engine-thread/spawn.ts';

function pool(threads: number) {
  const later: (() => void)[] = [];
  const clock = {
    now: () => 0,
    after: (_milliseconds: number, task: () => void) => {
      later.push(task);
      return () => {};
    },
  };
  const wait = (): void => {
    for (const task of later.splice(0)) task();
  };
  const failures: ((reason: string) => void)[] = [];
  const spawn = (): EngineProcess => ({
    endpoint: { on: () => {}, postMessage: () => {} },
    onFailure: (listener) => failures.push(listener),
    terminate: async () => {},
  });
  const listener = { onReport: () => {}, onConsole: () => {}, onFailure: () => {} };
  return { pool: new EnginePool({ threads, spawn, window: 1, clock }, listener), failures, wait };
}

it('starts threads when they are needed', () => {
  const { pool: lazy } = pool(2);
  expect(lazy.size).toBe(0);
  const first = lazy.acquire();
  expect(lazy.size).toBe(1);
  expect(lazy.acquire()).not.toBe(first);
  lazy.acquire();
  expect(lazy.size).toBe(2);
});

it('has one ready ahead when asked to, within the limit', () => {
  const { pool: ahead, failures, wait } = pool(3);
  ahead.startAhead();
  expect(ahead.size).toBe(1);
  const threads = [ahead.acquire()];
  // Not while the first VM starts to run.
  expect(ahead.size).toBe(1);
  wait();
  expect(ahead.size).toBe(2);
  threads.push(ahead.acquire());
  wait();
  expect(ahead.size).toBe(3);
  threads.push(ahead.acquire(), ahead.acquire());
  expect([ahead.size, new Set(threads).size]).toEqual([3, 3]);
  wait();
  expect(ahead.size).toBe(3);
  // One that died is replaced with the next VM.
  failures[0]!('test');
  expect(ahead.size).toBe(2);
  ahead.acquire();
  expect(ahead.size).toBe(3);
});

it('starts a thread at once for a VM that cannot wait, one ahead for several VMs, and none once it is closed', async () => {
  const { pool: ahead, wait } = pool(3);
  ahead.startAhead();
  ahead.acquire();
  ahead.acquire();
  expect(ahead.size).toBe(2);
  wait();
  expect(ahead.size).toBe(3);
  const { pool: closed, wait: later } = pool(2);
  closed.startAhead();
  closed.acquire();
  await closed.close();
  later();
  expect(closed.size).toBe(0);
});
