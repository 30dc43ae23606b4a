/** A guest that spins holds nobody up: requests are answered, and pause stops it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client, type Run, type Vm } from '../../src/cli/client.ts';
import { type OwnServer, startServer } from '../../src/cli/server.ts';
import { createVm } from './guests.ts';

/** The promise is 50 ms and a few ms; a loaded machine gets generous bounds, `npm run bench` prints the figures. */
const PAUSE_MS = 1000;
const GET_MS = 500;

let server: OwnServer;
let client: Client;
beforeAll(async () => {
  server = await startServer();
  client = new Client(server.base);
});
afterAll(() => server.stop());

async function milliseconds(request: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await request();
  return performance.now() - start;
}

it('requests are answered and pause works while guests spin', async () => {
  const vms = await Promise.all([0, 1, 2].map(() => createVm(client)));
  const runs = await Promise.all(vms.map(({ id }) => client.post<Run>(`/v1/vms/${id}/vcpus/0/runs`, {})));
  for (let n = 0; n < 20; n++) {
    expect(await milliseconds(() => client.get(`/v1/vms/${vms[n % 3]?.id}`))).toBeLessThan(GET_MS);
  }
  for (const vm of vms) {
    expect(await milliseconds(() => client.post(`/v1/vms/${vm.id}/pause`))).toBeLessThan(PAUSE_MS);
    expect((await client.get<Vm>(`/v1/vms/${vm.id}`)).runState).toBe('stopped');
  }
  for (const { id } of runs) {
    const run = await client.get<Run>(`/v1/runs/${id}?wait=5`);
    expect(run).toMatchObject({
      state: 'ended',
      end: { reason: 'paused' },
      exit: { reason: 'KVM_EXIT_INTR', errno: 'EINTR' },
    });
    expect(run.instructions).toBeGreaterThan(0);
  }
});

it('a paused guest goes on where it was', async () => {
  const vm = await createVm(client);
  const spec = { budget: { instructions: 1000 }, collect: [{ kind: 'registers', names: ['x0'] }] };
  const first = await client.run(vm.id, 0, spec);
  const second = await client.run(vm.id, 0, spec);
  // Every second instruction is the addition.
  expect(
    [first, second].map((run) => [
      run.end?.reason,
      run.instructions,
      BigInt(run.collected[0]?.values?.['x0'] ?? 0),
    ]),
  ).toEqual([
    ['budget-instructions', 1000, 500n],
    ['budget-instructions', 1000, 1000n],
  ]);
});
