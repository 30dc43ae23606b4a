/**
 * Performs a scenario's operations on a machine, one after the other, and writes down what happened in the format of
 * the recording. Knows nothing of HTTP: `Machine` is the ioctls that the recorder used.
 */
import type { Hex, Mmio, Op, Outcome, RecordedExit, RecordedResult, Scenario, Slots } from './recording.ts';

/** `ret` and `errno` of an ioctl. */
export type Returned = { readonly ret: 0 } | { readonly ret: -1; readonly errno: string };
export type Values = ReadonlyMap<string, bigint>;

/** How KVM_RUN came back. `reason` is null when kvm_run.exit_reason was not written. */
export interface RunOutcome {
  readonly reason: { readonly number: number; readonly name: string } | null;
  readonly errno: string | null;
  readonly debug?: {
    readonly hsr: bigint;
    readonly hsrHigh: bigint;
    readonly far: bigint;
    readonly flags: bigint;
  };
  readonly mmio?: {
    readonly address: bigint;
    readonly length: number;
    readonly write: boolean;
    readonly data: bigint;
  };
  readonly systemEvent?: number;
  /** pc, pstate and the registers that were asked for. */
  readonly registers: Values;
}

export interface GuestDebugBlock {
  readonly control: bigint;
  readonly bcr: Slots;
  readonly bvr: Slots;
  readonly wcr: Slots;
  readonly wvr: Slots;
}

/** One fresh VM with its memory, vcpus and start values in place. */
export interface Machine {
  checkExtension(cap: number): Promise<{ readonly system: number; readonly vm: number }>;
  setGuestDebug(vcpu: number, block: GuestDebugBlock): Promise<Returned>;
  /** KVM_SET_GUEST_DEBUG with an argument that cannot be read. */
  setGuestDebugUnreadable(vcpu: number): Promise<Returned>;
  getRegister(vcpu: number, name: string): Promise<Returned & { readonly value?: bigint }>;
  setRegister(vcpu: number, name: string, value: bigint): Promise<Returned>;
  getRegisters(vcpu: number, names: readonly string[]): Promise<Values>;
  init(vcpu: number, features: readonly string[]): Promise<Returned>;
  irqLine(vcpu: number, line: 'irq' | 'fiq', level: boolean): Promise<Returned>;
  readMemory(address: bigint, length: number): Promise<string>;
  writeMemory(address: bigint, hex: string): Promise<Returned>;
  run(vcpu: number, options: RunOptions): Promise<RunOutcome>;
}

export interface RunOptions {
  /** Registers to read at the stop. */
  readonly collect: readonly string[];
  /** After this long a signal ends the run: EINTR. */
  readonly timeoutMs: number;
  readonly immediateExit: boolean;
  readonly mmioData?: bigint;
}

/** A load or store here ends a `run` op early: the guests' way to say that they are done. */
const DONE_ADDRESS = 0x0900_0000n;
const DEFAULT_TIMEOUT_MS = 2000;
const EC_WATCHPOINT = 0x34n;
/** The registers whose changes a recording lists. */
const TRACKED = [...Array.from({ length: 31 }, (_, n) => `x${n}`), 'sp_el0', 'sp_el1'];
const U64 = (1n << 64n) - 1n;

/** What the machine did, in the order of the ops. Rejects when the machine cannot be driven at all. */
export async function replay(scenario: Scenario, machine: Machine): Promise<Outcome> {
  const session = new Replay(scenario, machine);
  for (const [index, op] of scenario.ops.entries()) await session.perform(index, op);
  return session;
}

class Replay implements Outcome {
  readonly exits: RecordedExit[] = [];
  readonly results: RecordedResult[] = [];
  private readonly machine: Machine;
  /** Per vcpu: the values that `regs_changed` compares with. */
  private readonly before: Map<string, bigint>[];
  private readonly mmioData: (bigint | undefined)[] = [];
  /** System registers that the recording lists after every exit. */
  private readonly sysregs: readonly string[];
  private timeoutMs = DEFAULT_TIMEOUT_MS;

  constructor(scenario: Scenario, machine: Machine) {
    this.machine = machine;
    this.sysregs = [...new Set(scenario.exits.flatMap((exit) => Object.keys(exit.sysregs)))];
    this.before = scenario.vcpus.map(
      ({ regs }) => new Map(TRACKED.map((name) => [name, BigInt(regs[name] ?? 0)])),
    );
  }

