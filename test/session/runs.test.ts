import { afterEach, describe, expect, it } from 'vitest';
import type { ExitBody } from '../../src/session/exit-json.ts';
import { exitBody } from '../../src/session/stored-body.ts';
import type { Service } from '../../src/session/service.ts';
import type { ExitRecord, RunSpec, RunView } from '../../src/session/types.ts';
import { type Bench, bench, PROGRAM, RAM_BASE, runSpec, runToEnd, timeline, vmSpec } from './support.ts';

let open: Bench[] = [];
afterEach(async () => {
  await Promise.all(open.map(({ service }) => service.close()));
  open = [];
});

async function start(options?: Parameters<typeof bench>[0]): Promise<Bench> {
  const made = await bench(options);
  open.push(made);
  return made;
}

function bodyOf(exit: ExitRecord | null): ExitBody {
  return exitBody(exit!);
}

async function register(service: Service, vm: string, name: string, vcpu = 0): Promise<bigint> {
  return (await service.registers({ vm, vcpu }, [name])).value[name]!;
}

describe('unhandled MMIO of several vcpus', () => {
  it('gets the answer that was given to its own exit, whichever vcpu has the next turn', async () => {
    const { service } = await start();
    const { id } = await service.createVm(vmSpec(PROGRAM.mmio, { vcpus: 3 }));
    for (let vcpu = 0; vcpu < 3; vcpu++) await service.setRegisters({ vm: id, vcpu }, { pc: RAM_BASE });
    const stored = new Map<number, bigint>();
    let answer: { mmioData?: bigint } = {};
    for (let n = 0; n < 6; n++) {
      const { exit } = await runToEnd(service, id, null, answer);
      const { vcpu, mmio } = { vcpu: exit!.vcpu, mmio: bodyOf(exit).mmio! };
      answer = mmio.isWrite ? {} : { mmioData: 0x11n * BigInt(vcpu + 1) };
      if (mmio.isWrite) stored.set(vcpu, BigInt(mmio.data));
    }
    // Each stores what it loaded and one.
    expect(Object.fromEntries(stored)).toEqual({ 0: 0x12n, 1: 0x23n, 2: 0x34n });
  });
});

