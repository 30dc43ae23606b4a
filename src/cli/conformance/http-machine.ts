/** The recorder's ioctls as HTTP requests: one VM of a running service. */
import { ApiError, type Client, type Exit, type Run, type Vm } from '../client.ts';
import type { Scenario } from './recording.ts';
import type { GuestDebugBlock, Machine, Returned, RunOptions, RunOutcome, Values } from './replay.ts';

/** kvm_run.exit_reason by name (include/uapi/linux/kvm.h). */
const EXIT_NUMBERS: Readonly<Record<string, number>> = {
  KVM_EXIT_UNKNOWN: 0,
  KVM_EXIT_DEBUG: 4,
  KVM_EXIT_MMIO: 6,
  KVM_EXIT_FAIL_ENTRY: 9,
  KVM_EXIT_INTR: 10,
  KVM_EXIT_INTERNAL_ERROR: 17,
  KVM_EXIT_SYSTEM_EVENT: 24,
  KVM_EXIT_ARM_NISV: 28,
};
const SYSTEM_EVENTS: Readonly<Record<string, number>> = {
  KVM_SYSTEM_EVENT_SHUTDOWN: 1,
  KVM_SYSTEM_EVENT_RESET: 2,
  KVM_SYSTEM_EVENT_CRASH: 3,
  KVM_SYSTEM_EVENT_WAKEUP: 4,
  KVM_SYSTEM_EVENT_SUSPEND: 5,
};

/** The machine of every scenario: one memory slot. */
const MEMORY = { base: '0x40000000', size: 0x40_0000 };

export interface Host {
  readonly profile: string;
  readonly kernel: string;
  readonly tier?: string;
}

/** A fresh VM with the scenario's code, memory and start values. Delete it with `close`. */
export async function createMachine(client: Client, scenario: Scenario, host: Host): Promise<HttpMachine> {
  const code = [scenario, ...scenario.extra_code].filter(({ words }) => words.length > 0);
  const vm = await client.post<Vm>('/v1/vms', {
    memory: MEMORY,
    ...host,
    vcpus: scenario.vcpus.map(({ features }) => ({ features })),
    load: [
      ...code.map(({ load_address, words }) => ({ address: load_address, words })),
      ...scenario.memory.map(({ address, hex }) => ({ address, hex })),
    ],
  });
  const machine = new HttpMachine(client, vm.id);
  for (const [vcpu, { regs }] of scenario.vcpus.entries()) await machine.setRegisters(vcpu, regs);
  return machine;
}

export class HttpMachine implements Machine {
  private readonly client: Client;
  private readonly path: string;
  private readonly id: string;

  constructor(client: Client, id: string) {
    this.client = client;
    this.id = id;
    this.path = `/v1/vms/${id}`;
  }

  close(): Promise<void> {
    return this.client.command('DELETE', this.path);
  }

  async setRegisters(vcpu: number, values: Readonly<Record<string, string>>): Promise<void> {
    await this.client.command('PATCH', `${this.path}/vcpus/${vcpu}/registers`, { json: values });
  }

  async checkExtension(cap: number): Promise<{ system: number; vm: number }> {
    const [system, vm] = await Promise.all([
      this.client.get<{ value: number }>(`/v1/capabilities/${cap}`),
      this.client.get<{ value: number }>(`/v1/capabilities/${cap}?vm=${this.id}`),
    ]);
    return { system: system.value, vm: vm.value };
  }

  setGuestDebug(vcpu: number, block: GuestDebugBlock): Promise<Returned> {
    const control = `0x${block.control.toString(16)}`;
    return returned(() =>
      this.client.command('PUT', `${this.path}/vcpus/${vcpu}/guest-debug`, { json: { ...block, control } }),
    );
  }

  /** HTTP has no pointers: an argument that is not there to be read stands for one that cannot be. */
  async setGuestDebugUnreadable(vcpu: number): Promise<Returned> {
    const path = `${this.path}/vcpus/${vcpu}/guest-debug`;
    const result = await refusal(() => this.client.command('PUT', path, { bytes: new Uint8Array(1) }));
    if (result === null) return { ret: 0 };
    if (result.problem.status === 400) return { ret: -1, errno: 'EFAULT' };
    throw result;
  }

  async getRegister(vcpu: number, name: string): Promise<Returned & { value?: bigint }> {
    let values: Values = new Map();
    const result = await returned(async () => {
      values = await this.getRegisters(vcpu, [name]);
    });
    const value = values.get(name);
    return value === undefined ? result : { ...result, value };
  }

