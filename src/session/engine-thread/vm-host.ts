/** One VM inside an engine thread: its machine, what it was loaded from, and the runs that are going on. */
import { KVM_GUESTDBG } from '../../abi/kvm/guest-debug.ts';
import { assert } from '../../base/assert.ts';
import type { Vcpu, Vm } from '../../kvm/contract.ts';
import { SessionError } from '../errors.ts';
import type { RunId, RunSpec, VmDigest } from '../types.ts';
import { buildVm, type CreateVm } from './build-vm.ts';
import { GuestFiles } from './guest-files.ts';
import { digestOf } from './digest.ts';
import type { CreateVmArgs, Segment, VcpuStatus } from './protocol.ts';
import { type RecordedRun, Recorder } from './recorder.ts';
import { resolveRegisters } from './registers.ts';
import { RunTask } from './run-task.ts';

/** `busy`: call again soon. `resting`: time was skipped, call again a little later. `parked`: nothing to execute until an event. `full`: exits wait to be stored. */
export type SliceResult = 'busy' | 'resting' | 'parked' | 'full';

/** Slots whose enable bit (DBGBCR.E, DBGWCR.E) is set. */
function enabled(controls: readonly bigint[], limit: number): number {
  return controls.slice(0, limit).filter((control) => (control & 1n) === 1n).length;
}

/** Bytes of console output. */
const CONSOLE_PRESSES = 64 << 10;
/** A guest that retires fewer instructions between two waits is idle: a timer tick takes some thousands. */
const IDLE_INSTRUCTIONS = 100_000;
const RESTS_PER_MILLISECOND = 16;
const REST_LIMIT_MILLISECONDS = 20;

export class VmHost {
  readonly #createVm: CreateVm;
  readonly #args: CreateVmArgs;
  readonly #now: () => number;
  readonly #tasks = new Map<RunId, RunTask>();
  readonly #byVcpu = new Map<number, RunTask>();
  readonly #failed = new Map<number, string>();
  /** Features of the last KVM_ARM_VCPU_INIT; null: never initialised. */
  readonly #features: (readonly string[] | null)[];
  readonly #files: GuestFiles | null;
  #vm: Vm;
  #next = 0;
  #mmioVcpu = 0;
  /** Another vcpu may have its turn before the one that was answered. */
  readonly #mmioAnswers = new Map<number, bigint>();
  /** Rests one after the other between which the guest did next to nothing, and the instruction count at the newest. */
  #rests = 0;
  #rested = 0;

  constructor(createVm: CreateVm, args: CreateVmArgs, now: () => number) {
    this.#createVm = createVm;
    this.#args = { ...args, segments: [] };
    this.#now = now;
    this.#features = args.config.vcpus.map((vcpu, index) => (args.init[index] ? vcpu.features : null));
    this.#files = args.files === null ? null : new GuestFiles(args.files);
    this.#vm = buildVm(createVm, args, this.#features, args.segments, { files: this.#files });
  }

  get vm(): Vm {
    return this.#vm;
  }

  /** Shared with the main thread when the machine shares it. */
  get stopWord(): Int32Array | null {
    const word = this.#vm.hardware.stopWord;
    return word.buffer instanceof SharedArrayBuffer ? word : null;
  }

  /** Memory as loaded, vcpus initialised as they were last; guest debug stays in force. */
  reset(segments: readonly Segment[]): void {
    this.#requireStopped();
    const debug = this.#vm.vcpus.map((vcpu) => vcpu.getGuestDebug());
    this.#vm = buildVm(this.#createVm, this.#args, this.#features, segments, { files: this.#files });
    this.close();
    this.#failed.clear();
    this.#mmioAnswers.clear();
    this.#mmioVcpu = 0;
    this.#next = 0;
    for (const vcpu of this.#vm.vcpus) {
      vcpu.setGuestDebug(debug[vcpu.index]!);
    }
  }

  /** What the guest has open outside itself. */
  close(): void {
    this.#files?.closeAll();
  }

