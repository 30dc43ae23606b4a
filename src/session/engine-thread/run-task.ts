/**
 * One run inside an engine thread: KVM_RUN of one vcpu or of all of them, in quanta of retired instructions. A task
 * ends once, with the reason, and then leaves no vcpu inside KVM_RUN.
 */
import { KVM_GUESTDBG } from '../../abi/kvm/guest-debug.ts';
import type { ExceptionLoop, GuestDebug, RunResult, Vcpu, Vm } from '../../kvm/contract.ts';
import { explainExceptionLoop } from '../../kvm/explain.ts';
import type { CollectItem, Collected, RunEnd, RunId, RunSpec } from '../types.ts';
import { tryReadMemory } from './guest-memory.ts';
import { explainInterruption } from './interruption.ts';
import type { RunFinish } from './protocol.ts';
import { internalError, isStepExit, type Outcome, outcomeOf } from './outcome.ts';
import type { Recorder } from './recorder.ts';
import { readRegisters } from './registers.ts';

/** Instructions of one turn: about 0.2 ms at 100 MIPS. The interleaving of vcpus depends on it and on nothing else. */
export const QUANTUM = 20_000;
/** Single steps of one turn. */
const STEPS_PER_TURN = 256;
/** A single step retires one instruction at most; its exit comes when the next one would be executed. */
const STEP_BUDGET = 2;

/** `progress`: something was executed. `waiting`: blocked until an event. `ended`: the task is over. */
export type Turn = 'progress' | 'waiting' | 'ended';

export interface TaskOptions {
  readonly vm: Vm;
  readonly run: RunId;
  readonly vcpus: readonly number[];
  readonly spec: RunSpec;
  readonly recorder: Recorder;
  /** By vcpu: the answer to its pending MMIO read, for when it enters the guest again. Shared by all runs of the VM. */
  readonly mmioAnswers: Map<number, bigint>;
  /** vcpus that hit our own bugs, with the message: they are never entered again. Shared by all runs of the VM. */
  readonly failed: Map<number, string>;
  readonly now: () => number;
}

export class RunTask {
  readonly run: RunId;
  readonly vcpus: readonly number[];
  readonly recorder: Recorder;
  readonly #o: TaskOptions;
  readonly #fresh: Set<number>;
  /** Guest debug to put back when single steps were asked for. */
  readonly #savedDebug: GuestDebug | null;
  #remaining: number;
  /** Instructions of one turn of a vcpu. */
  readonly #quantum: number;
  /** vcpus that retired nothing since any vcpu did: blocked, or in a loop of exceptions. */
  readonly #stuck = new Set<number>();
  /** What the first of them that loops says about it. */
  #loop: string | null = null;
  #lastStep: Outcome | null = null;
  instructions = 0;
  stepsDone = 0;
  finish: RunFinish | null = null;
  reportedStart = false;

  constructor(options: TaskOptions) {
    this.#o = options;
    this.run = options.run;
    this.vcpus = options.vcpus;
    this.recorder = options.recorder;
    this.#fresh = new Set(options.vcpus);
    this.#remaining = options.spec.budget.instructions ?? Number.MAX_SAFE_INTEGER;
    // Each vcpu has its share of a budget that is less than a turn of all of them.
    this.#quantum = Math.max(1, Math.min(QUANTUM, Math.floor(this.#remaining / options.vcpus.length)));
    this.#savedDebug =
      options.spec.steps === undefined ? null : this.#armSingleStep(this.#vcpu(options.vcpus[0]!));
  }

  /** May record more than one exit: such a task waits while too many are not stored. */
  get recordsMany(): boolean {
    return this.#savedDebug !== null && this.#o.spec.record === 'all';
  }

  /** One turn of one vcpu. */
  turn(index: number): Turn {
    const vcpu = this.#vcpu(index);
    return this.#savedDebug === null ? this.#runTurn(vcpu) : this.#stepTurn(vcpu);
  }

  /** From outside: a pause, the wall-time budget. Those inside KVM_RUN come back with EINTR, which is recorded. */
  stop(end: RunEnd): void {
    if (this.finish === null) {
      this.#interruptAll(end);
      this.#end(end, this.vcpus[0]!);
    }
  }

  /** The VM goes away: nothing is executed or collected any more. */
  abandon(end: RunEnd): void {
    this.finish ??= this.#finishWith(end, []);
  }

