import { afterEach, describe, expect, it } from 'vitest';
import { createVm } from '../../src/kvm/vm.ts';
import type { Vm, VmConfig } from '../../src/kvm/contract.ts';
import type { VmSpec } from '../../src/session/types.ts';
import { memoryPorts } from './memory-ports.ts';
import {
  type Bench,
  bench,
  FakeClock,
  PROGRAM,
  RAM_BASE,
  runSpec,
  runToEnd,
  settle,
  timeline,
  vmSpec,
} from './support.ts';

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

describe('the tier', () => {
  it('that a machine is made with is that of its VM, else that of the service; a reset keeps it', async () => {
    const made: VmConfig['tier'][] = [];
    const { service } = await start({
      tier: 'interpreter',
      createVm: (config) => {
        made.push(config.tier);
        return createVm(config);
      },
    });
    const views = [
      await service.createVm(vmSpec(PROGRAM.count)),
      await service.createVm(vmSpec(PROGRAM.count, { tier: 'jit' })),
    ];
    expect(views.map(({ tier }) => tier)).toEqual(['interpreter', 'jit']);
    await service.reset(views[0]!.id);
    expect(made).toEqual(['interpreter', 'jit', 'interpreter']);
  });
});

describe('names and listing', () => {
  it('takes the name wherever the id goes, and keeps it unique', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.count, { name: 'thermometer', labels: { team: 'a' } }));
    expect((await service.vm('thermometer')).id).toBe(vm.id);
    await expect(service.createVm(vmSpec(PROGRAM.count, { name: 'thermometer' }))).rejects.toMatchObject({
      code: 'name-taken',
    });
    const run = await runToEnd(service, 'thermometer', 0, { budget: { instructions: 1 } });
    expect(await service.runs({ vm: 'thermometer', limit: 9 })).toEqual([run]);
    await service.patchVm('thermometer', { name: 'other' });
    await expect(service.vm('thermometer')).rejects.toMatchObject({ code: 'vm-not-found' });
    await service.createVm(vmSpec(PROGRAM.count, { name: 'thermometer' }));
    await service.patchVm(vm.id, { name: null });
    await service.deleteVm(vm.id);
    expect((await service.vm('thermometer')).id).not.toBe(vm.id);
  });

  it.each(['', '-a', 'a b', 'vm_1', 'x'.repeat(64), 'ü'])('refuses the name %j', async (name) => {
    const { service } = await start();
    await expect(service.createVm(vmSpec(PROGRAM.count, { name }))).rejects.toMatchObject({
      code: 'name-invalid',
    });
    expect(service.stats().vms).toBe(0);
  });

  it('pages in order of creation and filters by label', async () => {
    const { service } = await start();
    const ids: string[] = [];
    for (const team of ['a', 'b', 'a']) {
      ids.push((await service.createVm(vmSpec(PROGRAM.count, { labels: { team } }))).id);
    }
    expect((await service.vms({ limit: 2 })).map((vm) => vm.id)).toEqual(ids.slice(0, 2));
    expect((await service.vms({ limit: 2, after: ids[1]! })).map((vm) => vm.id)).toEqual(ids.slice(2));
    expect((await service.vms({ limit: 9, labels: { team: 'a' } })).map((vm) => vm.id)).toEqual([
      ids[0],
      ids[2],
    ]);
  });
});

