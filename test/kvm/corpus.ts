/** A recorded scenario's machine, in process: the recorder's ioctls as calls of the KVM floor, without the service. */
import { oneRegByName } from '../../src/abi/kvm/one-reg.ts';
import { EXIT_REASON, SYSTEM_EVENT, type KvmExit } from '../../src/abi/kvm/exits.ts';
import type { Scenario, Slots } from '../../src/cli/conformance/recording.ts';
import type {
  GuestDebugBlock,
  Machine,
  Returned,
  RunOptions,
  RunOutcome,
  Values,
} from '../../src/cli/conformance/replay.ts';
import { checkHostExtension } from '../../src/kvm/capabilities.ts';
import type { Tier } from '../../src/engine/hardware.ts';
import type { Profile, RunResult, Vcpu, Vm } from '../../src/kvm/contract.ts';
import { KvmError } from '../../src/kvm/errors.ts';
import { createVm } from '../../src/kvm/vm.ts';

const MEMORY = { base: 0x4000_0000, size: 0x40_0000 };
/** Instructions that stand for the recorder's two seconds. */
const PATIENCE = 3_000_000;
const SLICE = 1_000_000;

/** A fresh VM with the scenario's code, memory, features and start values. */
export function machineOf(scenario: Scenario, profile: Profile, tier: Tier = 'auto'): InProcessMachine {
  const vm = createVm({
    memory: MEMORY,
    vcpus: scenario.vcpus.map(({ features }) => ({ profile, features })),
    debugResources: 'lowest-common-denominator',
    tier,
  });
  for (const { load_address, words } of [scenario, ...scenario.extra_code]) {
    const bytes = words.map((word) => Buffer.from(word, 'hex').reverse());
    if (words.length > 0) vm.hardware.writePhysical(Number(load_address), Buffer.concat(bytes));
  }
  for (const { address, hex } of scenario.memory) {
    vm.hardware.writePhysical(Number(address), Buffer.from(hex, 'hex'));
  }
  const machine = new InProcessMachine(vm, profile);
  for (const [index, { features, regs }] of scenario.vcpus.entries()) {
    vm.vcpus[index]!.init(features);
    for (const [name, value] of Object.entries(regs)) machine.write(index, name, BigInt(value));
  }
  return machine;
}

function returned(call: () => void): Returned {
  try {
    call();
    return { ret: 0 };
  } catch (error) {
    if (error instanceof KvmError) return { ret: -1, errno: error.errno };
    throw error;
  }
}

function idOf(name: string): bigint {
  const register = oneRegByName(name);
  if (register === undefined) throw new Error(`no register ${name}`);
  return register.id;
}

function slots(given: Slots): bigint[] {
  return Array.from({ length: 16 }, (_, n) => BigInt(given[String(n)] ?? 0));
}

export class InProcessMachine implements Machine {
  readonly vm: Vm;
  readonly #profile: Profile;

  constructor(vm: Vm, profile: Profile) {
    this.vm = vm;
    this.#profile = profile;
  }

  #vcpu(index: number): Vcpu {
    return this.vm.vcpus[index]!;
  }

  write(vcpu: number, name: string, value: bigint): void {
    this.#vcpu(vcpu).setOneReg(idOf(name), value);
  }

  async checkExtension(cap: number): Promise<{ system: number; vm: number }> {
    return { system: checkHostExtension(cap, this.#profile), vm: this.vm.checkExtension(cap) };
  }

  async setGuestDebug(vcpu: number, block: GuestDebugBlock): Promise<Returned> {
    const { control, bcr, bvr, wcr, wvr } = block;
    return returned(() =>
      this.#vcpu(vcpu).setGuestDebug({
        control: Number(control),
        bcr: slots(bcr),
        bvr: slots(bvr),
        wcr: slots(wcr),
        wvr: slots(wvr),
      }),
    );
  }

  /** There are no pointers here; what the kernel answers to one is its own. */
  async setGuestDebugUnreadable(): Promise<Returned> {
    return { ret: -1, errno: 'EFAULT' };
  }

  async getRegister(vcpu: number, name: string): Promise<Returned & { value?: bigint }> {
    let value = 0n;
    const result = returned(() => {
      value = this.#vcpu(vcpu).getOneReg(idOf(name));
    });
    return result.ret === 0 ? { ...result, value } : result;
  }

  async setRegister(vcpu: number, name: string, value: bigint): Promise<Returned> {
    return returned(() => this.write(vcpu, name, value));
  }

  async getRegisters(vcpu: number, names: readonly string[]): Promise<Values> {
    return new Map(names.map((name) => [name, this.#vcpu(vcpu).getOneReg(idOf(name))]));
  }

  async init(vcpu: number, features: readonly string[]): Promise<Returned> {
    return returned(() => this.#vcpu(vcpu).init(features));
  }

  async irqLine(vcpu: number, line: 'irq' | 'fiq', level: boolean): Promise<Returned> {
    return returned(() => this.#vcpu(vcpu).irqLine(line, level));
  }

  async readMemory(address: bigint, length: number): Promise<string> {
    return Buffer.from(this.vm.hardware.readPhysical(Number(address), length) ?? []).toString('hex');
  }

  async writeMemory(address: bigint, hex: string): Promise<Returned> {
    return this.vm.hardware.writePhysical(Number(address), Buffer.from(hex, 'hex'))
      ? { ret: 0 }
      : { ret: -1, errno: 'EFAULT' };
  }

  async run(vcpu: number, options: RunOptions): Promise<RunOutcome> {
    const result = runToEnd(this.#vcpu(vcpu), options);
    const exit = result.exit;
    return {
      reason: exit === null ? null : { number: EXIT_REASON[exit.reason], name: exit.reason },
      errno: result.kind === 'error' ? result.errno : null,
      ...(exit === null ? {} : fieldsOf(exit)),
      registers: await this.getRegisters(vcpu, options.collect),
    };
  }
}

type Ended = Extract<RunResult, { kind: 'exit' | 'error' }>;

/** KVM_RUN until it returns; a blocked or very long one is interrupted, as the recorder's timer does. */
export function runToEnd(vcpu: Vcpu, options: { immediateExit: boolean; mmioData?: bigint }): Ended {
  let result = vcpu.run(SLICE, options);
  for (let spent = SLICE; result.kind === 'preempted' && spent < PATIENCE; spent += SLICE) {
    result = vcpu.run(SLICE);
  }
  if (result.kind === 'preempted' || result.kind === 'blocked') result = vcpu.interrupt();
  if (result.kind === 'exit' || result.kind === 'error') return result;
  throw new Error(`interrupt left KVM_RUN ${result.kind}`);
}

function fieldsOf(exit: KvmExit): Pick<RunOutcome, 'debug' | 'mmio' | 'systemEvent'> {
  switch (exit.reason) {
    case 'KVM_EXIT_DEBUG': {
      const { hsr, hsrHigh, far, flags } = exit.debug;
      return { debug: { hsr: BigInt(hsr), hsrHigh: BigInt(hsrHigh), far, flags: BigInt(flags) } };
    }
    case 'KVM_EXIT_MMIO': {
      const { physAddr, len, isWrite, data } = exit.mmio;
      return { mmio: { address: physAddr, length: len, write: isWrite, data } };
    }
    case 'KVM_EXIT_SYSTEM_EVENT':
      return { systemEvent: SYSTEM_EVENT[exit.systemEvent.type] };
    default:
      return {};
  }
}