  async perform(index: number, op: Op): Promise<void> {
    const machine = this.machine;
    switch (op.op) {
      case 'set_guest_debug':
        return this.result(index, await machine.setGuestDebug(op.vcpu, block(op)));
      case 'set_guest_debug_badptr':
        return this.result(index, await machine.setGuestDebugUnreadable(op.vcpu));
      case 'run':
        return this.runs(index, op.vcpu, op.max);
      case 'run_immediate': {
        await this.run(index, op.vcpu, true);
        return;
      }
      case 'set_reg': {
        this.result(index, await machine.setRegister(op.vcpu, op.reg, BigInt(op.value)));
        this.before[op.vcpu] = new Map(await machine.getRegisters(op.vcpu, TRACKED));
        return;
      }
      case 'add_reg':
        return this.result(index, await this.addRegister(op.vcpu, op.reg, BigInt(op.delta)));
      case 'get_reg': {
        const { value, ...returned } = await machine.getRegister(op.vcpu, op.reg);
        return this.result(index, value === undefined ? returned : { ...returned, value: hex(value) });
      }
      case 'read_mem':
        return this.result(index, { hex: await machine.readMemory(BigInt(op.address), op.length) });
      case 'write_mem':
        return this.result(index, await machine.writeMemory(BigInt(op.address), op.hex));
      case 'mmio_data': {
        this.mmioData[op.vcpu] = BigInt(op.value);
        return this.result(index, { ret: 0 });
      }
      case 'irq_line':
        return this.result(
          index,
          await machine.irqLine(op.vcpu, op.line === 0 ? 'irq' : 'fiq', op.level !== 0),
        );
      case 'check_extension': {
        const { system, vm } = await machine.checkExtension(op.cap);
        return this.result(index, { system_fd: system, vm_fd: vm });
      }
      case 'vcpu_init':
        return this.result(index, await machine.init(op.vcpu, op.features));
      case 'timeout_ms': {
        this.timeoutMs = op.ms;
        return this.result(index, { ret: 0 });
      }
    }
  }

  private result(index: number, fields: Omit<RecordedResult, 'op_index'>): void {
    this.results.push({ op_index: index, ...fields });
  }

  private async addRegister(vcpu: number, name: string, delta: bigint): Promise<Returned> {
    const { value, ...returned } = await this.machine.getRegister(vcpu, name);
    return value === undefined ? returned : this.machine.setRegister(vcpu, name, (value + delta) & U64);
  }

  private async runs(index: number, vcpu: number, max: number): Promise<void> {
    for (let n = 0; n < max; n++) {
      const { errno, mmio, systemEvent } = await this.run(index, vcpu, false);
      if (errno !== null || systemEvent !== undefined || mmio?.address === DONE_ADDRESS) return;
    }
  }

  private async run(index: number, vcpu: number, immediateExit: boolean): Promise<RunOutcome> {
    const data = this.mmioData[vcpu];
    this.mmioData[vcpu] = undefined;
    const outcome = await this.machine.run(vcpu, {
      collect: ['pc', 'pstate', ...TRACKED, ...this.sysregs],
      timeoutMs: this.timeoutMs,
      immediateExit,
      ...(data === undefined ? {} : { mmioData: data }),
    });
    this.exits.push(recordedExit(index, outcome, this.changes(vcpu, outcome.registers), this.sysregs));
    return outcome;
  }

  private changes(vcpu: number, now: Values): Record<string, Hex> {
    const before = this.before[vcpu];
    const changed = TRACKED.filter((name) => now.get(name) !== before?.get(name));
    this.before[vcpu] = new Map(TRACKED.map((name) => [name, now.get(name) ?? 0n]));
    return Object.fromEntries(changed.map((name) => [name, hex(now.get(name) ?? 0n)]));
  }
}

function block(op: Extract<Op, { op: 'set_guest_debug' }>): GuestDebugBlock {
  return {
    control: BigInt(op.control),
    bcr: op.bcr ?? {},
    bvr: op.bvr ?? {},
    wcr: op.wcr ?? {},
    wvr: op.wvr ?? {},
  };
}

function recordedExit(
  index: number,
  run: RunOutcome,
  changed: Record<string, Hex>,
  sysregs: readonly string[],
): RecordedExit {
  const value = (name: string): Hex => hex(run.registers.get(name) ?? 0n);
  return {
    op_index: index,
    exit_reason: run.reason?.number ?? null,
    exit_name: run.reason?.name ?? '(none)',
    ret: run.errno === null ? 0 : -1,
    ...(run.errno === null ? {} : { errno: run.errno }),
    ...(run.debug === undefined ? {} : debugFields(run.debug)),
    ...(run.mmio === undefined ? {} : { mmio: mmioFields(run.mmio) }),
    ...(run.systemEvent === undefined ? {} : { system_event: run.systemEvent }),
    pc: value('pc'),
    pstate: value('pstate'),
    regs_changed: changed,
    sysregs: Object.fromEntries(sysregs.map((name) => [name, value(name)])),
  };
}

function debugFields({ hsr, hsrHigh, far, flags }: NonNullable<RunOutcome['debug']>): Partial<RecordedExit> {
  return {
    hsr: hex(hsr),
    hsr_high: hex(hsrHigh),
    flags: hex(flags),
    far: hsr >> 26n === EC_WATCHPOINT ? hex(far) : null,
  };
}

function mmioFields({ address, length, write, data }: NonNullable<RunOutcome['mmio']>): Mmio {
  return {
    phys_addr: hex(address),
    len: length,
    is_write: write ? 1 : 0,
    ...(write ? { data: hex(data) } : {}),
  };
}

const hex = (value: bigint): Hex => `0x${value.toString(16)}`;
