/**
 * The run loop: slices of generated code, and between them everything that the architecture orders by priority
 * (Arm ARM, Synchronous exception prioritization): software step, interrupts, PC alignment, instruction abort,
 * breakpoint, illegal state, what decoding says, data faults, watchpoint.
 */
import { fromHalves } from '../base/u64.ts';
import { PSTATE } from '../abi/arm/pstate.ts';
import { abortSyndrome } from './abort-syndrome.ts';
import { type Board, interpreterCode, type Tenant } from './board.ts';
import { matchBreakpoints } from './debug/breakpoints.ts';
import { debugException, lowestAddress } from './debug/debug-exception.ts';
import { DebugArming } from './debug-arming.ts';
import { STEP, type StepState, stepState } from './debug/enabled.ts';
import { executeFloatingPoint } from './floating-point.ts';
import { HOST, REASON, RECORD } from './host-map.ts';
import { STATE } from './layout.ts';
import { accessBytes } from './memory/access-word.ts';
import { createTranslationResult, translate } from './memory/translate.ts';
import type { DataAccess, DebugCause, Stop } from './stop.ts';
import {
  advancePc,
  branchAddressHigh,
  deliverableInterrupt,
  takeAlignmentFault,
  takeDataAbort,
  takeFpTrap,
  takeIllegalState,
  takeInstructionAbort,
  takeInterrupt,
  takePcAlignment,
  takeSpAlignment,
  takeUndefined,
} from './system/exceptions.ts';
import { executeSystem } from './system/instructions.ts';
import { OUTCOME } from './system/pe.ts';
import { SLOT } from './system/storage.ts';
import type { InterpreterExports, InterpreterHost } from './tiers/interpreter/abi.ts';
import { instantiateInterpreter } from './tiers/interpreter/module.ts';

/** Instructions between two looks at the stop word. */
const SLICE = 1 << 20;
/** Exceptions without an instruction retired in between, after which a run gives up its turn. */
const BARREN_LIMIT = 65536;
const NO_CAUSES: readonly DebugCause[] = [];
const SCTLR_SA = 1 << 3;
const SCTLR_SA0 = 1 << 4;

/** Load-exclusive: LDXR, LDAXR, LDXP, LDAXP and their byte and halfword forms. */
function isLoadExclusive(word: number): boolean {
  return (word & 0x3fe0_0000) === 0x0840_0000 || (word & 0xbfe0_0000) >>> 0 === 0x8860_0000;
}

/** Record of the instruction at `lo` in its page of records. */
const recordAt = (records: number, lo: number): number => records + ((lo & 0xffc) >> 2) * RECORD.SIZE;

export class RunLoop {
  readonly #board: Board;
  readonly #code: InterpreterExports;
  readonly #translation = createTranslationResult();
  /** The vcpu that runs, or ran last. */
  #pe!: Tenant;
  #causes: readonly DebugCause[] = NO_CAUSES;
  readonly #arming: DebugArming;
  /** The slice ended in SVC or HVC: its exception belongs to the instruction, so the step has not completed it. */
  #called = false;

