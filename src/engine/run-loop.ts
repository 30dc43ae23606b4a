/**
 * The run loop: slices of generated code, and between them everything that the architecture orders by priority
 * (Arm ARM, Synchronous exception prioritization): software step, interrupts, PC alignment, instruction abort,
 * breakpoint, illegal state, branch target, what decoding says, data faults, watchpoint.
 */
import { assert } from '../base/assert.ts';
import { PSTATE } from '../abi/arm/pstate.ts';
import { type Board, interpreterCode, type Tenant } from './board.ts';
import { noteBranchType, settleBranchType } from './branch-type.ts';
import { actOnRefusal, isForDevice } from './data-refusal.ts';
import { matchBreakpoints } from './debug/breakpoints.ts';
import { debugException } from './debug/debug-exception.ts';
import { STEP, type StepState, stepRequested, stepState } from './debug/enabled.ts';
import { DebugArming } from './debug-arming.ts';
import { Fetch } from './fetch.ts';
import { executeFloatingPoint } from './floating-point.ts';
import type { Tier } from './hardware.ts';
import { HOST, REASON } from './host-map.ts';
import { STATE } from './layout.ts';
import type { Peripherals } from './peripherals.ts';
import type { DebugCause, Stop } from './stop.ts';
import {
  advancePc,
  branchAddressHigh,
  clearExclusive,
  deliverableInterrupt,
  interruptPending,
  takeFpTrap,
  takeInterrupt,
  takeSpAlignment,
  takeUndefined,
} from './system/exceptions.ts';
import { executeSystem } from './system/instructions.ts';
import { OUTCOME } from './system/pe.ts';
import { stackAlignmentChecked } from './system/regime.ts';
import type { InterpreterExports, InterpreterHost } from './tiers/interpreter/abi.ts';
import { instantiateInterpreter } from './tiers/interpreter/module.ts';
import { Regions } from './tiers/jit/regions.ts';

/** Instructions between two looks at the stop word. */
const SLICE = 1 << 20;
/** Attempts to retire an instruction that end in an exception, one after the other, after which a run gives up its turn. */
const BARREN_LIMIT = 65536;
/** Arrivals at an instruction that make it hot. Compiling a region costs as much as interpreting a million instructions. */
const THRESHOLD = { jit: 2, auto: 10000 } as const;
const NO_CAUSES: readonly DebugCause[] = [];
const STEP_CAUSES: readonly DebugCause[] = [{ source: 'software-step' }];
const BUDGET_SPENT: Stop = { kind: 'budget' };
/** No budget: nothing was marked exclusive. */
const NO_BUDGET = -1;

export class RunLoop {
  readonly #board: Board;
  readonly #fetch: Fetch;
  readonly #code: InterpreterExports;
  readonly #arming: DebugArming;
  readonly #regions: Regions | null;
  /** The vcpu that runs, or ran last. */
  #pe!: Tenant;
  #causes: readonly DebugCause[] = NO_CAUSES;
  /** The slice ended in SVC or HVC: its exception belongs to the instruction, so the step has not completed it. */
  #called = false;
  #peripherals: Peripherals | null = null;
  /** The instruction at PC is to be executed alone: it accesses a device. */
  #alone = false;

  constructor(board: Board, tier: Tier) {
    this.#board = board;
    this.#fetch = new Fetch(board);
    this.#arming = new DebugArming(board);
    this.#code = instantiateInterpreter(interpreterCode(), board.memory, this.#hostFunctions());
    this.#regions = tier === 'interpreter' ? null : this.#createRegions(THRESHOLD[tier]);
  }

  /** Once, before anything runs. */
  connect(peripherals: Peripherals): void {
    this.#peripherals = peripherals;
  }

  /** See `Pe.debugChanged`. */
  debugChanged(): void {
    this.#arming.stale = true;
  }