  #vcpu(index: number): Vcpu {
    return this.#o.vm.vcpus[index]!;
  }

  #armSingleStep(vcpu: Vcpu): GuestDebug {
    const saved = vcpu.getGuestDebug();
    vcpu.setGuestDebug({
      ...saved,
      control: saved.control | KVM_GUESTDBG.KVM_GUESTDBG_ENABLE | KVM_GUESTDBG.KVM_GUESTDBG_SINGLESTEP,
    });
    return saved;
  }

  #runTurn(vcpu: Vcpu): Turn {
    const result = this.#execute(vcpu);
    switch (result.kind) {
      case 'exit':
      case 'error':
        return this.#ownExit(vcpu, outcomeOf(result));
      case 'semihosting-exit':
        return this.#programEnd(vcpu, result);
      case 'preempted':
        return this.#spent() ?? this.#looping(vcpu, result.exceptionLoop) ?? 'progress';
      case 'blocked':
        return this.#spent() ?? this.#looping(vcpu, null) ?? 'waiting';
    }
  }

  #stepTurn(vcpu: Vcpu): Turn {
    for (let i = 0; i < STEPS_PER_TURN; i++) {
      const result = this.#execute(vcpu);
      if (result.kind === 'blocked') {
        return this.#spent() ?? 'waiting';
      }
      if (result.kind === 'preempted') {
        return this.#spent() ?? 'progress';
      }
      if (result.kind === 'semihosting-exit') {
        return this.#programEnd(vcpu, result);
      }
      if (!isStepExit(result)) {
        return this.#ownExit(vcpu, outcomeOf(result));
      }
      this.#countStep(vcpu, outcomeOf(result));
      if (this.stepsDone === this.#o.spec.steps) {
        this.#end({ reason: 'steps-done' }, vcpu.index);
        return 'ended';
      }
      if (this.#spent() !== null) {
        return 'ended';
      }
    }
    return 'progress';
  }

  #countStep(vcpu: Vcpu, outcome: Outcome): void {
    this.stepsDone += 1;
    if (this.#o.spec.record === 'all') {
      this.recorder.add(vcpu, outcome);
    } else if (this.#o.spec.record === 'last') {
      this.#lastStep = outcome;
    }
  }

  /** KVM_RUN for one quantum, with the instructions that it retired taken off the budget. */
  #execute(vcpu: Vcpu): RunResult {
    const failure = this.#o.failed.get(vcpu.index);
    if (failure !== undefined) {
      return internalError(vcpu, failure);
    }
    const before = vcpu.instructionCount;
    const first = this.#fresh.delete(vcpu.index);
    const { immediateExit } = this.#o.spec;
    const mmioData = first ? this.#o.mmioAnswers.get(vcpu.index) : undefined;
    if (first) {
      this.#o.mmioAnswers.delete(vcpu.index);
    }
    let result: RunResult;
    try {
      result = vcpu.run(this.#savedDebug === null ? Math.min(this.#quantum, this.#remaining) : STEP_BUDGET, {
        ...(first && immediateExit === true && { immediateExit }),
        ...(mmioData !== undefined && { mmioData }),
      });
    } catch (error) {
      const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.#o.failed.set(vcpu.index, message);
      result = internalError(vcpu, message);
    }
    const retired = vcpu.instructionCount - before;
    if (retired > 0) {
      this.#stuck.clear();
      this.#loop = null;
    }
    this.instructions += retired;
    this.#remaining -= retired;
    return result;
  }

  /** Null while there is budget left; else the task is over. */
  #spent(): 'ended' | null {
    if (this.#remaining > 0) {
      return null;
    }
    this.stop({ reason: 'budget-instructions' });
    return 'ended';
  }

  /**
   * A budget that can never be spent ends the run: no vcpu retires anything, and one of them takes exceptions without
   * end. `loop`: null when the vcpu is blocked, undefined when neither is known.
   */
  #looping(vcpu: Vcpu, loop: ExceptionLoop | null | undefined): 'ended' | null {
    if (loop === undefined) {
      return null;
    }
    this.#stuck.add(vcpu.index);
    if (loop !== null) {
      this.#loop ??= explainExceptionLoop(vcpu.index, loop);
    }
    const bounded = this.#o.spec.budget.instructions !== undefined;
    if (!bounded || this.#loop === null || this.#stuck.size < this.vcpus.length) {
      return null;
    }
    this.stop({ reason: 'exception-loop', detail: this.#loop });
    return 'ended';
  }

  #ownExit(vcpu: Vcpu, outcome: Outcome): Turn {
    this.#lastStep = null;
    this.recorder.add(vcpu, outcome);
    this.#interruptAll(null);
    const { errno } = outcome;
    this.#end(errno === null ? { reason: 'exit' } : { reason: 'error', errno }, vcpu.index);
    return 'ended';
  }

  /** No exit of KVM: the run just ends, as the program that it ran did. */
  #programEnd(vcpu: Vcpu, { code, detail }: Extract<RunResult, { kind: 'semihosting-exit' }>): Turn {
    this.#interruptAll(null);
    this.#end({ reason: 'semihosting-exit', code, detail }, vcpu.index);
    return 'ended';
  }

  /** `end`: the EINTR is an exit of the run, and this is why it came. Null: another vcpu's exit stopped the VM. */
  #interruptAll(end: RunEnd | null): void {
    for (const index of this.vcpus) {
      const vcpu = this.#vcpu(index);
      if (!vcpu.inRun || this.#o.failed.has(index)) {
        continue;
      }
      const result = vcpu.interrupt();
      if (result.kind === 'exit' || (end !== null && result.kind === 'error')) {
        this.#lastStep = null;
        this.recorder.add(
          vcpu,
          outcomeOf(result),
          end === null ? undefined : explainInterruption(end, vcpu.getMpState()),
        );
      }
    }
  }

  #end(end: RunEnd, vcpu: number): void {
    if (this.#lastStep !== null) {
      this.recorder.add(this.#vcpu(vcpu), this.#lastStep);
    }
    if (this.#savedDebug !== null) {
      this.#vcpu(this.vcpus[0]!).setGuestDebug(this.#savedDebug);
    }
    this.finish = this.#finishWith(
      end,
      this.#o.spec.collect.map((item) => this.#collect(item, vcpu)),
    );
  }

  #finishWith(end: RunEnd, collected: readonly Collected[]): RunFinish {
    const { instructions, stepsDone } = this;
    return { end, at: this.#o.now(), instructions, stepsDone, collected };
  }

  #collect(item: CollectItem, stopped: number): Collected {
    const vcpu = item.vcpu ?? stopped;
    if (item.kind === 'registers') {
      return { kind: 'registers', vcpu, values: readRegisters(this.#vcpu(vcpu), item.names) };
    }
    const { address, space, length } = item;
    return { kind: 'memory', address, bytes: tryReadMemory(this.#o.vm, { vcpu, address, space }, length) };
  }
}
