import { expect, it } from 'vitest';
import { EnginePool } from '../../src/session/engine-thread/engine-pool.ts';
import type { EngineProcess } from '../../src/session/engine-thread/spawn.ts';

function pool(threads: number): { pool: EnginePool; failures: ((reason: string) => void)[] } {
  const failures: ((reason: string) => void)[] = [];
  const spawn = (): EngineProcess => ({
    endpoint: { on: () => {}, postMessage: () => {} },
    onFailure: (listener) => failures.push(listener),
    terminate: async () => {},
  });
  const listener = { onReport: () => {}, onConsole: () => {}, onFailure: () => {} };
  return { pool: new EnginePool({ threads, spawn, window: 1 }, listener), failures };
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
  const { pool: ahead, failures } = pool(3);
  ahead.startAhead();
  expect(ahead.size).toBe(1);
  const threads = [ahead.acquire()];
  expect(ahead.size).toBe(2);
  threads.push(ahead.acquire());
  expect(ahead.size).toBe(3);
  threads.push(ahead.acquire(), ahead.acquire());
  expect([ahead.size, new Set(threads).size]).toEqual([3, 3]);
  // One that died is replaced with the next VM.
  failures[0]!('test');
  expect(ahead.size).toBe(2);
  ahead.acquire();
  expect(ahead.size).toBe(3);
});
