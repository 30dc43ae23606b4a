/** How an engine thread comes to be. */
import { MessageChannel, Worker } from 'node:worker_threads';
import { EngineHost, type EngineHostOptions } from './engine-host.ts';
import type { Endpoint } from './protocol.ts';

/** An engine thread as its owner holds it. */
export interface EngineProcess {
  readonly endpoint: Endpoint;
  /** Called once when the thread has ended without being asked to. */
  onFailure(listener: (reason: string) => void): void;
  terminate(): Promise<void>;
}

export type Spawn = (options: { readonly window: number }) => EngineProcess;

/** What a worker is given at start. */
export interface WorkerData {
  readonly window: number;
}

/** A worker thread. Node 20 reads no TypeScript: from sources (under a test runner) a loader comes first. */
export const spawnWorker: Spawn = ({ window }) => {
  const entry = import.meta.url.endsWith('.ts') ? './worker-from-sources.mjs' : './worker.js';
  const worker = new Worker(new URL(entry, import.meta.url), { workerData: { window } satisfies WorkerData });
  let listener: (reason: string) => void = () => {};
  let over = false;
  const fail = (reason: string): void => {
    if (!over) {
      over = true;
      listener(reason);
    }
  };
  worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => fail(`the thread ended with code ${code}`));
  return {
    endpoint: worker as Endpoint,
    onFailure(callback) {
      listener = callback;
    },
    async terminate() {
      over = true;
      await worker.terminate();
    },
  };
};

/** The same core on this thread, behind a message channel: for tests and for tools that want no threads. */
export function spawnInProcess(options: Omit<EngineHostOptions, 'window'>): Spawn {
  return ({ window }) => {
    const { port1, port2 } = new MessageChannel();
    new EngineHost(port2 as Endpoint, { ...options, window });
    return {
      endpoint: port1 as Endpoint,
      onFailure() {},
      terminate() {
        port1.close();
        return Promise.resolve();
      },
    };
  };
}
