/** An engine thread seen from the main thread: calls as promises, reports as they come. */
import { InternalError } from '../../base/assert.ts';
import { KvmError } from '../../kvm/errors.ts';
import { SessionError } from '../errors.ts';
import type { CallError, CallName, Calls, ConsoleReport, Down, RunReport, Up } from './protocol.ts';
import type { EngineProcess } from './spawn.ts';

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export interface EngineListener {
  /** Answer with a credit of one, once it has been stored. */
  onConsole(output: ConsoleReport): void;
  /** Answer with how many exits have been stored, once they are. */
  onReport(report: RunReport): void;
  /** The thread is gone and so is everything in it. */
  onFailure(reason: string): void;
}

function errorOf(error: CallError): Error {
  switch (error.kind) {
    case 'kvm':
      return new KvmError(error.errno, error.message);
    case 'session':
      return new SessionError(
        error.code,
        error.message,
        error.errno === undefined ? {} : { errno: error.errno },
      );
    case 'internal':
      return new InternalError(`in an engine thread: ${error.message}`);
  }
}

export class EngineThread {
  readonly #process: EngineProcess;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #failure: string | null = null;

  constructor(process: EngineProcess, listener: EngineListener) {
    this.#process = process;
    process.endpoint.on('message', (message) => this.#receive(message as Up, listener));
    process.onFailure((reason) => {
      this.#fail(reason);
      listener.onFailure(reason);
    });
  }

  /**
   * Rejects with `KvmError`, `SessionError` or, for our own bugs, `InternalError`. `transfer`: buffers of the arguments that
   * go to the thread as they are and are gone here; the rest is copied.
   */
  call<Name extends CallName>(
    name: Name,
    args: Calls[Name]['args'],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Calls[Name]['result']> {
    if (this.#failure !== null) {
      return Promise.reject(this.#failed(this.#failure));
    }
    const id = this.#nextId++;
    return new Promise<Calls[Name]['result']>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#process.endpoint.postMessage({ kind: 'call', id, name, args } satisfies Down, transfer);
    });
  }

  /** So many reported exits are stored now. */
  credit(exits: number): void {
    if (exits > 0 && this.#failure === null) {
      this.#process.endpoint.postMessage({ kind: 'credit', exits } satisfies Down);
    }
  }

  async terminate(): Promise<void> {
    this.#fail('it was stopped');
    await this.#process.terminate();
  }

  #failed(reason: string): SessionError {
    return new SessionError(
      'engine-failed',
      `The engine thread of this VM ended (${reason}); the VM is gone. Create it again.`,
    );
  }

  #fail(reason: string): void {
    this.#failure ??= reason;
    for (const { reject } of this.#pending.values()) {
      reject(this.#failed(reason));
    }
    this.#pending.clear();
  }

  #receive(message: Up, listener: EngineListener): void {
    if (message.kind === 'report') {
      listener.onReport(message.report);
      return;
    }
    if (message.kind === 'console') {
      listener.onConsole(message.output);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.kind === 'result') {
      pending?.resolve(message.value);
    } else {
      pending?.reject(errorOf(message.error));
    }
  }
}