describe('a run of one vcpu', () => {
  it('ends with the exit, stored, with pc at the BRK and the cause in its columns', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.brk));
    const zeros = Array<bigint>(16).fill(0n);
    await service.setGuestDebug(
      { vm: vm.id, vcpu: 0 },
      { control: 1, bcr: zeros, bvr: zeros, wcr: zeros, wvr: zeros },
    );
    const run = await runToEnd(service, vm.id, 0);
    expect(run.end).toEqual({ reason: 'exit' });
    expect(run.exit).toMatchObject({
      exitReason: 'KVM_EXIT_DEBUG',
      cause: 'brk',
      slot: null,
      pc: RAM_BASE + 4n,
      vcpu: 0,
    });
    expect(bodyOf(run.exit).debug).toEqual({
      hsr: '0xf2000007',
      hsrHigh: '0x00000000',
      far: '0x0000000000000000',
      flags: '0x00000001',
    });
    expect(bodyOf(run.exit).pc).toBe('0x0000000040000004');
    expect(bodyOf(run.exit).explanation.instruction).toBe('0xd42000e0');
    expect(await service.run(run.id)).toEqual(run);
    const kinds = (await timeline(service, vm.id)).map((event) => event.kind);
    expect(kinds).toEqual(['vm-created', 'session-opened', 'action', 'run-started', 'exit', 'run-ended']);
  });

  it.each([1, 7, 19_999, 20_000, 20_001, 123_457])(
    'retires exactly the budget of %i instructions',
    async (instructions) => {
      const { service } = await start();
      const vm = await service.createVm(vmSpec(PROGRAM.count));
      const run = await runToEnd(service, vm.id, 0, { budget: { instructions } });
      expect(run.end).toEqual({ reason: 'budget-instructions' });
      expect(run.instructions).toBe(instructions);
      expect((await service.vcpu({ vm: vm.id, vcpu: 0 })).instructionCount).toBe(instructions);
      // One of three instructions of the loop is the addition, the first.
      expect(await register(service, vm.id, 'x0')).toBe(BigInt(Math.ceil(instructions / 3)));
    },
  );

  describe('of a guest that takes exceptions only, for want of vectors', () => {
    const UDF = [0];

    it('ends with exception-loop when it has an instruction budget', async () => {
      const { service } = await start();
      const vm = await service.createVm(vmSpec(UDF));
      const run = await runToEnd(service, vm.id, 0, { budget: { instructions: 10 } });
      expect(run.end).toEqual({
        reason: 'exception-loop',
        detail: expect.stringMatching(
          /^vcpu 0 takes exceptions only: 65536 in a row .*Instruction Abort .* VBAR_EL1/,
        ),
      });
      expect([run.instructions, bodyOf(run.exit).reason]).toEqual([0, 'KVM_EXIT_INTR']);
    });

    it('goes on without one, as KVM does', async () => {
      const { service } = await start();
      const vm = await service.createVm(vmSpec(UDF));
      const run = await runToEnd(service, vm.id, 0, { budget: { wallMilliseconds: 500 } });
      expect(run.end).toEqual({ reason: 'budget-wall' });
    });

    it('ends a run of all vcpus when no other one retires anything', async () => {
      const { service } = await start();
      const vm = await service.createVm(vmSpec(PROGRAM.waitThenBreak, { vcpus: 2 }));
      await service.setRegisters({ vm: vm.id, vcpu: 0 }, { pc: RAM_BASE + 0x1000n });
      await service.setRegisters({ vm: vm.id, vcpu: 1 }, { pc: RAM_BASE });
      const looping = await runToEnd(service, vm.id, null, { budget: { instructions: 1000 } });
      expect(looping.end?.reason).toBe('exception-loop');
      expect(looping.instructions).toBe(1);
      await service.setRegisters({ vm: vm.id, vcpu: 1 }, { pc: RAM_BASE + 8n });
      await service.writeMemory(
        vm.id,
        { vcpu: 0, address: RAM_BASE + 8n, space: 'physical' },
        Uint8Array.of(0, 0, 0, 0x14),
      );
      const counted = await runToEnd(service, vm.id, null, { budget: { instructions: 1_000_000 } });
      expect(counted).toMatchObject({ end: { reason: 'budget-instructions' }, instructions: 1_000_000 });
    });
  });

  it('ends with the wall-time budget while the guest spins', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.count));
    const run = await runToEnd(service, vm.id, 0, { budget: { wallMilliseconds: 30 } });
    expect(run.end).toEqual({ reason: 'budget-wall' });
    expect(bodyOf(run.exit)).toMatchObject({ reason: 'KVM_EXIT_INTR', errno: 'EINTR' });
    expect(run.instructions).toBeGreaterThan(0);
  });

  it('says what interrupted it', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.count));
    const summary = async (spec: Partial<RunSpec>, pause = false): Promise<string> => {
      const { id } = await service.startRun(vm.id, 0, runSpec(spec));
      if (pause) {
        await service.pause(vm.id);
      }
      return bodyOf((await service.waitRun(id, 20_000)).exit).explanation.summary;
    };
    expect(await summary({ budget: { instructions: 10 } })).toBe(
      'the instruction budget of the run is spent; run again to go on',
    );
    expect(await summary({ budget: { wallMilliseconds: 10 } })).toBe(
      'the time budget of the run is spent; run again to go on',
    );
    expect(await summary({}, true)).toBe('a client paused the VM; run again to go on');
    await service.setMpState({ vm: vm.id, vcpu: 0 }, 'KVM_MP_STATE_STOPPED');
    expect(await summary({}, true)).toMatch(
      /^a client paused the VM; this vcpu is powered off .*CPU_ON.*mp-state/,
    );
  });

  it('collects registers and memory at the stop', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.count));
    const run = await runToEnd(service, vm.id, 0, {
      budget: { instructions: 4 },
      collect: [
        { kind: 'registers', names: ['x0', 'pc'] },
        { kind: 'memory', address: RAM_BASE, length: 4, space: 'virtual' },
        { kind: 'memory', address: 0n, length: 4, space: 'physical' },
      ],
    });
    expect(run.collected).toEqual([
      { kind: 'registers', vcpu: 0, values: { x0: 2n, pc: RAM_BASE + 4n } },
      { kind: 'memory', address: RAM_BASE, bytes: Uint8Array.of(0x00, 0x04, 0x00, 0x91) },
      { kind: 'memory', address: 0n, bytes: null },
    ]);
  });

  it('is KVM_RUN with immediate_exit: EINTR, nothing executed', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.count));
    const run = await runToEnd(service, vm.id, 0, { immediateExit: true });
    expect(run).toMatchObject({ end: { reason: 'error', errno: 'EINTR' }, instructions: 0 });
  });

  it('completes an MMIO read with the data given, and only then', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.mmio));
    await expect(service.startRun(vm.id, 0, runSpec({ mmioData: 1n }))).rejects.toMatchObject({
      code: 'mmio-not-pending',
    });
    const read = await runToEnd(service, vm.id, 0);
    expect(bodyOf(read.exit).mmio).toEqual({
      physAddr: '0x0000000000001000',
      data: '0x0000000000000000',
      len: 4,
      isWrite: false,
    });
    const write = await runToEnd(service, vm.id, null, { mmioData: 41n });
    expect(bodyOf(write.exit).mmio).toEqual({
      physAddr: '0x0000000000001004',
      data: '0x000000000000002a',
      len: 4,
      isWrite: true,
    });
    expect(await register(service, vm.id, 'x2')).toBe(41n);
  });

  it('ends with the system event of PSCI SYSTEM_OFF', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.systemOff));
    const run = await runToEnd(service, vm.id, null);
    expect(run.end).toEqual({ reason: 'exit' });
    expect(bodyOf(run.exit).systemEvent?.type).toBe('KVM_SYSTEM_EVENT_SHUTDOWN');
  });

  it('needs KVM_ARM_VCPU_INIT', async () => {
    const { service } = await start();
    const spec = vmSpec(PROGRAM.count);
    const vm = await service.createVm({ ...spec, vcpus: [{ ...spec.vcpus[0]!, init: false }] });
    const refused = { code: 'vcpu-not-initialized', errno: 'ENOEXEC' };
    for (const [vcpu, who] of [
      [0, 'vcpu 0 has not'],
      [null, 'No vcpu of the VM has'],
    ] as const) {
      const message = expect.stringContaining(`${who} been initialised: `);
      await expect(service.startRun(vm.id, vcpu, runSpec())).rejects.toMatchObject({ ...refused, message });
    }
    await expect(service.registers({ vm: vm.id, vcpu: 0 }, ['x0'])).rejects.toMatchObject(refused);
    expect((await service.vm(vm.id)).runState).toBe('stopped');
    await service.init({ vm: vm.id, vcpu: 0 }, []);
    await service.setRegisters({ vm: vm.id, vcpu: 0 }, { pc: RAM_BASE });
    await expect(runToEnd(service, vm.id, 0, { budget: { instructions: 1 } })).resolves.toMatchObject({
      state: 'ended',
    });
  });
});

