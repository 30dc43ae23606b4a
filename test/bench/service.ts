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

async function recordedSteps(client: Client, steps: number): Promise<string[][]> {
  const vm = await spinner(client);
  const seconds = async (spec: object): Promise<number> => {
    const start = performance.now();
    const run = await client.run(vm, 0, spec);
    if (run.end?.reason !== 'steps-done') throw new Error(`the run ended with ${run.end?.reason}`);
    return (performance.now() - start) / 1000;
  };
  const recorded = [];
  for (let n = 0; n < 3; n++) recorded.push(await seconds({ steps, record: 'all' }));
  const silent = await seconds({ steps: steps * 10, record: 'none' });
  await client.command('DELETE', `/v1/vms/${vm}`);
  return [
    [
      `exits recorded in SQLite, a second (one run, steps: ${steps}, record: all)`,
      rate(steps / median(recorded)),
    ],
    [`steps a second (one run, steps: ${steps * 10}, record: none)`, rate((steps * 10) / silent)],
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
