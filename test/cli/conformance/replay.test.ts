import { describe, expect, it } from 'vitest';
import { firstDifference } from '../../../src/cli/conformance/compare.ts';
import { parseCorpus } from '../../../src/cli/conformance/parse.ts';
import type { Outcome, Scenario } from '../../../src/cli/conformance/recording.ts';
import {
  type Machine,
  type RunOptions,
  type RunOutcome,
  replay,
} from '../../../src/cli/conformance/replay.ts';
import { scenarioJson } from './scenario.ts';

/** A machine that answers each KVM_RUN from a list and keeps what it was asked. */
class ScriptedMachine implements Machine {
  readonly calls: unknown[][] = [];
  readonly registers = new Map<string, bigint>([
    ['pc', 0x4000_0000n],
    ['pstate', 0x3c5n],
    ['x0', 7n],
    ['mdscr_el1', 0n],
  ]);
  private readonly runs: Partial<RunOutcome & { set: Record<string, bigint> }>[];
  constructor(runs: Partial<RunOutcome & { set: Record<string, bigint> }>[]) {
    this.runs = runs;
  }
  async checkExtension() {
    return { system: 6, vm: 6 };
  }
  async setGuestDebug(...args: unknown[]) {
    this.calls.push(['setGuestDebug', ...args]);
    return { ret: 0 } as const;
  }
  async setGuestDebugUnreadable() {
    return { ret: -1, errno: 'EFAULT' } as const;
  }
  async getRegister(_vcpu: number, name: string) {
    const value = this.registers.get(name);
    return value === undefined ? ({ ret: -1, errno: 'ENOENT' } as const) : ({ ret: 0, value } as const);
  }
  async setRegister(_vcpu: number, name: string, value: bigint) {
    this.registers.set(name, value);
    return { ret: 0 } as const;
  }
  async getRegisters(_vcpu: number, names: readonly string[]) {
    return new Map(names.map((name) => [name, this.registers.get(name) ?? 0n]));
  }
  async init() {
    return { ret: 0 } as const;
  }
  async irqLine() {
    return { ret: 0 } as const;
  }
  async readMemory() {
    return '1122';
  }
  async writeMemory() {
    return { ret: 0 } as const;
  }
  async run(vcpu: number, options: RunOptions): Promise<RunOutcome> {
    this.calls.push(['run', vcpu, options.timeoutMs, options.mmioData, options.immediateExit]);
    const { set = {}, ...outcome } = this.runs.shift() ?? {};
    for (const [name, value] of Object.entries(set)) this.registers.set(name, value);
    const registers = await this.getRegisters(vcpu, options.collect);
    return { reason: null, errno: null, ...outcome, registers };
  }
}

const debug = { hsr: 0xc200_0022n, hsrHigh: 0n, far: 0xdeadn, flags: 1n };
const debugExit = { reason: { number: 4, name: 'KVM_EXIT_DEBUG' }, debug };
const done = {
  reason: { number: 6, name: 'KVM_EXIT_MMIO' },
  mmio: { address: 0x0900_0000n, length: 8, write: true, data: 0xd0en },
};
const interrupted = { reason: { number: 10, name: 'KVM_EXIT_INTR' }, errno: 'EINTR' };
const asRecorded = [
  { ...debugExit, set: { pc: 0x4000_0004n } },
  { ...done, set: { pc: 0x4000_0008n, x0: 8n } },
];

function parse(changes: Record<string, unknown> = {}): Scenario {
  return parseCorpus(JSON.stringify([scenarioJson(changes)]))[0]!;
}
async function play(scenario: Scenario, machine: ScriptedMachine): Promise<Outcome> {
  return replay(scenario, machine);
}
const differ = (scenario: Scenario, got: Outcome) =>
  firstDifference(
    scenario,
    got,
    scenario.ops.map(({ op }) => op),
  );