describe('single steps', () => {
  it.each([
    ['all', 10],
    ['last', 1],
    ['none', 0],
  ] as const)('record %s of ten: %i exits, and the guest-debug set as before', async (record, exits) => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.count));
    const before = await service.guestDebug({ vm: vm.id, vcpu: 0 });
    const run = await runToEnd(service, vm.id, 0, { steps: 10, record });
    expect(run).toMatchObject({ end: { reason: 'steps-done' }, stepsDone: 10, instructions: 10 });
    const stored = await service.exits({ run: run.id, after: 0, limit: 100 });
    expect(stored).toHaveLength(exits);
    expect(stored.every((exit) => exit.cause === 'software-step')).toBe(true);
    if (record === 'all') {
      const addresses = [4n, 8n, 0n, 4n, 8n, 0n, 4n, 8n, 0n, 4n].map((offset) => RAM_BASE + offset);
      expect(stored.map((exit) => exit.pc)).toEqual(addresses);
    }
    expect(run.exit?.sequence ?? null).toBe(stored.at(-1)?.sequence ?? null);
    expect(await service.guestDebug({ vm: vm.id, vcpu: 0 })).toEqual(before);
    // No single-step is left armed.
    const after = await runToEnd(service, vm.id, 0, { budget: { instructions: 5 } });
    expect(after.end).toEqual({ reason: 'budget-instructions' });
  });

  it('end with another exit', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.brk));
    const run = await runToEnd(service, vm.id, 0, { steps: 10, record: 'all' });
    expect(run).toMatchObject({ end: { reason: 'exit' }, stepsDone: 1 });
    const causes = (await service.exits({ run: run.id, after: 0, limit: 9 })).map((exit) => exit.cause);
    expect(causes).toEqual(['software-step', 'brk']);
  });

  it('end with the instruction budget', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.count));
    const run = await runToEnd(service, vm.id, 0, { steps: 10, budget: { instructions: 4 } });
    expect(run).toMatchObject({ end: { reason: 'budget-instructions' }, stepsDone: 4, instructions: 4 });
  });
});

