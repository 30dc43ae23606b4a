/**
 * KVM_RUN: enter the guest, handle in the kernel what the kernel handles, and leave with an exit. Source: Linux
 * arch/arm64/kvm/arm.c and handle_exit.c.
 */
import type { KvmExit } from '../abi/kvm/exits.ts';
import { KVM_GUESTDBG } from '../abi/kvm/guest-debug.ts';
import { assert } from '../base/assert.ts';
import type { Errno } from '../base/errno.ts';
import type { DataAccess, DebugCause, DebugException, Stop } from '../engine/stop.ts';
import { exceptionLoop } from './exception-loop.ts';
import type { ExitDetail, RunResult } from './contract.ts';
import { DebugExit, Exited } from './exit.ts';
import { Detail } from './exit-detail.ts';
import { injectInstructionAbort, injectUndefined } from './inject.ts';
import { type DataAbortStop, loadedValue, mmioExit, nisvExit } from './mmio.ts';
import { hypercall, type PsciVcpu } from './psci.ts';
import { applyPendingReset } from './reset.ts';
import { explainProgramEnd } from './semihosting.ts';
import { trappedAccess } from './sysreg-traps.ts';
import type { VcpuState } from './vcpu-state.ts';

const PREEMPTED: RunResult = { kind: 'preempted' };
const BLOCKED: RunResult = { kind: 'blocked' };
const NO_CAUSES: readonly DebugCause[] = [];
const MINUS_ONE = 0xffff_ffff_ffff_ffffn;
/** suberror of KVM_EXIT_INTERNAL_ERROR for an emulator's own fault. Source: Linux uapi, KVM_INTERNAL_ERROR_EMULATION. */
const EMULATION = 1;

/**
 * Times that the guest is entered before the host looks at its other work: a guest whose vectors have no memory behind
 * them takes aborts for ever and retires nothing, so that the budget alone would not end.
 */
const ENTRIES_PER_RUN = 1000;
/** Attempts in a row without an instruction retired, after which the guest is known to take exceptions only. */
const FRUITLESS_LIMIT = 65_536;

/** Bytes that semihosting calls move before the host looks at its other work, such as the console that they fill. */
const MOVED_PER_RUN = 64 << 10;

/** The system counter runs at 62.5 MHz. */
const NANOSECONDS_PER_TICK = 16;

export class Runner {
  readonly #state: VcpuState;
  readonly #self: PsciVcpu;
  readonly #fetch: (pc: bigint) => number | undefined;
  #inRun = false;
  /** In WFI or CPU_SUSPEND with nothing to wake up for. */
  #waiting = false;
  #broken: KvmExit | null = null;
  #retired = 0;
  /** Attempts since the last instruction that retired in this KVM_RUN. */
  #fruitless = 0;
  /** How often KVM_RUN was called: tells whether an exit is the last one. */
  entries = 0;

  /** `fetch` reads the instruction at an address as the vcpu would, for the exit's detail. */
  constructor(state: VcpuState, self: PsciVcpu, fetch: (pc: bigint) => number | undefined) {
    this.#state = state;
    this.#self = self;
    this.#fetch = fetch;
  }

  get inRun(): boolean {
    return this.#inRun;
  }

  /** Instructions that this vcpu has retired; the hardware counts those of the whole machine. */
  get retired(): number {
    return this.#retired;
  }

  run(budget: number, immediateExit: boolean, mmioData: bigint): RunResult {
    const state = this.#state;
    this.entries++;
    if (this.#broken !== null) return this.#exit(this.#broken);
    if (!this.#inRun) {
      if (state.pendingMmio !== null) this.#completeMmio(mmioData);
      if (immediateExit) return this.#error('EINTR', null);
      this.#inRun = true;
      this.#fruitless = 0;
      state.vm.hasRun = true;
    }
    return this.#enter(budget);
  }

  /** The signal path: leaves KVM_RUN with EINTR and KVM_EXIT_INTR. */
  interrupt(): RunResult {
    return this.#error('EINTR', { reason: 'KVM_EXIT_INTR' });
  }

  /** KVM_ARM_VCPU_INIT: a reset vcpu is in no run and waits for nothing. */
  abandon(): void {
    this.#inRun = false;
    this.#waiting = false;
  }

  #completeMmio(data: bigint): void {
    const state = this.#state;
    const pending = state.pendingMmio!;
    state.pendingMmio = null;
    state.incrementPc = true;
    if (pending.write || pending.register === 31) return;
    state.hw.setX(pending.register, loadedValue(pending, data, state.kernel.signExtendsMmioLoads));
  }

