/** The same image and the same inputs give the same run, bit for bit: in each tier, and whatever else the thread does. */
import { afterEach, describe, expect, it } from 'vitest';
import { spawnWorker } from '../../src/session/engine-thread/spawn.ts';
import type { Service } from '../../src/session/service.ts';
import type { Tier, VmDigest, VmView } from '../../src/session/types.ts';
import { INTERRUPTED } from './interrupted-guest.ts';
import { type Bench, bench, bytesOf, PROGRAM, RAM_BASE, runSpec, runToEnd, vmSpec } from './support.ts';

/** Instructions of each run: odd numbers, less than a turn of all vcpus and more. */
const BUDGETS = [1, 7919, 104_729, 15, 300_007] as const;
const VCPUS = 4;

let open: Bench[] = [];
afterEach(async () => {
  await Promise.all(open.map(({ service }) => service.close()));
  open = [];
});
async function start(options?: Parameters<typeof bench>[0]): Promise<Service> {
  const made = await bench(options);
  open.push(made);
  return made.service;
}

async function guest(service: Service, tier: Tier): Promise<VmView> {
  const { main, irq, irqAt } = INTERRUPTED;
  const vm = await service.createVm({
    ...vmSpec([], {
      vcpus: VCPUS,
      board: { kind: 'virt', gic: 3, seed: 0n, time: new Date(0), disks: [] },
      tier,
    }),
    memory: { base: Number(RAM_BASE), size: 2 << 20 },
    load: [
      { member: '/load', bytes: bytesOf(main), address: RAM_BASE },
      { member: '/load', bytes: bytesOf(irq), address: RAM_BASE + BigInt(irqAt) },
    ],
  });
  for (let vcpu = 1; vcpu < VCPUS; vcpu++) {
    await service.setRegisters({ vm: vm.id, vcpu }, { pc: RAM_BASE });
  }
  return vm;
}

/** Digests after each run; a key is typed before the third. */
async function digests(service: Service, tier: Tier): Promise<readonly VmDigest[]> {
  const vm = await guest(service, tier);
  const found: VmDigest[] = [];
  for (const [i, instructions] of BUDGETS.entries()) {
    if (i === 2) {
      await service.consoleInput(vm.id, Uint8Array.of(0x6b));
    }
    const { end } = await runToEnd(service, vm.id, null, { budget: { instructions } });
    expect(end).toEqual({ reason: 'budget-instructions' });
    found.push(await service.digest(vm.id));
  }
  await service.deleteVm(vm.id);
  return found;
}

describe('the digest of all state', () => {
  it('is the same in each tier, and beside other guests that spin in the same thread', async () => {
    const quiet = await start();
    const busy = await start({ spawn: spawnWorker, threads: 1 });
    for (let i = 0; i < 2; i++) {
      const { id } = await busy.createVm(vmSpec(PROGRAM.count));
      await busy.startRun(id, null, runSpec());
    }
    const expected = await digests(quiet, 'interpreter');
    expect(new Set(expected.map(({ digest }) => digest)).size).toBe(BUDGETS.length);
    let total = 0;
    expect(expected.map(({ instructions }) => instructions)).toEqual(BUDGETS.map((n) => (total += n)));
    for (const [service, tier] of [
      [quiet, 'auto'],
      [quiet, 'jit'],
      [busy, 'jit'],
    ] as const) {
      expect(await digests(service, tier), tier).toEqual(expected);
    }
  });

  it('of one vcpu that does not wait is the same wherever it was stopped', async () => {
    const service = await start();
    const stopped = async (budgets: readonly number[]) => {
      const vm = await service.createVm(vmSpec(PROGRAM.count));
      for (const instructions of budgets) {
        await runToEnd(service, vm.id, null, { budget: { instructions } });
      }
      return service.digest(vm.id);
    };
    expect(await stopped([1, 19_999, 7, 20_001, 59_992])).toEqual(await stopped([100_000]));
  });

  it('locates a difference: one byte of memory, a register, a key that waits', async () => {
    const service = await start();
    const [one, other] = [await guest(service, 'auto'), await guest(service, 'auto')];
    const differ = async () => {
      const [a, b] = [await service.digest(one.id), await service.digest(other.id)];
      expect(a.digest === b.digest).toBe(
        Object.keys(a.parts).every((name) => a.parts[name] === b.parts[name]),
      );
      return Object.keys(a.parts).filter((name) => a.parts[name] !== b.parts[name]);
    };
    expect(await differ()).toEqual([]);
    const at = { address: RAM_BASE + 0x12_3456n, space: 'physical', vcpu: 0 } as const;
    await service.writeMemory(one.id, at, Uint8Array.of(1));
    expect(await differ()).toEqual(['memory']);
    await service.writeMemory(one.id, at, Uint8Array.of(0));
    expect(await differ()).toEqual([]);
    await service.setRegisters({ vm: one.id, vcpu: 2 }, { v7: 1n << 100n });
    await service.setRegisters({ vm: one.id, vcpu: 3 }, { tpidr_el0: 1n });
    await service.consoleInput(one.id, Uint8Array.of(0x6b));
    expect(await differ()).toEqual(['vcpu2', 'vcpu3', 'uart']);
  });

  it('after a reset is that of a VM that was just made, whoever had the last turn', async () => {
    const service = await start();
    const [used, fresh] = [await guest(service, 'auto'), await guest(service, 'auto')];
    await runToEnd(service, used.id, null, { budget: { instructions: 1 } });
    expect((await service.digest(used.id)).digest).not.toBe((await service.digest(fresh.id)).digest);
    await service.reset(used.id);
    await service.reset(fresh.id);
    expect(await service.digest(used.id)).toEqual(await service.digest(fresh.id));
  });

  it('is of a VM that is stopped', async () => {
    const service = await start();
    const { id } = await guest(service, 'auto');
    await service.startRun(id, null, runSpec());
    await expect(service.digest(id)).rejects.toMatchObject({ code: 'vm-running' });
    await service.pause(id);
    expect((await service.digest(id)).digest).toMatch(/^[0-9a-f]{64}$/);
  });
});
