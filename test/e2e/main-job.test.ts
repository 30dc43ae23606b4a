/** The main job with nothing but HTTP: arm, run, see the debug exit, look around, go on; and the record of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError, Client, type Exit, type Page, type Run, type Vm } from '../../src/cli/client.ts';
import { type OwnServer, startServer } from '../../src/cli/server.ts';
import { createVm } from './guests.ts';

let server: OwnServer;
let client: Client;
beforeAll(async () => {
  server = await startServer();
  client = new Client(server.base);
});
afterAll(() => server.stop());

/** nop; add x0,x0,#1; str x0,[x1]; b . */
const PROGRAM = ['d503201f', '91000400', 'f9000020', '14000000'];
const HARDWARE = ['KVM_GUESTDBG_ENABLE', 'KVM_GUESTDBG_USE_HW'];

describe('the main job', () => {
  let vm: Vm;
  const vcpu = (): string => `/v1/vms/${vm.id}/vcpus/0`;

  it('creates a VM with a program and start values', async () => {
    vm = await createVm(client, PROGRAM);
    await client.patch(`${vcpu()}/registers`, { x1: '0x40100000' });
    expect(vm.runState).toBe('stopped');
  });

  it('stops at a hardware breakpoint', async () => {
    await client.put(`${vcpu()}/guest-debug`, {
      control: HARDWARE,
      bcr: { 0: '0x1e7' },
      bvr: { 0: '0x40000004' },
    });
    const run = await client.run(vm.id, 0, { collect: [{ kind: 'registers', names: ['pc', 'x0'] }] });
    expect(run.end).toEqual({ reason: 'exit' });
    // ESR_EL2: EC 0x30, IL, IFSC 0x22 (Arm ARM, ISS encoding for an exception from a Breakpoint).
    expect(run.exit?.debug).toEqual({
      hsr: '0xc2000022',
      hsrHigh: '0x00000000',
      far: '0x0000000000000000',
      flags: '0x00000001',
    });
    expect(run.collected[0]?.values).toEqual({ pc: '0x0000000040000004', x0: '0x0000000000000000' });
  });

  it('steps one instruction', async () => {
    await client.put(`${vcpu()}/guest-debug`, {
      control: ['KVM_GUESTDBG_ENABLE', 'KVM_GUESTDBG_SINGLESTEP'],
    });
    const run = await client.run(vm.id, 0, { collect: [{ kind: 'registers', names: ['x0'] }] });
    expect(run.exit?.debug?.hsr).toBe('0xcb000022');
    expect(run.exit?.pc).toBe('0x0000000040000008');
    expect(run.collected[0]?.values).toEqual({ x0: '0x0000000000000001' });
  });

  it('stops at a watchpoint before the store, with the address in far', async () => {
    await client.put(`${vcpu()}/guest-debug`, {
      control: HARDWARE,
      wcr: { 0: '0x1ff7' },
      wvr: { 0: '0x40100000' },
    });
    const run = await client.run(vm.id, 0, {
      collect: [{ kind: 'memory', address: '0x40100000', length: 8 }],
    });
    // EC 0x34, WnR, DFSC 0x22.
    expect(run.exit?.debug).toMatchObject({ hsr: '0xd2000062', far: '0x0000000040100000' });
    expect(Buffer.from(run.collected[0]?.base64 ?? '', 'base64').toString('hex')).toBe('0000000000000000');
  });

  it('answers 202 with a run to wait for, and pauses it', async () => {
    await client.put(`${vcpu()}/guest-debug`, { control: 0 });
    const started = await client.send('POST', `${vcpu()}/runs`, { json: {} });
    const run = (await started.json()) as Run;
    expect([started.status, run.state, started.headers.get('location')]).toEqual([
      202,
      'running',
      `/v1/runs/${run.id}`,
    ]);
    await expect(client.put(`${vcpu()}/guest-debug`, { control: 0 })).rejects.toSatisfy(
      (error) => error instanceof ApiError && error.problem.status === 409 && error.problem.errno === 'EBUSY',
    );
    await client.post(`/v1/vms/${vm.id}/pause`);
    expect(await client.get<Run>(`/v1/runs/${run.id}?wait=5`)).toMatchObject({
      state: 'ended',
      end: { reason: 'paused' },
    });
    const memory = await client.bytes(`/v1/vms/${vm.id}/memory?address=0x40100000&length=8`);
    expect(Buffer.from(memory).toString('hex')).toBe('0100000000000000');
  });

  it('has every exit on record, also after the VM is gone', async () => {
    await client.command('DELETE', `/v1/vms/${vm.id}`);
    const page = await client.get<Page<Exit>>(`/v1/sessions/${vm.session}/exits`);
    const classes = page.items.map(({ reason, debug }) => [
      reason,
      debug === undefined ? null : Number(debug.hsr) >>> 26,
    ]);
    expect(classes).toEqual([
      ['KVM_EXIT_DEBUG', 0x30],
      ['KVM_EXIT_DEBUG', 0x32],
      ['KVM_EXIT_DEBUG', 0x34],
      ['KVM_EXIT_INTR', null],
    ]);
    expect(await client.get(`/v1/sessions/${vm.session}`)).toMatchObject({
      state: 'ended',
      endReason: 'vm-deleted',
      exits: 4,
    });
  });
});