describe('limits and refusals leave nothing behind', () => {
  it('counts VMs and memory, also of VMs that are being created', async () => {
    const { service } = await start({ limits: { vms: 2, memoryTotal: 3 << 20 } });
    const results = await Promise.allSettled([1, 2, 3].map(() => service.createVm(vmSpec(PROGRAM.count))));
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    await expect(service.createVm(vmSpec(PROGRAM.count))).rejects.toMatchObject({
      code: 'vm-limit',
      facts: { limit: 2, used: 2 },
    });
    await service.deleteVm((await service.vms({ limit: 1 }))[0]!.id);
    const large = vmSpec(PROGRAM.count, { memory: { base: 0x4000_0000, size: 3 << 20 } });
    await expect(service.createVm(large)).rejects.toMatchObject({ code: 'memory-limit' });
    await service.createVm(vmSpec(PROGRAM.count));
  });

  it('says so when the host has no address space left', async () => {
    const full = (): Vm => {
      throw new RangeError('WebAssembly.Memory(): could not allocate memory');
    };
    const { service } = await start({ createVm: full });
    await expect(service.createVm(vmSpec(PROGRAM.count))).rejects.toMatchObject({
      code: 'memory-limit',
      errno: 'ENOMEM',
    });
    expect(service.stats()).toMatchObject({ vms: 0, memoryBytes: 0 });
  });

  it('gives a VM as much memory as the limit says, and reads of it where nobody wrote', async () => {
    const { service } = await start();
    const memory = { base: 0x4000_0000, size: service.limits.memoryPerVm };
    const { id } = await service.createVm(vmSpec(PROGRAM.count, { memory }));
    const before = process.memoryUsage().rss;
    const last = {
      address: BigInt(memory.base + memory.size) - 0x10_0000n,
      length: 0x10_0000,
      space: 'physical',
      vcpu: 0,
    } as const;
    expect((await service.readMemory(id, last)).every((byte) => byte === 0)).toBe(true);
    expect(process.memoryUsage().rss - before).toBeLessThan(256 << 20);
  });

  const one = vmSpec(PROGRAM.count).vcpus[0]!;
  const cases: readonly (readonly [string, Partial<VmSpec>, string])[] = [
    ['no vcpus', { vcpus: [] }, 'vm-spec-invalid'],
    ['too many vcpus', { vcpus: Array(17).fill(one) }, 'limit-exceeded'],
    ['an unknown profile', { vcpus: [{ ...one, profile: { name: 'cortex-z1' } }] }, 'profile-unknown'],
    [
      '17 breakpoints',
      { vcpus: [{ ...one, profile: { name: 'custom', custom: { breakpoints: 17 } } }] },
      'profile-invalid',
    ],
    ['an unknown feature', { vcpus: [{ ...one, features: ['warp'] }] }, 'feature-unknown'],
    ['a feature the host lacks', { vcpus: [{ ...one, features: ['sve'] }] }, 'feature-unsupported'],
    ['memory that is no pages', { memory: { base: 0x4000_0000, size: 5000 } }, 'vm-spec-invalid'],
    ['memory beyond the bus', { memory: { base: 2 ** 40, size: 4096 } }, 'vm-spec-invalid'],
    ['too much memory', { memory: { base: 0, size: 4 * 2 ** 30 } }, 'limit-exceeded'],
    [
      'bytes outside memory',
      { load: [{ member: '/load/0', bytes: new Uint8Array(8), address: RAM_BASE + (1n << 20n) - 4n }] },
      'load-outside-memory',
    ],
    ['an image that is not there', { load: [{ member: '/load/0', image: 'img_0' }] }, 'image-not-found'],
    ['an odd entry', { entry: 2n }, 'vm-spec-invalid'],
    ['a lease of no time', { ttlSeconds: 0 }, 'vm-spec-invalid'],
    ['an endless lease', { ttlSeconds: 1e9 }, 'limit-exceeded'],
    ['an empty label', { labels: { '': 'x' } }, 'labels-invalid'],
  ];
  it.each(cases)('refuses %s', async (_what, change, code) => {
    const { service, ports } = await start();
    await expect(
      service.createVm({ ...vmSpec(PROGRAM.count, { name: 'x' }), ...change }),
    ).rejects.toMatchObject({ code });
    expect(service.stats()).toMatchObject({ vms: 0, memoryBytes: 0 });
    expect(ports.history.stored).toEqual([]);
    await service.createVm(vmSpec(PROGRAM.count, { name: 'x' }));
  });

  it('bounds transfers, runs and what they collect', async () => {
    const { service } = await start({ limits: { memoryTransfer: 64, runSteps: 10, collectBytes: 8 } });
    const { id } = await service.createVm(vmSpec(PROGRAM.count));
    const at = { address: RAM_BASE, space: 'physical', vcpu: 0 } as const;
    await expect(service.readMemory(id, { ...at, length: 65 })).rejects.toMatchObject({
      code: 'transfer-too-large',
    });
    await expect(service.writeMemory(id, at, new Uint8Array(65))).rejects.toMatchObject({
      code: 'transfer-too-large',
    });
    await expect(service.startRun(id, 0, runSpec({ steps: 11 }))).rejects.toMatchObject({
      code: 'limit-exceeded',
    });
    await expect(service.startRun(id, null, runSpec({ steps: 2 }))).rejects.toMatchObject({
      code: 'run-spec-invalid',
    });
    const collect = [{ kind: 'memory', address: RAM_BASE, length: 9, space: 'physical' }] as const;
    await expect(service.startRun(id, 0, runSpec({ collect }))).rejects.toMatchObject({
      code: 'limit-exceeded',
    });
    await expect(service.startRun(id, 1, runSpec())).rejects.toMatchObject({ code: 'vcpu-not-found' });
    const unknown = [{ kind: 'registers', names: ['x0', 'rip'] }] as const;
    await expect(service.startRun(id, 0, runSpec({ collect: unknown }))).rejects.toMatchObject({
      code: 'register-unknown',
    });
    expect((await service.vm(id)).runState).toBe('stopped');
    expect(await service.runs({ limit: 9 })).toEqual([]);
  });
});