  /** Nothing runs. */
  digest(): VmDigest {
    this.#requireStopped();
    return digestOf(this.#vm, {
      turn: this.#next,
      mmioVcpu: this.#mmioVcpu,
      mmioAnswers: this.#mmioAnswers,
      files: this.#files?.snapshot() ?? null,
    });
  }

  /** How long to rest after a slice that ended so: longer while the guest does nothing but wake up and wait again. */
  get restMilliseconds(): number {
    return Math.min(1 + this.#rests / RESTS_PER_MILLISECOND, REST_LIMIT_MILLISECONDS);
  }

  /** Bytes that found room; a VM without a console has none. */
  typeConsole(bytes: Uint8Array): number {
    this.#rests = 0;
    return this.#vm.console?.type(bytes) ?? 0;
  }

  /** What the guest has sent to its console since the last call; null when it is nothing. */
  drainConsole(): { readonly bytes: Uint8Array; readonly lost: number } | null {
    const { console } = this.#vm;
    return console === null || console.pending === 0 ? null : console.drain();
  }

  /** There is output that `drainConsole` would give. */
  get consoleWaits(): boolean {
    return this.#consolePending > 0;
  }

  /** So much output waits that it should not wait for its time. */
  get consolePresses(): boolean {
    return this.#consolePending > CONSOLE_PRESSES;
  }

  get #consolePending(): number {
    return this.#vm.console?.pending ?? 0;
  }

  init(index: number, features: readonly string[]): void {
    this.stopped(index).init(features);
    this.#features[index] = features;
  }

  vcpu(index: number): Vcpu {
    const vcpu = this.#vm.vcpus[index];
    assert(vcpu !== undefined, () => `vcpu ${index} was checked by the caller`);
    return vcpu;
  }

  /** The vcpu, which no run has. */
  stopped(index: number): Vcpu {
    if (this.#byVcpu.has(index)) {
      throw new SessionError(
        'vcpu-running',
        `vcpu ${index} is running; pause the VM or wait for its run to end.`,
      );
    }
    return this.vcpu(index);
  }

  status(): readonly VcpuStatus[] {
    return this.#vm.vcpus.map((vcpu) => {
      const debug = vcpu.getGuestDebug();
      const active = (debug.control & KVM_GUESTDBG.KVM_GUESTDBG_USE_HW) !== 0;
      const slots = (limit: number, controls: readonly bigint[]) => ({
        limit,
        used: active ? enabled(controls, limit) : 0,
      });
      const { breakpoints, watchpoints } = vcpu.debugResources;
      return {
        initialized: vcpu.initialized,
        mpState: vcpu.getMpState(),
        breakpoints: slots(breakpoints, debug.bcr),
        watchpoints: slots(watchpoints, debug.wcr),
        instructionCount: vcpu.instructionCount,
      };
    });
  }

  /** Refused with nothing started when a vcpu of it is running or has not been initialised. */
  start(ids: RecordedRun, vcpu: number | null, spec: RunSpec): void {
    const members = vcpu === null ? this.#vm.vcpus.filter((v) => v.initialized).map((v) => v.index) : [vcpu];
    if (members.length === 0 || !members.every((index) => this.stopped(index).initialized)) {
      throw new SessionError(
        'vcpu-not-initialized',
        `${vcpu === null ? 'No vcpu of the VM has' : `vcpu ${vcpu} has not`} been initialised: KVM_RUN returns ENOEXEC. Initialise it first.`,
      );
    }
    for (const item of spec.collect) {
      if (item.kind === 'registers') {
        resolveRegisters(item.names);
      }
    }
    if (spec.mmioData !== undefined) {
      this.#mmioAnswers.set(vcpu ?? this.#mmioVcpu, spec.mmioData);
    }
    const task = new RunTask({
      vm: this.#vm,
      run: ids.run,
      vcpus: members,
      spec,
      recorder: new Recorder(ids, this.#args.symbols, this.#now),
      mmioAnswers: this.#mmioAnswers,
      failed: this.#failed,
      now: this.#now,
    });
    this.#tasks.set(ids.run, task);
    for (const index of members) {
      this.#byVcpu.set(index, task);
    }
  }

  task(run: RunId): RunTask | undefined {
    return this.#tasks.get(run);
  }

  get tasks(): Iterable<RunTask> {
    return this.#tasks.values();
  }

  /** The stop word has done its work: every stop that it announced has been carried out. */
  clearStopWord(): void {
    Atomics.store(this.#vm.hardware.stopWord, 0, 0);
  }

  /**
   * Turns of the running vcpus, in order of their index, until `late()`; the next slice goes on where this one ended.
   * `mayRecord` says whether a run that records a lot may go on.
   */
  slice(late: () => boolean, mayRecord: () => boolean): SliceResult {
    let idle = 0;
    let full = false;
    while (this.#byVcpu.size > 0 && idle < this.#vm.vcpus.length) {
      const index = this.#next;
      this.#next = (index + 1) % this.#vm.vcpus.length;
      const task = this.#byVcpu.get(index);
      const held = task?.recordsMany === true && !mayRecord();
      full ||= held;
      if (task === undefined || held || task.turn(index) === 'waiting') {
        idle += 1;
      } else {
        idle = 0;
        this.#noteExit(task, index);
        if (task.finish !== null) {
          this.release(task);
        }
      }
      if (idle === 0 && late()) {
        return 'busy';
      }
    }
    if (full) {
      return 'full';
    }
    const waits = this.#byVcpu.size > 0 && this.#vm.hardware.devices?.skipToDeadline() === true;
    if (!waits) {
      return 'parked';
    }
    const { instructionCount } = this.#vm.hardware.vcpus[0]!;
    this.#rests = instructionCount - this.#rested < IDLE_INSTRUCTIONS ? this.#rests + 1 : 0;
    this.#rested = instructionCount;
    return 'resting';
  }

  /** A task that has ended lets go of its vcpus; it stays until it has been reported. */
  release(task: RunTask): void {
    for (const index of task.vcpus) {
      if (this.#byVcpu.get(index) === task) {
        this.#byVcpu.delete(index);
      }
    }
  }

  forget(task: RunTask): void {
    this.#tasks.delete(task.run);
  }

  /** MMIO data given to a run of all vcpus is for the vcpu that stopped last. */
  #noteExit(task: RunTask, index: number): void {
    if (task.finish?.end.reason === 'exit') {
      this.#mmioVcpu = index;
    }
  }

  #requireStopped(): void {
    if (this.#byVcpu.size > 0) {
      throw new SessionError('vm-running', 'The VM is running; pause it or wait for its runs to end.');
    }
  }
}