  /** Apply what was decided while the guest was out: a PSCI reset, a step over an emulated instruction. */
  #adjust(): void {
    const state = this.#state;
    applyPendingReset(state);
    state.worldSwitch.load();
    if (!state.incrementPc) return;
    state.incrementPc = false;
    this.#skip();
  }

  /** Step over an instruction that was emulated. */
  #skip(): void {
    this.#state.hw.skipInstruction();
    this.#retired++;
  }

  #enter(budget: number): RunResult {
    const state = this.#state;
    const { hw } = state;
    if (state.mpState !== 'KVM_MP_STATE_RUNNABLE') return this.#asleep();
    if (this.#waiting) {
      if (!hw.interruptPending()) return BLOCKED;
      this.#waiting = false;
    }
    const end = hw.instructionCount + budget;
    this.#adjust();
    if (state.vm.semihosting !== null) state.vm.semihosting.moved = 0;
    const { controls } = hw;
    controls.twe =
      (state.debug.control & KVM_GUESTDBG.KVM_GUESTDBG_SINGLESTEP) === 0 && state.vm.psci.length > 1;
    for (let entries = 0; entries < ENTRIES_PER_RUN; entries++) {
      const before = hw.instructionCount;
      if (before >= end) return PREEMPTED;
      const stop = hw.run(end - before);
      // Whatever was taken to EL2 ends in an exception return, which clears the local monitor.
      if (stop.kind !== 'budget' && stop.kind !== 'yield' && stop.kind !== 'exception-loop')
        hw.clearExclusive();
      this.#retired += hw.instructionCount - before;
      const result = this.#handle(stop);
      if (result !== undefined) return result;
      if (hw.instructionCount !== before) this.#fruitless = 0;
      else this.#fruitless += stop.kind === 'exception-loop' ? stop.attempts : 1;
      if (this.#fruitless >= FRUITLESS_LIMIT) return this.#exceptionsOnly();
    }
    return PREEMPTED;
  }

  #exceptionsOnly(): RunResult {
    const attempts = this.#fruitless;
    this.#fruitless = 0;
    return { kind: 'preempted', exceptionLoop: exceptionLoop(this.#state, attempts) };
  }

  /** Stopped: nothing but another vcpu helps. Suspended: an interrupt tells user space to wake the vcpu. */
  #asleep(): RunResult {
    const { mpState, hw } = this.#state;
    if (mpState !== 'KVM_MP_STATE_SUSPENDED' || !hw.interruptPending()) return BLOCKED;
    const systemEvent = { type: 'KVM_SYSTEM_EVENT_WAKEUP', data: [] } as const;
    return this.#exit({ reason: 'KVM_EXIT_SYSTEM_EVENT', systemEvent });
  }

  /** What a stop becomes; undefined when the guest goes on. */
  #handle(stop: Stop): RunResult | undefined {
    switch (stop.kind) {
      case 'debug':
        return this.#debug(stop.exception);
      case 'budget':
      case 'yield':
      case 'wfe':
        return PREEMPTED;
      case 'stage2-data':
        return this.#dataAbort(stop);
      case 'exception-loop':
        return undefined;
      case 'stage2-instruction':
        injectInstructionAbort(this.#state, stop.far);
        return undefined;
      case 'hvc':
        return this.#hypercall();
      case 'smc':
        return this.#smc(stop.imm);
      case 'sysreg':
        this.#sysreg(stop.key, stop.read, stop.register);
        return undefined;
      case 'semihosting':
        return this.#semihosting();
      case 'wfi':
        return this.#wait();
      case 'internal-error':
        this.#broken = {
          reason: 'KVM_EXIT_INTERNAL_ERROR',
          internal: { suberror: EMULATION, message: stop.message },
        };
        return this.#exit(this.#broken);
    }
  }

  #debug(exception: DebugException): RunResult {
    if (exception.kind === 'software-step') this.#state.worldSwitch.stepReported();
    const exit = new DebugExit(exception.esr, exception.far ?? 0n);
    return this.#exit(exit, exception.causes, exception.access);
  }

  #dataAbort(stop: DataAbortStop): RunResult {
    const state = this.#state;
    const mmio = mmioExit(stop);
    if (mmio !== undefined) {
      state.pendingMmio = mmio.pending;
      return this.#exit(mmio.exit, NO_CAUSES, stop.access);
    }
    if (state.vm.nisvToUser) return this.#exit(nisvExit(stop), NO_CAUSES, stop.access);
    return this.#error('ENOSYS', { reason: 'KVM_EXIT_UNKNOWN', hardwareExitReason: 0n }, stop.access);
  }

  #hypercall(): RunResult | undefined {
    const { hw, vm } = this.#state;
    const result = hypercall(this.#self, vm.psci, hw.getX(0), [hw.getX(1), hw.getX(2), hw.getX(3)]);
    for (const [n, value] of (result.values ?? []).entries()) hw.setX(n, BigInt.asUintN(64, value));
    if (result.exit !== undefined) return this.#exit(result.exit);
    if (result.suspend) return this.#wait();
    return this.#state.mpState === 'KVM_MP_STATE_RUNNABLE' ? undefined : BLOCKED;
  }

  #smc(imm: number): RunResult | undefined {
    const { hw, kernel } = this.#state;
    this.#skip();
    if (kernel.smcIsHypercall && imm === 0) return this.#hypercall();
    hw.setX(0, MINUS_ONE);
    return undefined;
  }

  #sysreg(key: number, read: boolean, register: number): void {
    const state = this.#state;
    const { hw } = state;
    const value = read ? undefined : register === 31 ? 0n : hw.getX(register);
    const result = trappedAccess(state, key, value);
    if (result === 'undefined-instruction') {
      injectUndefined(this.#state);
      return;
    }
    if (typeof result === 'bigint' && register !== 31) hw.setX(register, result);
    this.#skip();
  }

  /** The call is stepped over as any emulated instruction; one that waits for input stays at the HLT. */
  #semihosting(): RunResult | undefined {
    const { hw, vm } = this.#state;
    assert(vm.semihosting !== null, 'HLT is a stop only where there is semihosting');
    const action = vm.semihosting.call(hw);
    if (action.kind === 'wait') return BLOCKED;
    this.#skip();
    if (action.kind === 'result') {
      hw.setX(0, action.value);
      return vm.semihosting.moved < MOVED_PER_RUN ? undefined : PREEMPTED;
    }
    this.#inRun = false;
    return { kind: 'semihosting-exit', code: action.code, detail: explainProgramEnd(action.reason) };
  }

  #wait(): RunResult | undefined {
    if (this.#state.hw.interruptPending()) return undefined;
    this.#waiting = true;
    return BLOCKED;
  }

  #exit(exit: KvmExit, causes = NO_CAUSES, access?: DataAccess): RunResult {
    this.#inRun = false;
    return new Exited(exit, this.#detail(causes, access));
  }

  #error(errno: Errno, exit: KvmExit | null, access?: DataAccess): RunResult {
    const state = this.#state;
    this.#inRun = false;
    if (state.incrementPc) this.#leaveWithIncrement();
    if (this.#waiting) this.#leaveWait();
    return { kind: 'error', errno, exit, detail: this.#detail(NO_CAUSES, access) };
  }

  /**
   * Out of KVM_RUN with an emulated instruction not yet stepped over. Where debug state is set up per entry, PSTATE.SS is
   * the guest's by now, so the step exit that belongs to the instruction is lost.
   */
  #leaveWithIncrement(): void {
    const { worldSwitch, kernel } = this.#state;
    if (kernel.debugModel === 'owner') worldSwitch.load();
    else worldSwitch.settle();
    this.#state.incrementPc = false;
    this.#skip();
  }

  /** Out of KVM_RUN from WFI: PC is past it; the same as above happens to its step exit. */
  #leaveWait(): void {
    this.#waiting = false;
    const { kernel, worldSwitch, debug } = this.#state;
    if (kernel.debugModel === 'owner') return;
    worldSwitch.settle();
    debug.hostStepPending = false;
  }

  #detail(causes: readonly DebugCause[], access: DataAccess | undefined): ExitDetail {
    const { hw, worldSwitch } = this.#state;
    const now = hw.ticks * NANOSECONDS_PER_TICK;
    return new Detail(this, causes, access, hw.pc, worldSwitch.pstateView(), this.#retired, now);
  }

  /** The instruction at `pc` if the vcpu still is where it was at exit number `exit`. */
  instructionAt(pc: bigint, exit: number): number | undefined {
    return exit === this.entries ? this.#fetch(pc) : undefined;
  }
}