describe('memory and registers', () => {
  it('writes all or nothing', async () => {
    const { service } = await start();
    const { id } = await service.createVm(vmSpec(PROGRAM.count));
    const ref = { vm: id, vcpu: 0 };
    const last = { address: RAM_BASE + (1n << 20n) - 4n, space: 'physical', vcpu: 0 } as const;
    await expect(service.writeMemory(id, last, new Uint8Array(8).fill(1))).rejects.toMatchObject({
      code: 'memory-not-mapped',
    });
    expect(await service.readMemory(id, { ...last, length: 4 })).toEqual(new Uint8Array(4));
    await service.setRegisters(ref, { x0: 5n });
    // PSTATE.M = 0b01001 (EL2h) is no mode of this guest.
    await expect(service.setRegisters(ref, { x0: 6n, pstate: 9n })).rejects.toMatchObject({
      code: 'register-refused',
    });
    expect((await service.registers(ref, ['x0'])).value).toEqual({ x0: 5n });
  });

  it('gives versions that only changes move, and honours them', async () => {
    const { service } = await start();
    const { id } = await service.createVm(vmSpec(PROGRAM.count));
    const ref = { vm: id, vcpu: 0 };
    const first = await service.registers(ref, ['x0']);
    expect((await service.registers(ref, ['x0'])).version).toBe(first.version);
    const second = await service.setRegisters(ref, { x0: 1n }, first.version);
    await expect(service.setRegisters(ref, { x0: 2n }, first.version)).rejects.toMatchObject({
      code: 'version-mismatch',
    });
    await runToEnd(service, id, 0, { budget: { instructions: 1 } });
    expect((await service.registers(ref, ['x0'])).version).toBeGreaterThan(second.version);
    const debug = await service.guestDebug(ref);
    const [won, lost] = await Promise.allSettled([
      service.setGuestDebug(ref, { ...debug.value, control: 1 }, debug.version),
      service.setGuestDebug(ref, { ...debug.value, control: 3 }, debug.version),
    ]);
    expect(won.status).toBe('fulfilled');
    expect(lost).toMatchObject({ reason: { code: 'version-mismatch' } });
    await expect(service.setGuestDebug(ref, { ...debug.value, control: 4 })).rejects.toMatchObject({
      code: 'control-flag-unsupported',
      errno: 'EINVAL',
    });
    expect((await service.guestDebug(ref)).value.control).toBe(1);
  });

  it('resets memory and registers and keeps guest debug', async () => {
    const { service } = await start();
    const { id } = await service.createVm(vmSpec(PROGRAM.count));
    const ref = { vm: id, vcpu: 0 };
    const { value } = await service.guestDebug(ref);
    await service.setGuestDebug(ref, { ...value, control: 1 });
    await service.writeMemory(
      id,
      { address: RAM_BASE + 0x100n, space: 'physical', vcpu: 0 },
      Uint8Array.of(1),
    );
    await runToEnd(service, id, 0, { budget: { instructions: 10 } });
    await service.reset(id);
    expect((await service.registers(ref, ['x0', 'pc'])).value).toEqual({ x0: 0n, pc: RAM_BASE });
    const after = await service.readMemory(id, {
      address: RAM_BASE + 0x100n,
      length: 1,
      space: 'physical',
      vcpu: 0,
    });
    expect(after).toEqual(Uint8Array.of(0));
    expect((await service.guestDebug(ref)).value.control).toBe(1);
  });
});

