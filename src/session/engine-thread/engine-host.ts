/**
 * The core of an engine thread: answers calls, interleaves the slices of its VMs, reports what their runs do. It runs
 * behind any endpoint: in a worker, or over a MessageChannel in the same thread.
 */
import type { RunEnd } from '../types.ts';
import { SessionError } from '../errors.ts';
import { KvmError } from '../../kvm/errors.ts';
import { CALL_HANDLERS, type HostContext } from './calls.ts';
import type { CallError, Calls, CallName, Down, Endpoint, Up } from './protocol.ts';
import type { RunTask } from './run-task.ts';
import type { CreateVm } from './build-vm.ts';
import type { VmHost } from './vm-host.ts';

/** Longest time that a slice takes before calls are looked at and the next VM has its turn. */
const SLICE_MILLISECONDS = 2;
/** While a guest is busy, its console output is sent this often. */
const CONSOLE_MILLISECONDS = 50;

export interface EngineHostOptions {
  readonly createVm: CreateVm;
  /** Exits that may be reported and not yet stored. */
  readonly window: number;
  /** Wall time for records, milliseconds since the Unix epoch. */
  readonly now: () => number;
}

function callError(error: unknown): CallError {
  if (error instanceof KvmError) {
    return { kind: 'kvm', errno: error.errno, message: error.message };
  }
  if (error instanceof SessionError) {
    return { kind: 'session', code: error.code, message: error.message, errno: error.errno };
  }
  return {
    kind: 'internal',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

export class EngineHost implements HostContext {
  readonly createVm: CreateVm;
  readonly now: () => number;
  readonly vms = new Map<string, VmHost>();
  readonly #endpoint: Endpoint;
  readonly #window: number;
  readonly #ready: VmHost[] = [];
  readonly #names = new Map<VmHost, string>();
  readonly #timers = new Map<RunTask, NodeJS.Timeout>();
  /** When a busy VM's console is looked at next. */
  readonly #consoleDue = new WeakMap<VmHost, number>();
  #unstored = 0;
  #scheduled = false;

  constructor(endpoint: Endpoint, options: EngineHostOptions) {
    this.createVm = options.createVm;
    this.now = options.now;
    this.#window = options.window;
    this.#endpoint = endpoint;
    endpoint.on('message', (message) => this.#receive(message as Down));
  }

  addVm(id: string, vm: VmHost): void {
    this.vms.set(id, vm);
    this.#names.set(vm, id);
  }

  removeVm(id: string, vm: VmHost): void {
    vm.close();
    this.vms.delete(id);
    this.#names.delete(vm);
  }

  /** Something happened that may let a vcpu of this VM go on. */
  wake(vm: VmHost): void {
    if (!this.#ready.includes(vm)) {
      this.#ready.push(vm);
    }
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => this.#turn());
    }
  }

  started(vm: VmHost, task: RunTask, wallMilliseconds: number | undefined): void {
    this.#report(vm, task);
    if (wallMilliseconds !== undefined) {
      const onTime = () => this.stop(vm, task, { reason: 'budget-wall' });
      this.#timers.set(task, setTimeout(onTime, wallMilliseconds));
    }
    this.wake(vm);
  }

  stop(vm: VmHost, task: RunTask, end: RunEnd): void {
    task.stop(end);
    vm.release(task);
    this.#report(vm, task);
  }

  abandon(vm: VmHost, task: RunTask, end: RunEnd): void {
    task.abandon(end);
    vm.release(task);
    this.#report(vm, task);
  }

  #receive(message: Down): void {
    if (message.kind === 'credit') {
      this.#unstored -= message.exits;
      for (const vm of this.vms.values()) {
        if (vm.consoleWaits || [...vm.tasks].some((task) => task.recordsMany)) {
          this.wake(vm);
        }
      }
      return;
    }
    let answer: Up;
    let after: (() => void) | undefined;
    try {
      const handler = CALL_HANDLERS[message.name] as (
        host: HostContext,
        args: unknown,
        later: (task: () => void) => void,
      ) => Calls[CallName]['result'];
      const value = handler(this, message.args, (task) => {
        after = task;
      });
      answer = { kind: 'result', id: message.id, value };
    } catch (error) {
      answer = { kind: 'refusal', id: message.id, error: callError(error) };
    }
    this.#endpoint.postMessage(answer);
    after?.();
  }

  /** One slice of one VM; the others come first before it has the next. */
  #turn(): void {
    this.#scheduled = false;
    const vm = this.#ready.shift();
    if (vm === undefined) {
      return;
    }
    if (this.#names.has(vm)) {
      const end = performance.now() + SLICE_MILLISECONDS;
      const result = vm.slice(
        () => performance.now() >= end,
        () => this.#unstored + this.#pending(vm) < this.#window,
      );
      if (result !== 'busy' || vm.consolePresses || performance.now() >= (this.#consoleDue.get(vm) ?? 0)) {
        this.#reportConsole(vm);
      }
      for (const task of [...vm.tasks]) {
        this.#report(vm, task);
      }
      // Virtual time has jumped to the next timer; without a rest an idle guest would keep the thread busy.
      if (result === 'resting') {
        setTimeout(() => this.wake(vm), vm.restMilliseconds);
      }
      if (result === 'busy') {
        this.#ready.push(vm);
      }
    }
    if (this.#ready.length > 0) {
      this.#scheduled = true;
      setImmediate(() => this.#turn());
    }
  }

  #pending(vm: VmHost): number {
    let exits = 0;
    for (const task of vm.tasks) {
      exits += task.recorder.count;
    }
    return exits;
  }

  /** Sends what the guest has said. While too much is not stored it waits in the console's own buffer. */
  #reportConsole(vm: VmHost): void {
    const id = this.#names.get(vm);
    const output = id === undefined || this.#unstored >= this.#window ? null : vm.drainConsole();
    if (id === undefined || output === null) {
      return;
    }
    this.#consoleDue.set(vm, performance.now() + CONSOLE_MILLISECONDS);
    this.#unstored += 1;
    const console = { vm: id, at: this.now(), ...output };
    this.#endpoint.postMessage({ kind: 'console', output: console } satisfies Up);
  }

  /** Sends what is new about the task; forgets it when it has ended. */
  #report(vm: VmHost, task: RunTask): void {
    if (task.finish !== null) {
      this.#reportConsole(vm);
    }
    const id = this.#names.get(vm);
    const exits = task.recorder.take();
    if (id === undefined || (exits === null && task.finish === null && task.reportedStart)) {
      return;
    }
    const startedAt = task.reportedStart ? null : this.now();
    task.reportedStart = true;
    this.#unstored += exits?.count ?? 0;
    const report = { vm: id, run: task.run, startedAt, exits, finish: task.finish };
    this.#endpoint.postMessage({ kind: 'report', report } satisfies Up);
    if (task.finish !== null) {
      vm.forget(task);
      clearTimeout(this.#timers.get(task));
      this.#timers.delete(task);
    }
  }
}
