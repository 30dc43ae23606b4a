/**
 * KVM_SET_GUEST_DEBUG and the state that it keeps per vcpu: the two register files between which world switch
 * chooses, and what the guest believes its own debug registers to be.
 */
import { OSLSR } from '../abi/arm/debug-registers.ts';
import { KVM_ARM_MAX_DBG_REGS, KVM_GUESTDBG, KVM_GUESTDBG_VALID_MASK } from '../abi/kvm/guest-debug.ts';
import type { DebugRegisterFile } from '../engine/hardware.ts';
import type { GuestDebug } from './contract.ts';
import { KvmError } from './errors.ts';

/** Debug state of one vcpu, as `struct kvm_vcpu_arch` has it. */
export interface DebugVcpuState {
  /** The control word in force, 0 when the host does not debug. */
  control: number;
  /** `external_debug_state`: what the host last passed with USE_HW. */
  readonly external: DebugRegisterFile;
  /** `vcpu_debug_state`: the guest's own registers, what ONE_REG and a trapped guest access see. */
  readonly guest: DebugRegisterFile;
  /** The guest's MDSCR_EL1, never the one in force for the host's sake. */
  mdscr: bigint;
  oslsr: bigint;
  mdccint: bigint;
  /** HOST_SS_ACTIVE_PENDING: a host step has finished whose exception was not reported yet. */
  hostStepPending: boolean;
}

function registerFile(): DebugRegisterFile {
  const array = (): BigUint64Array => new BigUint64Array(KVM_ARM_MAX_DBG_REGS);
  return { bcr: array(), bvr: array(), wcr: array(), wvr: array() };
}

export function createDebugState(): DebugVcpuState {
  return {
    control: 0,
    external: registerFile(),
    guest: registerFile(),
    mdscr: 0n,
    oslsr: OSLSR.OSLM,
    mdccint: 0n,
    hostStepPending: false,
  };
}

/** Vcpu reset: the guest's side is cleared, the host's stays. The OS Lock resets unlocked under KVM. */
export function resetGuestSide(state: DebugVcpuState): void {
  for (const array of Object.values(state.guest) as BigUint64Array[]) array.fill(0n);
  state.mdscr = 0n;
  state.mdccint = 0n;
  state.oslsr = OSLSR.OSLM;
}

export function osLocked(state: DebugVcpuState): boolean {
  return (state.oslsr & OSLSR.OSLK) !== 0n;
}

/**
 * Apply the ioctl. Without ENABLE everything is off and the registers are ignored; with it the control word replaces
 * the old one, and USE_HW replaces all 64 registers. Register contents are never checked.
 * @throws KvmError EINVAL for bits outside the mask; nothing has changed then.
 */
export function setGuestDebug(state: DebugVcpuState, debug: GuestDebug): void {
  const control = debug.control >>> 0;
  if ((control & ~KVM_GUESTDBG_VALID_MASK) !== 0) {
    const unknown = ((control & ~KVM_GUESTDBG_VALID_MASK) >>> 0).toString(16);
    throw new KvmError(
      'EINVAL',
      `control has bits that arm64 does not know: 0x${unknown}; use KVM_GUESTDBG_ENABLE, _SINGLESTEP, _USE_SW_BP, _USE_HW only`,
    );
  }
  if ((control & KVM_GUESTDBG.KVM_GUESTDBG_ENABLE) === 0) {
    state.control = 0;
    state.hostStepPending = false;
    return;
  }
  state.control = control;
  if ((control & KVM_GUESTDBG.KVM_GUESTDBG_USE_HW) === 0) return;
  copyFile(state.external, debug);
}

function copyFile(file: DebugRegisterFile, debug: GuestDebug): void {
  for (let n = 0; n < KVM_ARM_MAX_DBG_REGS; n++) {
    file.bcr[n] = debug.bcr[n] ?? 0n;
    file.bvr[n] = debug.bvr[n] ?? 0n;
    file.wcr[n] = debug.wcr[n] ?? 0n;
    file.wvr[n] = debug.wvr[n] ?? 0n;
  }
}

/** What the host set, as a value of its own. */
export function guestDebugOf(state: DebugVcpuState): GuestDebug {
  const { bcr, bvr, wcr, wvr } = state.external;
  return { control: state.control, bcr: [...bcr], bvr: [...bvr], wcr: [...wcr], wvr: [...wvr] };
}