describe('leases', () => {
  it('stop the VM, end its session with the reason, keep its history', async () => {
    const clock = new FakeClock();
    const { service } = await start({ clock });
    const vm = await service.createVm(vmSpec(PROGRAM.count, { name: 'ci', ttlSeconds: 60 }));
    const run = await service.startRun(vm.id, 0, runSpec());
    clock.advance(59_999);
    await service.patchVm('ci', { ttlSeconds: 60 });
    clock.advance(59_999);
    await settle();
    expect((await service.vm('ci')).expiresAt).toEqual(new Date(clock.now() + 1));
    clock.advance(1);
    await settle();
    await expect(service.vm('ci')).rejects.toMatchObject({ code: 'vm-not-found' });
    expect(await service.run(run.id)).toMatchObject({
      end: { reason: 'vm-destroyed', detail: 'vm-expired' },
    });
    expect(await service.session(vm.session)).toMatchObject({ state: 'ended', endReason: 'vm-expired' });
    expect((await timeline(service, vm.id)).map((event) => event.kind)).toContain('vm-destroyed');
    expect(service.stats()).toMatchObject({ vms: 0, memoryBytes: 0 });
  });

  it('can be longer than a timer', async () => {
    const clock = new FakeClock();
    const { service } = await start({ clock });
    const days = 24 * 3600;
    await service.createVm(vmSpec(PROGRAM.count, { name: 'long', ttlSeconds: 29 * days }));
    clock.advance(28 * days * 1000);
    await settle();
    expect((await service.vm('long')).name).toBe('long');
    await service.patchVm('long', { ttlSeconds: null });
    clock.advance(10 * days * 1000);
    await settle();
    expect((await service.vm('long')).expiresAt).toBeNull();
  });
});

describe('sessions', () => {
  it('one is open for each VM; the next replaces it', async () => {
    const { service } = await start();
    const vm = await service.createVm(vmSpec(PROGRAM.count, { name: 'x' }));
    const next = await service.openSession(vm.id, { name: 'second', labels: { try: '2' } });
    expect(await service.session(vm.session)).toMatchObject({ state: 'ended', endReason: 'replaced' });
    const run = await runToEnd(service, vm.id, 0, { budget: { instructions: 1 } });
    expect(run.session).toBe(next.id);
    expect(await service.exits({ session: next.id, after: 0, limit: 9 })).toHaveLength(1);
    expect(await service.sessions({ vm: 'x', state: 'open', limit: 9 })).toEqual([
      await service.session(next.id),
    ]);
    await service.deleteVm(vm.id);
    expect(await service.sessions({ vm: vm.id, limit: 9 })).toHaveLength(2);
    expect(await service.session(next.id)).toMatchObject({
      state: 'ended',
      endReason: 'vm-deleted',
      exits: 1,
    });
  });

  it('of a service that died are ended by the next, which numbers on', async () => {
    const ports = memoryPorts();
    const { service: first } = await start({ ports });
    const vm = await first.createVm(vmSpec(PROGRAM.count));
    const run = await first.startRun(vm.id, 0, runSpec());
    const last = first.lastSequence();
    // Nothing more is heard of the first: what the second finds is what a crash leaves.
    const { service: second } = await start({ ports: memoryPorts(ports.history) });
    expect(await second.session(vm.session)).toMatchObject({ state: 'ended', endReason: 'service-stopped' });
    expect(await second.run(run.id)).toMatchObject({ state: 'ended', end: { reason: 'service-stopped' } });
    await expect(second.vm(vm.id)).rejects.toMatchObject({ code: 'vm-not-found' });
    const told = await second.events({ vm: vm.id, after: last, limit: 9 });
    expect(told.map((event) => [event.sequence, event.kind])).toEqual([
      [last + 1, 'vm-destroyed'],
      [last + 2, 'session-ended'],
    ]);
    open = open.filter(({ service }) => service !== first);
    await expect(second.createVm(vmSpec(PROGRAM.count))).resolves.toMatchObject({ sequence: last + 4 });
  });

  it('end in an orderly way when the service closes', async () => {
    const ports = memoryPorts();
    const { service } = await start({ ports });
    const vm = await service.createVm(vmSpec(PROGRAM.count));
    const run = await service.startRun(vm.id, 0, runSpec());
    await service.close();
    expect(await ports.history.session(vm.session)).toMatchObject({ endReason: 'service-stopped' });
    expect(await ports.history.run(run.id)).toMatchObject({ end: { reason: 'service-stopped' } });
    await expect(service.createVm(vmSpec(PROGRAM.count))).rejects.toMatchObject({ code: 'service-stopping' });
  });
});