describe('waiting and pausing', () => {
  it('answers a wait that is over with the running run, and later with its end', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.count));
    const run = await service.startRun(vm.id, 0, runSpec());
    const still = await service.waitRun(run.id, 20);
    expect(still.state).toBe('running');
    expect(still.instructions).toBeGreaterThan(0);
    const [ended] = await Promise.all([service.waitRun(run.id, 10_000), service.pause(vm.id)]);
    expect(ended.end).toEqual({ reason: 'paused' });
    expect((await service.waitRun(run.id, 0)).state).toBe('ended');
  });

  it('stops a spinning guest within 50 ms, and answers reads meanwhile', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.count, { vcpus: 2 }));
    await service.startRun(vm.id, null, runSpec());
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await service.vm(vm.id)).runState).toBe('running');
    expect(
      await service.readMemory(vm.id, { address: RAM_BASE, length: 4, space: 'physical', vcpu: 0 }),
    ).toHaveLength(4);
    const before = process.cpuUsage();
    const paused = await service.pause(vm.id);
    const used = process.cpuUsage(before);
    expect(paused.runState).toBe('stopped');
    // Processor time: the wall clock of a busy machine says nothing about us.
    expect((used.user + used.system) / 1000).toBeLessThan(50);
    expect((await service.pause(vm.id)).vcpus[0]!.lastExit?.sequence).toBe(
      paused.vcpus[0]!.lastExit?.sequence,
    );
  });

  it('stops a guest that only takes aborts and retires nothing', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.count));
    await service.setRegisters({ vm: vm.id, vcpu: 0 }, { pc: 0n });
    const run = await service.startRun(vm.id, 0, runSpec({ budget: { instructions: 100 } }));
    await service.pause(vm.id);
    expect(await service.run(run.id)).toMatchObject({ end: { reason: 'paused' }, instructions: 0 });
  });

  it('leaves a vcpu in WFI blocked without work until its interrupt line rises', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.waitThenBreak));
    const zeros = Array<bigint>(16).fill(0n);
    await service.setGuestDebug(
      { vm: vm.id, vcpu: 0 },
      { control: 1, bcr: zeros, bvr: zeros, wcr: zeros, wvr: zeros },
    );
    const run = await service.startRun(vm.id, 0, runSpec());
    expect((await service.waitRun(run.id, 30)).state).toBe('running');
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const used = process.cpuUsage(before);
    expect((used.user + used.system) / 1000).toBeLessThan(100);
    await service.irqLine({ vm: vm.id, vcpu: 0 }, 'irq', true);
    const ended = await service.waitRun(run.id, 10_000);
    expect(ended.exit).toMatchObject({ cause: 'brk', pc: RAM_BASE + 8n });
  });

  it('ends a blocked run by pause and by wall time, with EINTR', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.waitThenBreak));
    const run = await service.startRun(vm.id, null, runSpec());
    await service.pause(vm.id);
    expect(await service.run(run.id)).toMatchObject({
      end: { reason: 'paused' },
      exit: { exitReason: 'KVM_EXIT_INTR' },
    });
    await service.reset(vm.id);
    const timed = await runToEnd(service, vm.id, 0, { budget: { wallMilliseconds: 10 } });
    expect(timed.end).toEqual({ reason: 'budget-wall' });
  });

  it('refuses what needs a stopped vcpu, and changes nothing', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.count));
    await service.startRun(vm.id, 0, runSpec());
    const ref = { vm: vm.id, vcpu: 0 };
    const busy = { code: 'vcpu-running', errno: 'EBUSY' };
    await expect(service.registers(ref, ['x0'])).rejects.toMatchObject(busy);
    await expect(service.setRegisters(ref, { x0: 1n })).rejects.toMatchObject(busy);
    await expect(service.startRun(vm.id, 0, runSpec())).rejects.toMatchObject(busy);
    await expect(service.startRun(vm.id, null, runSpec())).rejects.toMatchObject({ code: 'vm-running' });
    await expect(service.reset(vm.id)).rejects.toMatchObject({ code: 'vm-running' });
    await expect(service.openSession(vm.id, {})).rejects.toMatchObject({ code: 'vm-running' });
  });
});