describe('a replay', () => {
  it('of a machine that does as recorded has no difference', async () => {
    const scenario = parse();
    expect(differ(scenario, await play(scenario, new ScriptedMachine([...asRecorded])))).toBeNull();
  });

  it('ends a run op at the done address, at an error, and after max', async () => {
    const runs = async (max: number, ...list: object[]) => {
      const outcome = await play(
        parse({ ops: [{ op: 'run', vcpu: 0, max }], exits: [], results: [] }),
        new ScriptedMachine(list),
      );
      return outcome.exits.map((exit) => exit.exit_name);
    };
    expect(await runs(5, debugExit, done, debugExit)).toEqual(['KVM_EXIT_DEBUG', 'KVM_EXIT_MMIO']);
    expect(await runs(2, debugExit, debugExit, debugExit)).toHaveLength(2);
    expect(await runs(5, interrupted, debugExit)).toEqual(['KVM_EXIT_INTR']);
    const elsewhere = { ...done, mmio: { ...done.mmio, address: 0x0900_0008n } };
    expect(await runs(5, elsewhere, done)).toHaveLength(2);
    expect(
      await runs(5, { reason: { number: 24, name: 'KVM_EXIT_SYSTEM_EVENT' }, systemEvent: 1 }, done),
    ).toHaveLength(1);
  });

  it('gives timeout and MMIO data to the run that they are for', async () => {
    const ops = [
      { op: 'timeout_ms', ms: 150 },
      { op: 'mmio_data', vcpu: 0, value: '0x77' },
      { op: 'run', vcpu: 0, max: 1 },
      { op: 'run_immediate', vcpu: 0 },
    ];
    const machine = new ScriptedMachine([debugExit, { errno: 'EINTR' }]);
    const outcome = await play(parse({ ops, exits: [], results: [] }), machine);
    expect(machine.calls).toEqual([
      ['run', 0, 150, 0x77n, false],
      ['run', 0, 150, undefined, true],
    ]);
    expect(outcome.exits[1]).toMatchObject({
      exit_reason: null,
      exit_name: '(none)',
      ret: -1,
      errno: 'EINTR',
    });
    expect(outcome.results).toEqual([
      { op_index: 0, ret: 0 },
      { op_index: 1, ret: 0 },
    ]);
  });

  it('lists changed registers against the exit or set_reg before', async () => {
    const ops = [
      { op: 'run', vcpu: 0, max: 1 },
      { op: 'set_reg', vcpu: 0, reg: 'x3', value: '0x9' },
      { op: 'run', vcpu: 0, max: 1 },
    ];
    const machine = new ScriptedMachine([
      { ...debugExit, set: { x0: 9n } },
      { ...debugExit, set: { x1: 1n } },
    ]);
    const outcome = await play(parse({ ops, exits: [], results: [] }), machine);
    expect(outcome.exits.map((exit) => exit.regs_changed)).toEqual([{ x0: '0x9' }, { x1: '0x1' }]);
  });

  it('reports FAR for watchpoints only', async () => {
    const watch = { ...debugExit, debug: { ...debug, hsr: 0xd200_0022n } };
    const scenario = parse({ ops: [{ op: 'run', vcpu: 0, max: 2 }], exits: [], results: [] });
    const outcome = await play(scenario, new ScriptedMachine([debugExit, watch]));
    expect(outcome.exits.map((exit) => exit.far)).toEqual([null, '0xdead']);
  });

  it('hands errno of a refused ioctl on', async () => {
    const ops = [
      { op: 'set_guest_debug_badptr', vcpu: 0 },
      { op: 'get_reg', vcpu: 0, reg: 'nonesuch' },
      { op: 'add_reg', vcpu: 0, reg: 'nonesuch', delta: '0x4' },
    ];
    const outcome = await play(parse({ ops, exits: [], results: [] }), new ScriptedMachine([]));
    expect(outcome.results).toEqual([
      { op_index: 0, ret: -1, errno: 'EFAULT' },
      { op_index: 1, ret: -1, errno: 'ENOENT' },
      { op_index: 2, ret: -1, errno: 'ENOENT' },
    ]);
  });
});

describe('the first difference', () => {
  const vary = async (...runs: object[]) => {
    const scenario = parse();
    return differ(scenario, await play(scenario, new ScriptedMachine(runs)));
  };
  it.each([
    ['hsr', { ...asRecorded[0], debug: { ...debug, hsr: 0xca00_0022n } }, '0xc2000022', '0xca000022'],
    ['hsr_high', { ...asRecorded[0], debug: { ...debug, hsrHigh: 1n } }, '0x0', '0x1'],
    ['flags', { ...asRecorded[0], debug: { ...debug, flags: 0n } }, '0x1', '0x0'],
    ['pc', { ...debugExit, set: { pc: 0x4000_0000n } }, '0x40000004', '0x40000000'],
    ['pstate', { ...debugExit, set: { pc: 0x4000_0004n, pstate: 0x2003c5n } }, '0x3c5', '0x2003c5'],
    ['regs_changed.x5', { ...debugExit, set: { pc: 0x4000_0004n, x5: 1n } }, '(none)', '0x1'],
    ['sysregs.mdscr_el1', { ...debugExit, set: { pc: 0x4000_0004n, mdscr_el1: 1n } }, '0x0', '0x1'],
    ['exit_name', { ...done, set: { pc: 0x4000_0004n } }, 'KVM_EXIT_DEBUG', 'KVM_EXIT_MMIO'],
  ])('finds %s', async (field, first, expected, got) => {
    expect(await vary(first, asRecorded[1]!)).toEqual({ where: 'op 1 run, exit 0', field, expected, got });
  });
  it('finds far and errno', () => {
    const scenario = parse();
    const withExit = (changes: object): Outcome => ({
      exits: scenario.exits.map((exit, n) => (n === 0 ? { ...exit, ...changes } : exit)),
      results: scenario.results,
    });
    expect(differ(scenario, withExit({ far: '0x40100000' }))).toMatchObject({
      field: 'far',
      expected: '(none)',
      got: '0x40100000',
    });
    expect(differ(scenario, withExit({ errno: 'EINTR' }))).toMatchObject({ field: 'errno', got: 'EINTR' });
  });
  it('finds a missing exit and a wrong result', async () => {
    expect(await vary(asRecorded[0]!, { ...asRecorded[1], errno: 'EFAULT' })).toMatchObject({
      where: 'op 1 run, exit 1',
      field: 'ret',
    });
    const scenario = parse();
    const got: Outcome = { exits: scenario.exits.slice(0, 1), results: scenario.results };
    expect(differ(scenario, got)).toEqual({
      where: 'op 1 run, exit 1',
      field: 'count',
      expected: 'KVM_EXIT_MMIO',
      got: 'no KVM_RUN',
    });
    const results = [{ op_index: 0, ret: -1, errno: 'EINVAL' }, ...scenario.results.slice(1)];
    expect(differ(scenario, { ...scenario, results })).toEqual({
      where: 'op 0 set_guest_debug',
      field: 'ret',
      expected: '0',
      got: '-1',
    });
  });
});
