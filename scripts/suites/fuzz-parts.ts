/** The fuzzer's work in parts, done by a process for each processor. */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Comparison } from '../../test/oracle/compare.ts';

export interface FuzzPart {
  readonly encodingClass: string;
  /** Instructions. */
  readonly count: number;
  readonly seed: number;
}
export type PartDone = (part: FuzzPart, comparison: Comparison) => void;

const WORKER = fileURLToPath(new URL('./fuzz-worker.ts', import.meta.url));

/** Do the parts in their order; rejects when a process ends before its time. */
export async function doParts(parts: readonly FuzzPart[], done: PartDone): Promise<void> {
  let next = 0;
  const serve = (worker: ChildProcess): Promise<void> =>
    new Promise((resolve, reject) => {
      let part: FuzzPart | undefined;
      const give = (): void => {
        part = parts[next++];
        if (part !== undefined) worker.send(part);
        else worker.disconnect();
      };
      worker.on('message', (comparison: Comparison) => {
        done(part!, comparison);
        give();
      });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        if (part === undefined) resolve();
        else reject(new Error(`the fuzzer's process ended with ${code} in ${JSON.stringify(part)}`));
      });
      give();
    });
  const workers = Array.from({ length: Math.min(availableParallelism(), parts.length) }, () => fork(WORKER));
  try {
    await Promise.all(workers.map(serve));
  } finally {
    for (const worker of workers) worker.kill();
  }
}