describe('a run of all vcpus', () => {
  async function entangled(service: Service): Promise<{ run: RunView; memory: Uint8Array }> {
    const vm = await service.createVm(vmSpec(PROGRAM.entangle, { vcpus: 3 }));
    for (const vcpu of [1, 2]) {
      await service.setRegisters({ vm: vm.id, vcpu }, { pc: RAM_BASE });
    }
    const run = await runToEnd(service, vm.id, null, { budget: { instructions: 300_001 } });
    const memory = await service.readMemory(vm.id, {
      address: RAM_BASE + 0x1000n,
      length: 8,
      space: 'physical',
      vcpu: 0,
    });
    return { run, memory };
  }

  it('interleaves them the same way each time, and retires exactly its budget', async () => {
    const { service } = await start();
    const [first, second] = [await entangled(service), await entangled(service)];
    expect(first.run.instructions).toBe(300_001);
    expect(first.memory).toEqual(second.memory);
    const counts = (await service.vm(second.run.vm)).vcpus.map((vcpu) => vcpu.instructionCount);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(300_001);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(20_000);
  });

  it.each([
    [3, [1, 1, 1]],
    [10, [4, 3, 3]],
    [30_000, [10_000, 10_000, 10_000]],
    [59_999, [20_001, 19_999, 19_999]],
    [2, [1, 1, 0]],
  ])('divides a budget of %i among them', async (instructions, shares) => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.count, { vcpus: 3 }));
    for (const vcpu of [1, 2]) {
      await service.setRegisters({ vm: vm.id, vcpu }, { pc: RAM_BASE });
    }
    const run = await runToEnd(service, vm.id, null, { budget: { instructions } });
    expect(run.instructions).toBe(instructions);
    const counts = (await service.vm(vm.id)).vcpus.map((vcpu) => vcpu.instructionCount);
    expect(counts).toEqual(shares);
  });

  it('ends at the first exit; the others leave KVM_RUN without an exit of their own', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec([...PROGRAM.count, ...PROGRAM.systemOff], { vcpus: 2 }));
    await service.setRegisters({ vm: vm.id, vcpu: 1 }, { pc: RAM_BASE + 12n });
    const run = await runToEnd(service, vm.id, null);
    const exits = await service.exits({ run: run.id, after: 0, limit: 9 });
    expect(exits.map((exit) => [exit.vcpu, exit.exitReason])).toEqual([[1, 'KVM_EXIT_SYSTEM_EVENT']]);
    expect(await register(service, vm.id, 'x0', 0)).toBeGreaterThan(0n);
  });

  it('shares the thread fairly among VMs that spin', async () => {
    const { service } = await start();
    const vms = await Promise.all([1, 2, 3, 4].map(() => service.createVm(vmSpec(PROGRAM.count))));
    await Promise.all(vms.map((vm) => service.startRun(vm.id, 0, runSpec())));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const counts = (await Promise.all(vms.map((vm) => service.pause(vm.id)))).map(
      (vm) => vm.vcpus[0]!.instructionCount,
    );
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(Math.max(...counts) / Math.min(...counts)).toBeLessThan(10);
  });
});
