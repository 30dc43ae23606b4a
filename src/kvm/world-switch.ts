/**
 * Debug state at world switch: which register file the comparators use, which MDSCR_EL1 is in force, who traps, and
 * what becomes of PSTATE.SS. The hardware keeps what was loaded between two KVM_RUNs until somebody looks (`settle`):
 * putting and loading again unchanged state would be the identity.
 */
import { MDSCR } from '../abi/arm/debug-registers.ts';
import { PSTATE } from '../abi/arm/pstate.ts';
import { KVM_GUESTDBG } from '../abi/kvm/guest-debug.ts';
import type { DebugRegisterFile, VcpuHardware } from '../engine/hardware.ts';
import { type DebugVcpuState, osLocked } from './guest-debug.ts';
import type { KernelBehaviour } from './kernel-behaviour.ts';

const { SS, D } = PSTATE;
/** M[3:2], the Exception level. */
const EL = 0xc;
const { SS: STEP, KDE, MDE } = MDSCR;

/** What of the register files and MDSCR_EL1 goes into the hardware. */
interface InForce {
  readonly file: DebugRegisterFile | null;
  readonly mdscr: bigint;
  /** The guest's accesses to the debug registers are trapped. */
  readonly trapped: boolean;
}

export class WorldSwitch {
  readonly #hw: VcpuHardware;
  readonly #state: DebugVcpuState;
  readonly #ownerModel: boolean;
  #loaded = false;
  /** A trapped access has made the guest owner of the registers, until the next put. */
  #promoted = false;
  /** PSTATE.SS as the guest left it, while the host uses the bit. */
  #guestSs = 0;
  #file: DebugRegisterFile | null = null;
  #mdscr = -1n;
  #stale = true;

  constructor(hw: VcpuHardware, state: DebugVcpuState, kernel: KernelBehaviour) {
    this.#hw = hw;
    this.#state = state;
    this.#ownerModel = kernel.debugModel === 'owner';
  }

  get #stepping(): boolean {
    return (this.#state.control & KVM_GUESTDBG.KVM_GUESTDBG_SINGLESTEP) !== 0;
  }

  /** A register file was written from outside the guest: plant it anew at the next load. */
  invalidate(): void {
    this.#stale = true;
  }

  /** Before the guest runs. Does nothing while the state is still in place. */
  load(): void {
    if (this.#loaded) return;
    this.#apply();
    const pstate = this.#hw.pstateBits;
    if (this.#stepping) {
      this.#guestSs = pstate & SS;
      this.#hw.pstateBits = this.#state.hostStepPending ? pstate & ~SS : pstate | SS;
    } else if ((pstate & SS) !== 0 && !this.#guestStepActive(pstate)) {
      this.#hw.pstateBits = pstate & ~SS;
    }
    this.#loaded = true;
  }

  /**
   * Give registers and PSTATE back: everything that user space reads or changes is then in `DebugVcpuState` and the
   * hardware's PSTATE.
   */
  settle(): void {
    if (!this.#loaded) return;
    this.#loaded = false;
    this.#saveMdscr();
    this.#promoted = false;
    if (!this.#stepping) return;
    const pstate = this.#hw.pstateBits;
    if (this.#ownerModel) this.#state.hostStepPending = (pstate & SS) === 0;
    else if ((pstate & SS) === 0) this.#state.hostStepPending = true;
    this.#hw.pstateBits = (pstate & ~SS) | this.#guestSs;
  }

  /** PSTATE as user space sees it, without settling; unsigned. */
  pstateView(): number {
    const pstate = this.#hw.pstateBits;
    return this.#loaded && this.#stepping ? ((pstate & ~SS) | this.#guestSs) >>> 0 : pstate;
  }

  /** A step exception was taken: the step is reported, the next run steps again. */
  stepReported(): void {
    this.#state.hostStepPending = false;
    this.#hw.pstateBits |= SS;
  }

  /** The guest touched a trapped debug register: unless the host owns them, stop trapping until the next put. */
  promote(written: boolean): void {
    const free = this.#ownerModel ? !this.#hostOwns() : this.#state.control === 0 && written;
    if (!free && !written) return;
    this.#promoted ||= free;
    this.#stale = true;
    this.#apply();
  }

  #hostOwns(): boolean {
    return this.#state.control !== 0 || osLocked(this.#state);
  }

  /** ERET from EL2 sets PSTATE.SS only where software step is enabled. Arm ARM, DebugExceptionReturnSS. */
  #guestStepActive(pstate: number): boolean {
    const { mdscr } = this.#state;
    if ((mdscr & STEP) === 0n || this.#hostOwns()) return false;
    const el0 = (pstate & EL) === 0;
    return el0 || ((mdscr & KDE) !== 0n && (pstate & D) === 0);
  }

  #apply(): void {
    const force = this.#ownerModel ? this.#owner() : this.#legacy();
    const { controls } = this.#hw;
    controls.tde = this.#state.control !== 0;
    controls.tda = force.trapped;
    if (!this.#stale && force.file === this.#file && force.mdscr === this.#mdscr) return;
    this.#hw.loadDebug(force.file, force.mdscr);
    this.#file = force.file;
    this.#mdscr = force.mdscr;
    this.#stale = false;
  }

  /** 6.14 and later: host, guest or nobody owns the registers, for the whole of a KVM_RUN. */
  #owner(): InForce {
    const { control, external, guest, mdscr } = this.#state;
    if (this.#hostOwns()) {
      let force = mdscr & ~(STEP | MDE | KDE);
      if (this.#stepping) force |= STEP;
      if ((control & KVM_GUESTDBG.KVM_GUESTDBG_USE_HW) !== 0) force |= MDE | KDE;
      return { file: external, mdscr: force, trapped: true };
    }
    const guestOwns = this.#promoted || (mdscr & (KDE | MDE)) !== 0n;
    return { file: guestOwns ? guest : null, mdscr, trapped: !guestOwns };
  }

  /** 6.1 to 6.13: the guest's MDSCR_EL1 with SS replaced and MDE added; without USE_HW its own registers stay. */
  #legacy(): InForce {
    const { control, external, guest, mdscr } = this.#state;
    const useHw = (control & KVM_GUESTDBG.KVM_GUESTDBG_USE_HW) !== 0;
    const locked = osLocked(this.#state);
    let force = mdscr;
    if (control !== 0 || locked) {
      force = this.#stepping ? force | STEP : force & ~STEP;
      if (useHw) force |= MDE;
      else if (locked) force &= ~MDE;
    }
    const dirty = this.#promoted || (force & (KDE | MDE)) !== 0n;
    const file = useHw ? external : dirty ? guest : null;
    return { file, mdscr: force, trapped: useHw || locked || !dirty };
  }

  /** An untrapped guest writes MDSCR_EL1 in the hardware: take it back, without what the host added. */
  #saveMdscr(): void {
    const now = this.#hw.mdscr;
    if (now === this.#mdscr) return;
    const hosts = this.#mdscr ^ this.#state.mdscr;
    this.#state.mdscr = (now & ~hosts) | (this.#state.mdscr & hosts);
    this.#mdscr = now;
  }
}