  /** Retire at most `budget` instructions of a vcpu. */
  run(pe: Tenant, budget: number): Stop {
    const board = this.#board;
    board.activate(pe);
    if (this.#pe !== pe) this.#arming.stale = true;
    this.#pe = pe;
    pe.stop = null;
    let left = budget;
    let barren = 0;
    for (;;) {
      if (this.#arming.stale) this.#arming.refresh(pe);
      const before = left;
      left -= this.#advance(left);
      if (pe.stop !== null) return pe.stop;
      if (left === 0) return BUDGET_SPENT;
      if (Atomics.load(board.stopWord, 0) !== 0) return { kind: 'yield' };
      barren = left === before ? barren + 1 : 0;
      if (barren === BARREN_LIMIT) return { kind: 'exception-loop', attempts: barren };
    }
  }

  /** One exception, or one slice. Returns the instructions retired. */
  #advance(left: number): number {
    const pe = this.#pe;
    const alone = this.#alone;
    this.#alone = false;
    this.#peripherals?.settle();
    const step = stepState(pe);
    if (step === STEP.ACTIVE_PENDING) {
      debugException(pe, 'software-step', STEP_CAUSES);
      return 0;
    }
    const interrupt = deliverableInterrupt(pe);
    if (interrupt !== null) {
      takeInterrupt(pe, interrupt);
      return 0;
    }
    const { everywhere } = this.#arming;
    const unusual = everywhere || (pe.state.pstate & (PSTATE.IL | PSTATE.BTYPE)) !== 0;
    if (unusual && !this.#fetch.passes(pe)) return 0;
    const single = step !== STEP.INACTIVE || everywhere || alone;
    this.#board.slow.devicesAnswer = alone;
    return this.#slice(single ? 1 : Math.min(left, SLICE, this.#peripherals?.ticksLeft ?? SLICE), step);
  }

  #slice(budget: number, step: StepState): number {
    const board = this.#board;
    const pe = this.#pe;
    const { state } = pe;
    board.slice = budget;
    board.slow.deviceAnswered = false;
    this.#called = false;
    this.#prepare(budget);
    if (board.branchTypes) noteBranchType(state, budget);
    const rest = this.#code.run(budget);
    if (board.branchTypes) settleBranchType(state, rest);
    board.slice = 0;
    const retired = budget - rest;
    board.retired += retired;
    this.#dropTag();
    this.#act(state.i32[STATE.REASON / 4]!);
    if (retired > 0 && step === STEP.ACTIVE_NOT_PENDING && !this.#called) this.#stepped();
    else if (retired > 0) pe.debug.stepped = false;
    if (board.slow.deviceAnswered) this.#handledByHypervisor();
    return retired;
  }
  /** What generated code reads of its surroundings. */
  #prepare(budget: number): void {
    const { i32 } = this.#pe.state;
    const end = this.#board.retired + this.#board.skipped + budget;
    i32[STATE.BUDGET / 4] = budget;
    i32[STATE.EXCLUSIVE_BUDGET / 4] = NO_BUDGET;
    i32[STATE.COUNT / 4] = end;
    i32[STATE.COUNT / 4 + 1] = end / 0x1_0000_0000;
    i32[STATE.ATTENTION / 4] = interruptPending(this.#pe) || stepRequested(this.#pe) ? 1 : 0;
  }
  /** PC holds no tag: a branch to a tagged address clears it (Arm ARM, AArch64.BranchAddr). */
  #dropTag(): void {
    const { state } = this.#pe;
    const hi = state.pcHi;
    if ((hi << 8) >> 8 !== hi) state.setPc(state.pcLo, branchAddressHigh(state, hi));
  }
  /** Devices are the hypervisor's: it was entered for the access, carried it out and stepped over the instruction. */
  #handledByHypervisor(): void {
    const { state, debug } = this.#pe;
    clearExclusive(state);
    debug.stepped = false;
    debug.steppedExclusive = false;
  }
  /** The instruction of the slice has been stepped. */
  #stepped(): void {
    const { state, debug } = this.#pe;
    state.pstate &= ~PSTATE.SS;
    debug.stepped = true;
    debug.steppedExclusive = state.i32[STATE.EXCLUSIVE_BUDGET / 4] !== NO_BUDGET;
  }

  /** Do what generated code was left for. Whatever is missing here is looked at before the next slice. */
  #act(reason: number): void {
    const pe = this.#pe;
    switch (reason) {
      case REASON.FETCH:
        this.#fetch.permitted(pe, pe.state.pcLo, pe.state.pcHi);
        return;
      case REASON.UNALLOCATED:
        takeUndefined(pe);
        return;
      case REASON.FP_TRAP:
        takeFpTrap(pe);
        return;
      case REASON.SP_ALIGNMENT:
        takeSpAlignment(pe);
        return;
      case REASON.BREAKPOINT:
        debugException(pe, 'breakpoint', this.#causes);
        return;
      case REASON.DATA:
        if (isForDevice(this.#board, pe)) this.#alone = true;
        else actOnRefusal(this.#board, pe);
        return;
    }
  }

  #createRegions(threshold: number): Regions {
    const { cache, live, memory, slow, tlb } = this.#board;
    const source = {
      instructionAt: (record: number) => cache.instructionAt(record),
      addressOf: (record: number) => ({ lo: cache.addressLo(record), hi: cache.addressHi(record) }),
      wordOf: (record: number) => cache.wordOf(record),
      calledLast: (record: number) => cache.calledLast(record),
      ways: (record: number) => cache.ways(record),
      forgetWays: (record: number) => cache.forgetWays(record),
      isLanding: (record: number) => cache.isLanding(record),
      accepts: (record: number, type: number) => cache.accepts(record, type),
      pageAt: (lo: number, hi: number) => tlb.lookupCode(lo, hi, live.i32[STATE.CONTEXT / 4]!),
    };
    const { opcodes } = interpreterCode();
    const regions = new Regions({
      memory,
      source,
      interpreter: this.#code,
      opcodes,
      threshold,
    });
    cache.observer = regions;
    slow.onUnhit = () => regions.compared(live.i32[HOST.RECORD / 4]!, live.i32[STATE.BUDGET / 4]!);
    return regions;
  }

  // What generated code calls

  #hostFunctions(): InterpreterHost {
    const { cache, slow } = this.#board;
    return {
      decode: (record) => cache.decode(record),
      breakpoint: (record) => this.#breakpoint(record),
      fetch: (lo, hi) => this.#fetch.record(this.#pe, lo, hi),
      system: (record) => this.#system(record),
      read: (lo, hi, access) => slow.read(lo, hi, access),
      write: (lo, hi, access) => slow.write(lo, hi, access),
      atomic: (lo, hi, access) => slow.atomic(lo, hi, access),
      floatingPoint: (code) => executeFloatingPoint(this.#pe.state, code),
      hot: (record, budget) => {
        this.#regions?.hot(record, budget);
        return 0;
      },
      refused: (record, budget) => {
        assert(this.#regions !== null, 'only regions refuse');
        return this.#regions.refused(record, budget);
      },
      stackAlignment: () => (stackAlignmentChecked(this.#pe.state) ? 1 : 0),
    };
  }
  #breakpoint(record: number): number {
    const { cache } = this.#board;
    this.#causes = matchBreakpoints(this.#pe, cache.addressLo(record), cache.addressHi(record));
    return this.#causes.length > 0 ? 0 : cache.originalOpcode(record);
  }
  #system(record: number): number {
    const pe = this.#pe;
    const { state } = pe;
    const { branchTypes, cache } = this.#board;
    const budget = state.i32[STATE.BUDGET / 4]!;
    if (branchTypes) settleBranchType(state, budget);
    let outcome = executeSystem(pe, cache.wordOf(record));
    this.#called = outcome === OUTCOME.CALL;
    if (outcome === OUTCOME.NEXT && this.#arming.stale) {
      advancePc(state);
      outcome = OUTCOME.LEAVE;
    }
    if (branchTypes && outcome !== OUTCOME.NEXT) noteBranchType(state, budget - (outcome & 1));
    return outcome;
  }
}
