import { describe, expect, it } from 'vitest';
import { exitBody } from '../../src/session/stored-body.ts';
import { memoryPorts } from './memory-ports.ts';
import { bench, PROGRAM, runSpec, vmSpec } from './support.ts';

/** Polls until it holds; the test's own time limit ends it otherwise. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** adr x1, 12; mov w0, #3 (SYS_WRITEC); hlt #0xf000; wfi */
const SAYS_X = [0x10000081, 0x52800060, 0xd45e0000, 0xd503207f, 0x78];

describe('exits that come faster than they are stored', () => {
  it('wait in a bounded window, and the guest waits with them; other guests and calls do not', async () => {
    const ports = memoryPorts();
    const window = 600;
    const { service } = await bench({ ports, limits: { engineWindow: window, commitBatch: 100 } });
    const vm = await service.createVm(vmSpec(PROGRAM.count));
    const other = await service.createVm(vmSpec(PROGRAM.count));
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const run = await service.startRun(vm.id, 0, runSpec({ steps: 5000, record: 'all' }));
    ports.history.delay = () => held;
    const before = ports.history.stored.length;
    const steps = async () => (await service.run(run.id)).stepsDone;
    await until(async () => (await steps()) >= window);
    // Not one commit is finished any more, so the steps cannot go on for long.
    await new Promise((resolve) => setTimeout(resolve, 200));
    const last = await steps();
    // One commit may be in progress when the store stops; one turn of steps may pass the limit.
    expect(last - before).toBeLessThanOrEqual(window + 256 + 600);
    expect(last).toBeLessThan(5000);
    const busy = service.startRun(other.id, 0, runSpec({ budget: { instructions: 50_000 } }));
    await until(async () => (await service.vcpu({ vm: other.id, vcpu: 0 })).instructionCount === 50_000);
    ports.history.delay = () => Promise.resolve();
    release();
    await busy;
    const ended = await service.waitRun(run.id, 20_000);
    expect(ended).toMatchObject({ end: { reason: 'steps-done' }, stepsDone: 5000 });
    const stored = await service.exits({ run: run.id, after: 0, limit: 10_000 });
    expect(stored).toHaveLength(5000);
    expect(new Set(stored.map((exit) => exitBody(exit).explanation.instructionCount)).size).toBe(5000);
    await service.close();
  });

  it('keep back what another guest says, until they are stored and no longer', async () => {
    const ports = memoryPorts();
    const window = 600;
    const { service } = await bench({ ports, limits: { engineWindow: window, commitBatch: 100 } });
    const vm = await service.createVm(vmSpec(PROGRAM.count));
    const other = await service.createVm(vmSpec(SAYS_X, { semihosting: { commandLine: '', files: false } }));
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const run = await service.startRun(vm.id, 0, runSpec({ steps: 2000, record: 'all' }));
    ports.history.delay = () => held;
    await until(async () => (await service.run(run.id)).stepsDone >= window);
    const talk = service.startRun(other.id, 0, runSpec());
    await until(async () => (await service.vcpu({ vm: other.id, vcpu: 0 })).instructionCount >= 3);
    expect((await service.consoleOutput(other.id, 0, 10)).next).toBe(0);
    ports.history.delay = () => Promise.resolve();
    release();
    await service.waitRun(run.id, 20_000);
    await talk;
    await until(async () => (await service.consoleOutput(other.id, 0, 10)).next === 1);
    await service.close();
  });
});
