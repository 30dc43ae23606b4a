/** The engine threads: each VM belongs to one; a thread that dies is replaced. */
import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { ConsoleReport, RunReport } from './protocol.ts';
import { EngineThread } from './engine-thread.ts';
import type { Spawn } from './spawn.ts';

export interface PoolListener {
  onReport(thread: EngineThread, report: RunReport): void;
  onConsole(thread: EngineThread, output: ConsoleReport): void;
  onFailure(thread: EngineThread, reason: string): void;
}

export interface PoolOptions {
  readonly threads: number;
  readonly spawn: Spawn;
  /** Exits of one thread that may be reported and not yet stored. */
  readonly window: number;
  readonly clock: Clock;
}

/** A thread that starts takes a processor from a VM that has just begun, which needs them most: V8 compiles what it runs. */
const SPARE_MILLISECONDS = 5_000;

export class EnginePool {
  readonly #options: PoolOptions;
  readonly #listener: PoolListener;
  readonly #load = new Map<EngineThread, number>();
  #closed = false;
  #ahead = false;

  constructor(options: PoolOptions, listener: PoolListener) {
    assert(options.threads >= 1, 'at least one engine thread');
    this.#options = options;
    this.#listener = listener;
  }

  get size(): number {
    return this.#load.size;
  }

  /**
   * From now on have a thread without VMs ready, as long as there may be one more: a thread takes a while to start. The
   * first starts now, another some seconds after the last one without VMs was taken.
   */
  startAhead(): void {
    this.#ahead = true;
    this.#spare();
  }
  #spare(): void {
    const idle = [...this.#load.values()].includes(0);
    if (!this.#closed && !idle && this.#load.size < this.#options.threads) this.#start();
  }

  /** The thread with the fewest VMs for one more; threads start when they are first needed, or one ahead. */
  acquire(): EngineThread {
    const entries = [...this.#load].sort((a, b) => a[1] - b[1]);
    const least = entries[0];
    const thread =
      least === undefined || (least[1] > 0 && entries.length < this.#options.threads)
        ? this.#start()
        : least[0];
    this.#load.set(thread, (this.#load.get(thread) ?? 0) + 1);
    if (this.#ahead) this.#options.clock.after(SPARE_MILLISECONDS, () => this.#spare());
    return thread;
  }

  release(thread: EngineThread): void {
    const load = this.#load.get(thread);
    if (load !== undefined) {
      this.#load.set(thread, load - 1);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const threads = [...this.#load.keys()];
    this.#load.clear();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  #start(): EngineThread {
    const thread: EngineThread = new EngineThread(this.#options.spawn({ window: this.#options.window }), {
      onReport: (report) => this.#listener.onReport(thread, report),
      onConsole: (output) => this.#listener.onConsole(thread, output),
      onFailure: (reason) => {
        this.#load.delete(thread);
        if (!this.#closed) {
          this.#listener.onFailure(thread, reason);
        }
      },
    });
    this.#load.set(thread, 0);
    return thread;
  }
}