  setRegister(vcpu: number, name: string, value: bigint): Promise<Returned> {
    return returned(() => this.setRegisters(vcpu, { [name]: `0x${value.toString(16)}` }));
  }

  async getRegisters(vcpu: number, names: readonly string[]): Promise<Values> {
    const answer = await this.client.get<Record<string, string>>(
      `${this.path}/vcpus/${vcpu}/registers?names=${names.join(',')}`,
    );
    return toValues(answer);
  }

  init(vcpu: number, features: readonly string[]): Promise<Returned> {
    return returned(() =>
      this.client.command('POST', `${this.path}/vcpus/${vcpu}/init`, { json: { features } }),
    );
  }

  irqLine(vcpu: number, line: 'irq' | 'fiq', level: boolean): Promise<Returned> {
    return returned(() =>
      this.client.command('PUT', `${this.path}/vcpus/${vcpu}/irq-line`, { json: { line, level } }),
    );
  }

  async readMemory(address: bigint, length: number): Promise<string> {
    const bytes = await this.client.bytes(
      `${this.path}/memory?address=0x${address.toString(16)}&length=${length}`,
    );
    return Buffer.from(bytes).toString('hex');
  }

  async writeMemory(address: bigint, hex: string): Promise<Returned> {
    const bytes = Buffer.from(hex, 'hex');
    await this.client.command('PUT', `${this.path}/memory?address=0x${address.toString(16)}`, { bytes });
    return { ret: 0 };
  }

  async run(vcpu: number, options: RunOptions): Promise<RunOutcome> {
    const run = await this.client.run(this.id, vcpu, {
      budget: { wallMilliseconds: options.timeoutMs },
      collect: [{ kind: 'registers', names: options.collect }],
      ...(options.immediateExit ? { immediateExit: true } : {}),
      ...(options.mmioData === undefined ? {} : { mmio: { data: `0x${options.mmioData.toString(16)}` } }),
    });
    const values = run.collected.find(({ kind }) => kind === 'registers')?.values;
    if (values === undefined) throw new Error(`run ${run.id} (${run.end?.reason}) collected no registers`);
    return outcomeOf(run, toValues(values));
  }
}

/** The recorder's timer signal is the wall-clock budget: KVM_RUN then fails with EINTR, which is an exit too. */
function outcomeOf({ id, exit, end }: Run, registers: Values): RunOutcome {
  if (exit === null || end === null || !KVM_RUN_ENDS.has(end.reason)) {
    throw new Error(
      `run ${id} ended without an exit: ${end?.reason}${end?.detail === undefined ? '' : `, ${end.detail}`}`,
    );
  }
  const { reason, errno } = exit;
  return { reason: reason === null ? null : named(reason), errno, ...exitUnion(exit), registers };
}

const KVM_RUN_ENDS: ReadonlySet<string> = new Set(['exit', 'error', 'budget-wall']);

function exitUnion({ debug, mmio, systemEvent }: Exit): Pick<RunOutcome, 'debug' | 'mmio' | 'systemEvent'> {
  return {
    ...(debug === undefined
      ? {}
      : {
          debug: {
            hsr: BigInt(debug.hsr),
            hsrHigh: BigInt(debug.hsrHigh),
            far: BigInt(debug.far),
            flags: BigInt(debug.flags),
          },
        }),
    ...(mmio === undefined
      ? {}
      : {
          mmio: {
            address: BigInt(mmio.physAddr),
            length: mmio.len,
            write: mmio.isWrite,
            data: BigInt(mmio.data),
          },
        }),
    ...(systemEvent === undefined ? {} : { systemEvent: SYSTEM_EVENTS[systemEvent.type] ?? -1 }),
  };
}

function named(name: string): { number: number; name: string } {
  return { number: EXIT_NUMBERS[name] ?? -1, name };
}

function toValues(values: Readonly<Record<string, string>>): Values {
  return new Map(Object.entries(values).map(([name, value]) => [name, BigInt(value)]));
}

/** The problem when the service refuses. */
async function refusal(call: () => Promise<unknown>): Promise<ApiError | null> {
  try {
    await call();
    return null;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

/** A refusal with an errno is the ioctl's return value; any other is no part of a recording. */
async function returned(call: () => Promise<unknown>): Promise<Returned> {
  const error = await refusal(call);
  if (error === null) return { ret: 0 };
  if (error.problem.errno === undefined) throw error;
  return { ret: -1, errno: error.problem.errno };
}
