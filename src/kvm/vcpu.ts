/** One vcpu: the ioctls of its file descriptor as methods. */
import { isVcpuFeature, type VcpuFeature } from '../abi/kvm/vcpu-features.ts';
import { assert } from '../base/assert.ts';
import type { MachineHardware } from '../engine/hardware.ts';
import type { Translation, TranslationAccess } from '../engine/translation.ts';
import type { DebugResources, GuestDebug, MpState, RunResult, Vcpu } from './contract.ts';
import { KvmError } from './errors.ts';
import { psciVersionOf } from './firmware.ts';
import { guestDebugOf, setGuestDebug } from './guest-debug.ts';
import { getOneReg, regList, setOneReg } from './one-reg.ts';
import type { PsciVcpu } from './psci.ts';
import { applyPendingReset, resetGuest } from './reset.ts';
import { Runner } from './run.ts';
import { snapshotVcpu, type VcpuSnapshot } from './snapshot.ts';
import type { VcpuState } from './vcpu-state.ts';

/** Features that hosts of ours offer. */
const SUPPORTED: ReadonlySet<VcpuFeature> = new Set(['power_off', 'psci_0_2']);

/** The set of features as one comparable string, without `power_off`, which is per call. */
function checkFeatures(features: readonly string[]): string {
  for (const name of features) {
    if (!isVcpuFeature(name)) throw new KvmError('ENOENT', `there is no vcpu feature ${name}`);
    if (!SUPPORTED.has(name)) {
      throw new KvmError('EINVAL', `this host does not support the vcpu feature ${name}; leave it out`);
    }
  }
  return [...new Set(features)]
    .filter((name) => name !== 'power_off')
    .sort()
    .join();
}

export class KvmVcpu implements Vcpu, PsciVcpu {
  readonly index: number;
  readonly profile: string;
  readonly debugResources: DebugResources;
  readonly #state: VcpuState;
  readonly #machine: MachineHardware;
  readonly #runner: Runner;
  #features: string | null = null;

  constructor(machine: MachineHardware, index: number, profile: string, state: VcpuState) {
    this.index = index;
    this.profile = profile;
    this.#machine = machine;
    this.#state = state;
    const { breakpoints, watchpoints, contextAware } = state.hw.model;
    this.debugResources = { breakpoints, watchpoints, contextAware };
    this.#runner = new Runner(state, this, (pc) => this.#instructionAt(pc));
  }

  get initialized(): boolean {
    return this.#state.initialized;
  }
  get instructionCount(): number {
    return this.#runner.retired;
  }
  get inRun(): boolean {
    return this.#runner.inRun;
  }

  init(features: readonly string[]): void {
    const state = this.#state;
    const wanted = checkFeatures(features);
    if (this.#features !== null && this.#features !== wanted) {
      throw new KvmError('EINVAL', 'the features of a vcpu cannot change after its first KVM_ARM_VCPU_INIT');
    }
    if (state.kernel.featuresPerVm && (state.vm.features ?? wanted) !== wanted) {
      throw new KvmError('EINVAL', 'all vcpus of a VM have the same features; another one has others');
    }
    this.#features = wanted;
    state.vm.features ??= wanted;
    state.initialized = true;
    state.psci02 = wanted.split(',').includes('psci_0_2');
    this.#reset();
    state.mpState = features.includes('power_off') ? 'KVM_MP_STATE_STOPPED' : 'KVM_MP_STATE_RUNNABLE';
  }

  /** The guest's state is reset; what the host asked for with KVM_SET_GUEST_DEBUG stays. */
  #reset(): void {
    const state = this.#state;
    resetGuest(state);
    state.hw.controls.irq = false;
    state.hw.controls.fiq = false;
    state.pendingReset = null;
    this.#runner.abandon();
  }

  setGuestDebug(debug: GuestDebug): void {
    this.#state.worldSwitch.settle();
    setGuestDebug(this.#state.debug, debug);
    this.#state.worldSwitch.invalidate();
  }

  getGuestDebug(): GuestDebug {
    return guestDebugOf(this.#state.debug);
  }

  getOneReg(id: bigint): bigint {
    this.#needsInit('KVM_GET_ONE_REG');
    applyPendingReset(this.#state);
    return getOneReg(this.#state, id);
  }

  setOneReg(id: bigint, value: bigint): void {
    this.#needsInit('KVM_SET_ONE_REG');
    applyPendingReset(this.#state);
    setOneReg(this.#state, id, value);
  }

  regList(): readonly bigint[] {
    this.#needsInit('KVM_GET_REG_LIST');
    return regList(this.#state);
  }

  getMpState(): MpState {
    return this.#state.mpState;
  }

  setMpState(state: MpState): void {
    this.#state.mpState = state;
  }

  irqLine(line: 'irq' | 'fiq', level: boolean): void {
    if (this.#machine.devices !== null) {
      throw new KvmError(
        'ENXIO',
        'this VM has an interrupt controller, which drives IRQ and FIQ; KVM_IRQ_LINE of the CPU type is for VMs without',
      );
    }
    this.#state.hw.controls[line] = level;
  }

  run(budget: number, options?: { immediateExit?: boolean; mmioData?: bigint }): RunResult {
    this.#needsInit('KVM_RUN');
    return this.#runner.run(budget, options?.immediateExit ?? false, options?.mmioData ?? 0n);
  }

  interrupt(): RunResult {
    assert(this.#runner.inRun, 'interrupt needs a vcpu that is in KVM_RUN');
    return this.#runner.interrupt();
  }

  translate(address: bigint, access: TranslationAccess): Translation {
    return this.#machine.translate(this.index, address, access);
  }

  snapshot(): VcpuSnapshot {
    assert(!this.#runner.inRun, 'a snapshot needs a vcpu outside KVM_RUN');
    return snapshotVcpu(this.#state, this.#runner.retired);
  }

  get mpidr(): bigint {
    return this.#state.mpidr;
  }
  get psciVersion(): number {
    return psciVersionOf(this.#state);
  }
  get vendorHypFeatures(): bigint {
    return this.#state.vm.firmware.bitmaps.vendor_hyp_bmap;
  }
  get systemSuspend(): boolean {
    return this.#state.vm.systemSuspend;
  }
  get poweredOff(): boolean {
    return this.#state.mpState === 'KVM_MP_STATE_STOPPED';
  }
  powerOn(entry: bigint, context: bigint): void {
    this.#state.pendingReset = { entry, context };
    this.#state.mpState = 'KVM_MP_STATE_RUNNABLE';
  }
  powerOff(): void {
    this.#state.mpState = 'KVM_MP_STATE_STOPPED';
  }

  #needsInit(call: string): void {
    if (this.#state.initialized) return;
    throw new KvmError('ENOEXEC', `${call} needs KVM_ARM_VCPU_INIT first; initialise vcpu ${this.index}`);
  }

  /** The word at an address as the vcpu would fetch it; undefined where it would fault. */
  #instructionAt(pc: bigint): number | undefined {
    if ((pc & 3n) !== 0n) return undefined;
    const physical = this.#machine.physicalAddress(this.index, pc);
    if (physical === null) return undefined;
    const bytes = this.#machine.readPhysical(physical, 4);
    if (bytes === null) return undefined;
    return (bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)) >>> 0;
  }
}
