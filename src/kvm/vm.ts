/** A VM: hosts that its vcpus run on, memory, and the policy that says how many debug slots it reports. */
import { KVM_CAP } from '../abi/kvm/capabilities.ts';
import type { SysregKey } from '../abi/arm/sysreg-key.ts';
import type { StateTree } from '../base/state-tree.ts';
import type { BoardDevices, MachineHardware, PeModel } from '../engine/hardware.ts';
import { createMachine } from '../engine/machine.ts';
import { FLASH } from './boot.ts';
import { checkExtension } from './capabilities.ts';
import type {
  DebugResources,
  KernelGeneration,
  Profile,
  Vcpu,
  Vm,
  VmConfig,
  VmConsole,
  VmPorts,
} from './contract.ts';
import { KvmError } from './errors.ts';
import { createFirmwareState } from './firmware.ts';
import { createDebugState } from './guest-debug.ts';
import { irqLine } from './irq-line.ts';
import { KERNEL_BEHAVIOUR, KERNEL_GENERATIONS } from './kernel-behaviour.ts';
import { idRegisterKey, mpidrOf } from './one-reg.ts';
import { withDebugResources, withGic } from './profiles.ts';
import { createConsole, Semihosting } from './semihosting.ts';
import { snapshotVm } from './snapshot.ts';
import { KvmVcpu } from './vcpu.ts';
import type { VcpuState, VmState } from './vcpu-state.ts';
import { WorldSwitch } from './world-switch.ts';

/** The smallest count of each kind: what every vcpu can do. */
function lowestCommonDenominator(profiles: readonly Profile[]): DebugResources {
  const least = (count: (profile: Profile) => number): number => Math.min(...profiles.map(count));
  return {
    breakpoints: least((profile) => profile.breakpoints),
    watchpoints: least((profile) => profile.watchpoints),
    contextAware: least((profile) => profile.contextAware),
  };
}

function peModel(profile: Profile, resources: DebugResources, board: VmConfig['board']): PeModel {
  const named = Object.entries(withGic(withDebugResources(profile.idRegisters, resources), board));
  return {
    ...resources,
    idRegisters: new Map<SysregKey, bigint>(named.map(([name, value]) => [idRegisterKey(name), value])),
    features: new Set(profile.features),
  };
}

/** Bytes of console output and input that wait; a host that runs slices drains far more often. */
const CONSOLE = { output: 1 << 20, input: 1 << 16 } as const;

function boardDevices({ board, vcpus }: VmConfig): BoardDevices | undefined {
  if (board === undefined) return undefined;
  const { gic, epoch = 0, disks = [], entropySeed } = board;
  const mpidrs = vcpus.map((_, index) => mpidrOf(index));
  return { gic, mpidrs, console: CONSOLE, epoch, disks, entropySeed };
}

class KvmVm implements Vm {
  readonly vcpus: readonly Vcpu[];
  readonly hardware: MachineHardware;
  readonly console: VmConsole | null;
  readonly debugResources: VmConfig['debugResources'];
  readonly #kernel: KernelGeneration;
  readonly #state: VmState;
  readonly #typed: readonly number[];

  constructor(config: VmConfig, hardware: MachineHardware, { files = null }: VmPorts) {
    const { semihosting, board } = config;
    const console =
      semihosting === undefined && board === undefined ? null : createConsole(hardware.devices, CONSOLE);
    this.hardware = hardware;
    this.console = console;
    this.#typed = console?.typed ?? [];
    this.debugResources = config.debugResources;
    const psci: KvmVcpu[] = [];
    this.#state = {
      psci,
      hasRun: false,
      nisvToUser: false,
      systemSuspend: false,
      semihosting:
        semihosting === undefined || console === null
          ? null
          : new Semihosting(hardware, { ...semihosting, console: console.guest, files }),
      firmware: createFirmwareState(),
      features: null,
    };
    for (const [index, { profile }] of config.vcpus.entries()) psci.push(this.#vcpu(index, profile));
    this.vcpus = psci;
    this.#kernel = oldestKernel(config);
  }

  #vcpu(index: number, profile: Profile): KvmVcpu {
    const hw = this.hardware.vcpus[index]!;
    const kernel = KERNEL_BEHAVIOUR[profile.kernel];
    const debug = createDebugState();
    const traps = { tdosa: true, tid3: true, tlor: true, terr: true, tsc: true, twi: true };
    Object.assign(hw.controls, traps);
    hw.controls.semihosting = this.#state.semihosting !== null;
    const state: VcpuState = {
      hw,
      kernel,
      vm: this.#state,
      debug,
      worldSwitch: new WorldSwitch(hw, debug, kernel),
      idRegisters: new Map(hw.model.idRegisters),
      mpidr: mpidrOf(index),
      initialized: false,
      mpState: 'KVM_MP_STATE_RUNNABLE',
      psci02: false,
      pendingMmio: null,
      pendingReset: null,
      incrementPc: false,
    };
    return new KvmVcpu(this.hardware, index, profile.name, state);
  }

  checkExtension(cap: number): number {
    const first = this.vcpus[0]!;
    return checkExtension(
      cap,
      this.#kernel,
      first.debugResources,
      this.hardware.vcpus[first.index]!.model.features,
    );
  }

  snapshot(): StateTree {
    return { ...snapshotVm(this.#state), typed: this.#typed };
  }

  irqLine(irq: number, level: boolean): void {
    irqLine(this.vcpus, this.hardware.devices, irq, level);
  }

  enableCap(cap: number): void {
    if (cap === KVM_CAP.KVM_CAP_ARM_NISV_TO_USER) this.#state.nisvToUser = true;
    else if (cap === KVM_CAP.KVM_CAP_ARM_SYSTEM_SUSPEND) this.#state.systemSuspend = true;
    else throw new KvmError('EINVAL', `capability ${cap} cannot be enabled on this VM`);
  }
}

/** A machine runs one kernel; where profiles name several, the oldest one's capabilities are promised. */
function oldestKernel(config: VmConfig): KernelGeneration {
  const ages = config.vcpus.map(({ profile }) => KERNEL_GENERATIONS.indexOf(profile.kernel));
  return KERNEL_GENERATIONS[Math.min(...ages)]!;
}

/**
 * KVM_CREATE_VM, KVM_SET_USER_MEMORY_REGION and KVM_CREATE_VCPU. The vcpus are not initialised.
 * @throws KvmError EINVAL without vcpus.
 */
export function createVm(config: VmConfig, ports: VmPorts = {}): Vm {
  if (config.vcpus.length === 0) throw new KvmError('EINVAL', 'a VM needs at least one vcpu');
  const profiles = config.vcpus.map(({ profile }) => profile);
  const shared = lowestCommonDenominator(profiles);
  const models = profiles.map((profile) =>
    peModel(profile, config.debugResources === 'lowest-common-denominator' ? shared : profile, config.board),
  );
  const { base, size } = config.memory;
  const devices = boardDevices(config);
  const machine = createMachine({
    ramBase: base,
    ramSize: size,
    models,
    tier: config.tier ?? 'auto',
    ...(config.board?.firmware === true && { rom: FLASH }),
    ...(devices !== undefined && { devices }),
  });
  return new KvmVm(config, machine, ports);
}