  constructor(board: Board) {
    this.#board = board;
    this.#arming = new DebugArming(board);
    this.#code = instantiateInterpreter(interpreterCode(), board.memory, this.#hostFunctions());
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
      if (left === 0) return { kind: 'budget' };
      if (Atomics.load(board.stopWord, 0) !== 0) return { kind: 'yield' };
      barren = left === before ? barren + 1 : 0;
      if (barren === BARREN_LIMIT) return { kind: 'yield' };
    }
  }

  /** One exception, or one slice. Returns the instructions retired. */
  #advance(left: number): number {
    const pe = this.#pe;
    const step = stepState(pe);
    if (step === STEP.ACTIVE_PENDING) {
      debugException(pe, 'software-step', [{ source: 'software-step' }]);
      return 0;
    }
    const interrupt = deliverableInterrupt(pe);
    if (interrupt !== null) {
      takeInterrupt(pe, interrupt);
      return 0;
    }
    const illegal = (pe.state.pstate & PSTATE.IL) !== 0;
    if ((illegal || this.#arming.everywhere) && !this.#passesChecks(illegal)) return 0;
    const single = step !== STEP.INACTIVE || this.#arming.everywhere;
    return this.#slice(single ? 1 : Math.min(left, SLICE), step);
  }

  /** What comes before an instruction's own effects, for modes that do not rely on planted records. */
  #passesChecks(illegal: boolean): boolean {
    const pe = this.#pe;
    const { pcLo, pcHi } = pe.state;
    if (!this.#fetchable(pcLo, pcHi)) return false;
    const causes = matchBreakpoints(pe, pcLo, pcHi);
    if (causes.length > 0) debugException(pe, 'breakpoint', causes);
    else if (illegal) takeIllegalState(pe);
    else return true;
    return false;
  }

  #slice(budget: number, step: StepState): number {
    const board = this.#board;
    const { state } = board.current!;
    const pe = this.#pe;
    const { pcLo, pcHi } = state;
    board.slice = budget;
    this.#called = false;
    state.i32[STATE.BUDGET / 4] = budget;
    const rest = this.#code.run(budget);
    board.slice = 0;
    const retired = budget - rest;
    board.retired += retired;
    this.#dropTag();
    this.#act(state.i32[STATE.REASON / 4]!);
    if (retired > 0 && step === STEP.ACTIVE_NOT_PENDING && !this.#called) this.#stepped(pcLo, pcHi);
    else if (retired > 0) pe.debug.stepped = false;
    return retired;
  }
  /** PC holds no tag: a branch to a tagged address clears it (Arm ARM, AArch64.BranchAddr). */
  #dropTag(): void {
    const { state } = this.#pe;
    const hi = state.pcHi;
    if ((hi << 8) >> 8 !== hi) state.setPc(state.pcLo, branchAddressHigh(state, hi));
  }
  /** The instruction at `lo:hi` has been stepped. */
  #stepped(lo: number, hi: number): void {
    const { debug, state } = this.#pe;
    const records = this.#board.tlb.lookupCode(lo, hi, state.i32[STATE.CONTEXT / 4]!);
    state.pstate &= ~PSTATE.SS;
    debug.stepped = true;
    debug.steppedExclusive =
      records !== 0 && isLoadExclusive(this.#board.cache.wordOf(recordAt(records, lo)));
  }

  /** Do what generated code was left for. */
  #act(reason: number): void {
    const pe = this.#pe;
    switch (reason) {
      case REASON.FETCH:
        this.#fetchable(pe.state.pcLo, pe.state.pcHi);
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
        this.#refused();
        return;
    }
  }

  /** Take the exception that fetching from an address causes; true when it causes none. */
  #fetchable(lo: number, hi: number): boolean {
    const pe = this.#pe;
    if ((lo & 3) !== 0) {
      takePcAlignment(pe);
      return false;
    }
    if (!translate(pe, lo, hi, 'fetch', false, this.#translation)) {
      takeInstructionAbort(pe, this.#translation.status);
      return false;
    }
    const { physical } = this.#translation;
    if (this.#board.ram.offset(physical, 4) >= 0) return true;
    pe.stop = { kind: 'stage2-instruction', ipa: physical, far: fromHalves(lo, hi) };
    return false;
  }

  /** Act on the data access that the slow path refused. */
  #refused(): void {
    const pe = this.#pe;
    const { refusal } = this.#board.slow;
    const { vaLo, vaHi, write } = refusal;
    switch (refusal.kind) {
      case 'fault':
        takeDataAbort(pe, refusal.status, vaLo, vaHi, write);
        return;
      case 'alignment':
        takeAlignmentFault(pe, vaLo, vaHi, write);
        return;
      case 'watchpoint':
        debugException(pe, 'watchpoint', refusal.causes, lowestAddress(refusal.causes), this.#access());
        return;
      case 'stage2':
        pe.stop = this.#stage2();
        return;
    }
  }
  #access(): DataAccess {
    const { startLo, startHi, access, reads, writes } = this.#board.slow.refusal;
    return { address: fromHalves(startLo, startHi), bytes: accessBytes(access), read: reads, write: writes };
  }
  #stage2(): Stop {
    const { state } = this.#pe;
    const { vaLo, vaHi, physical } = this.#board.slow.refusal;
    const syndrome = abortSyndrome(this.#board.cache.wordOf(state.i32[HOST.RECORD / 4]!));
    const access = this.#access();
    const stop = {
      kind: 'stage2-data',
      ipa: physical,
      far: fromHalves(vaLo, vaHi),
      access,
      syndrome,
    } as const;
    if (!syndrome.isv || !access.write) return stop;
    const bytes = state.u64[STATE.SCRATCH / 8]!;
    return { ...stop, data: BigInt.asUintN(syndrome.size * 8, bytes) };
  }

  // What generated code calls

  #hostFunctions(): InterpreterHost {
    const { cache, slow } = this.#board;
    return {
      decode: (record) => cache.decode(record),
      breakpoint: (record) => this.#breakpoint(record),
      fetch: (lo, hi) => this.#fetch(lo, hi),
      system: (record) => this.#system(record),
      read: (lo, hi, access) => slow.read(lo, hi, access),
      write: (lo, hi, access) => slow.write(lo, hi, access),
      atomic: (lo, hi, access) => slow.atomic(lo, hi, access),
      stackAlignment: () => this.#stackAlignment(),
      floatingPoint: (code) => this.#floatingPoint(code),
    };
  }
  #breakpoint(record: number): number {
    const { cache } = this.#board;
    const { lo, hi } = cache.addressOf(record);
    this.#causes = matchBreakpoints(this.#pe, lo, hi);
    return this.#causes.length > 0 ? 0 : cache.originalOpcode(record);
  }
  #fetch(lo: number, hi: number): number {
    const { cache, ram, tlb } = this.#board;
    const { state } = this.#pe;
    if ((lo & 3) !== 0) return 0;
    const context = state.i32[STATE.CONTEXT / 4]!;
    let records = tlb.lookupCode(lo, hi, context);
    if (records === 0) {
      const high = branchAddressHigh(state, hi);
      if (!translate(this.#pe, lo, high, 'fetch', false, this.#translation)) return 0;
      const offset = ram.offset(this.#translation.physical, 4);
      if (offset < 0) return 0;
      if (cache.full) {
        cache.clear();
        tlb.flushCode();
      }
      records = cache.recordsOf(lo, high, Math.floor(offset / 4096));
      tlb.fillCode(lo, hi, context, records);
    }
    return recordAt(records, lo);
  }
  #system(record: number): number {
    const pe = this.#pe;
    const word = this.#board.cache.wordOf(record);
    const outcome = executeSystem(pe, word);
    this.#called = outcome === OUTCOME.CALL;
    if (outcome !== OUTCOME.NEXT || !this.#arming.stale) return outcome;
    advancePc(pe.state);
    return OUTCOME.LEAVE;
  }
  #floatingPoint(code: number): number {
    executeFloatingPoint(this.#pe.state, code);
    return 0;
  }
  #stackAlignment(): number {
    const { state } = this.#pe;
    const sctlr = state.sysregLo(SLOT.SCTLR_EL1);
    return (sctlr & (state.el === 0 ? SCTLR_SA0 : SCTLR_SA)) === 0 ? 0 : 1;
  }
}
