/** What the whole service does over HTTP, exits stored in SQLite: needs `npm run build`. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client, type Run, type Vm } from '../../src/cli/client.ts';
import { startServer } from '../../src/cli/server.ts';
import { median, rate, table } from './support/table.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/** add x0, x0, #1; b . - 4 */
const SPIN = ['91000400', '17ffffff'];

export async function service(quick: boolean): Promise<string> {
  if (!existsSync(MAIN)) return 'The service is not built: npm run build, then again.';
  const server = await startServer();
  try {
    const client = new Client(server.base);
    const rows = [
      ...(await recordedSteps(client, quick ? 20_000 : 200_000)),
      ...(await whileSpinning(client, quick ? 5 : 20)),
    ];
    return `Over HTTP, one client\n${table(['operation', 'figure'], rows)}`;
  } finally {
    await server.stop();
  }
}

async function spinner(client: Client): Promise<string> {
  const vm = await client.post<Vm>('/v1/vms', {
    memory: { size: 0x40_0000 },
    load: [{ address: '0x40000000', words: SPIN }],
  });
  return vm.id;
}

/** CPU seconds of the service, all its threads: what it needs when the machine is busy with other things as well. */
async function serviceCpuSeconds(client: Client): Promise<number> {
  const metrics = await (await client.send('GET', '/metrics')).text();
  return Number(/^process_cpu_seconds_total(?:\{.*\})? (\S+)/m.exec(metrics)?.[1]);
}

async function recordedSteps(client: Client, steps: number): Promise<string[][]> {
  const vm = await spinner(client);
  const measure = async (spec: { steps: number; record: string }): Promise<{ wall: number; cpu: number }> => {
    const [start, cpu] = [performance.now(), await serviceCpuSeconds(client)];
    const run = await client.run(vm, 0, spec);
    if (run.end?.reason !== 'steps-done') throw new Error(`the run ended with ${run.end?.reason}`);
    return { wall: (performance.now() - start) / 1000, cpu: (await serviceCpuSeconds(client)) - cpu };
  };
  await measure({ steps: 1000, record: 'all' });
  const recorded: { wall: number; cpu: number }[] = [];
  for (let n = 0; n < 3; n++) recorded.push(await measure({ steps, record: 'all' }));
  const silent = await measure({ steps: steps * 10, record: 'none' });
  await client.command('DELETE', `/v1/vms/${vm}`);
  const cpu = median(recorded.map((run) => run.cpu));
  return [
    [
      `exits recorded in SQLite (one run, steps: ${steps}, record: all)`,
      `${rate(steps / median(recorded.map((run) => run.wall)))} a second`,
    ],
    ['  the same by CPU time of the service, all threads', `${rate(steps / cpu)} a CPU second`],
    [`steps (one run, steps: ${steps * 10}, record: none)`, `${rate((steps * 10) / silent.wall)} a second`],
  ];
}

/** Milliseconds of requests while a guest spins. */
async function whileSpinning(client: Client, times: number): Promise<string[][]> {
  const vm = await spinner(client);
  const pauses: number[] = [];
  const gets: number[] = [];
  const timed = async (into: number[], request: () => Promise<unknown>): Promise<void> => {
    const start = performance.now();
    await request();
    into.push(performance.now() - start);
  };
  for (let n = 0; n < times; n++) {
    const run = await client.post<Run>(`/v1/vms/${vm}/vcpus/0/runs`, {});
    for (let get = 0; get < 10; get++) await timed(gets, () => client.get(`/v1/vms/${vm}`));
    await timed(pauses, () => client.post(`/v1/vms/${vm}/pause`));
    await client.get(`/v1/runs/${run.id}?wait=10`);
  }
  await client.command('DELETE', `/v1/vms/${vm}`);
  const shown = (values: number[]): string =>
    `${median(values).toFixed(1)} ms median, ${Math.max(...values).toFixed(1)} ms worst`;
  return [
    ['GET of a VM while its guest spins', shown(gets)],
    ['pause of a spinning guest', shown(pauses)],
  ];
}
