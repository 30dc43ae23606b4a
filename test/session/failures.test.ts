import { afterEach, describe, expect, it } from 'vitest';
import { createVm } from '../../src/kvm/vm.ts';
import type { Vm, VmConfig } from '../../src/kvm/contract.ts';
import type { EngineProcess, Spawn } from '../../src/session/engine-thread/spawn.ts';
import { spawnInProcess, spawnWorker } from '../../src/session/engine-thread/spawn.ts';
import { type Bench, bench, PROGRAM, runSpec, runToEnd, vmSpec, settle } from './support.ts';

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

describe('what goes wrong inside', () => {
  /** An in-process thread that can be made to die. */
  function mortal(): { spawn: Spawn; kill: (reason: string) => void } {
    const inner = spawnInProcess({ createVm, now: () => Date.now() });
    let listener: (reason: string) => void = () => {};
    let alive: EngineProcess | undefined;
    return {
      spawn(options) {
        alive = inner(options);
        const { endpoint } = alive;
        return {
          endpoint,
          onFailure(callback) {
            listener = callback;
          },
          terminate: () => alive!.terminate(),
        };
      },
      kill(reason) {
        void alive!.terminate();
        listener(reason);
      },
    };
  }

  it('a dead thread ends its VMs with a reason and is replaced', async () => {
    const { spawn, kill } = mortal();
    const { service } = await start({ spawn });
    const vm = await service.createVm(vmSpec(PROGRAM.waitThenBreak, { name: 'x' }));
    const run = await service.startRun(vm.id, 0, runSpec());
    kill('out of memory');
    const ended = await service.waitRun(run.id, 5000);
    expect(ended.end).toEqual({ reason: 'vm-destroyed', detail: 'engine-failed' });
    await settle();
    expect(await service.session(vm.session)).toMatchObject({ state: 'ended', endReason: 'engine-failed' });
    await expect(service.vm('x')).rejects.toMatchObject({ code: 'vm-not-found' });
    await service.createVm(vmSpec(PROGRAM.count, { name: 'x' }));
    await expect(runToEnd(service, 'x', 0, { budget: { instructions: 3 } })).resolves.toMatchObject({
      instructions: 3,
    });
  });

  it('our own bug ends the vcpu with KVM_EXIT_INTERNAL_ERROR and nothing else', async () => {
    let broken: string | null = null;
    const flawed = (config: VmConfig): Vm => {
      const vm = createVm(config);
      const vcpu = vm.vcpus[0]!;
      const run = vcpu.run.bind(vcpu);
      vcpu.run = (...args) => {
        if (broken !== null) {
          throw new RangeError(broken);
        }
        return run(...args);
      };
      return vm;
    };
    const { service } = await start({ createVm: flawed });
    const vm = await service.createVm(vmSpec(PROGRAM.count));
    broken = 'slot out of range';
    const run = await runToEnd(service, vm.id, 0);
    expect(run.exit).toMatchObject({ exitReason: 'KVM_EXIT_INTERNAL_ERROR' });
    expect(run.exit!.body).toContain('slot out of range');
    broken = null;
    expect((await runToEnd(service, vm.id, 0)).exit).toMatchObject({ exitReason: 'KVM_EXIT_INTERNAL_ERROR' });
    const other = await service.createVm(vmSpec(PROGRAM.count));
    expect((await runToEnd(service, other.id, 0, { budget: { instructions: 1 } })).instructions).toBe(1);
  });

  it('worker threads run guests, are paused while they spin, and end with the service', async () => {
    const { service } = await start({ spawn: spawnWorker, threads: 2 });
    const vms = await Promise.all([1, 2, 3].map(() => service.createVm(vmSpec(PROGRAM.count))));
    expect(service.stats().engineThreads).toBe(2);
    await Promise.all(vms.map((vm) => service.startRun(vm.id, null, runSpec())));
    const paused = await Promise.all(vms.map((vm) => service.pause(vm.id)));
    expect(paused.map((vm) => vm.runState)).toEqual(['stopped', 'stopped', 'stopped']);
  }, 30_000);
});
