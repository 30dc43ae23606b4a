/** How soon a new VM executes, and what memory the service needs: many idle VMs, a kernel that runs for long. Needs `npm run build`. */
import { kernelFiles, missingKernel } from '../../scripts/suites/debian-kernel.ts';
import { Client, type Run, type Vm } from '../../src/cli/client.ts';
import { startServer } from '../../src/cli/server.ts';
import { uploadKernel } from './support/kernel-images.ts';
import { median, table } from './support/table.ts';

const MIB = 1 << 20;
/** add x0, x0, #1; b . - 4 */
const SPIN = ['91000400', '17ffffff'];
const LOAD = [{ address: '0x40000000', words: SPIN }];
const IDLE_VMS = 200;
const IDLE_MEMORY = 64 * MIB;
/** Processes without end: each command is a fork, and an exec of busybox. */
const INIT = `#!/bin/sh
mount -t devtmpfs dev /dev
mount -t proc proc /proc
while :; do cat /proc/uptime | grep -q .; done
`;
const KERNEL_MEMORY = 128 * MIB;
/** Instructions of the boot, and of each stretch after it. */
const BOOTED = 400_000_000;
const STRETCH = 400_000_000;
const WALL_MILLISECONDS = 3_600_000;

async function withService<T>(use: (client: Client) => Promise<T>): Promise<T> {
  const server = await startServer({ env: { GUESTDBG_REQUESTS_PER_SECOND: '0' } });
  try {
    const client = new Client(server.base);
    return await use(client);
  } finally {
    await server.stop();
  }
}

/** Resident memory of the service in MiB. */
async function residentMib(client: Client): Promise<number> {
  const metrics = await (await client.send('GET', '/metrics')).text();
  return Number(/^process_resident_memory_bytes(?:\{.*\})? (\S+)/m.exec(metrics)?.[1]) / MIB;
}

async function run(client: Client, vm: string, instructions: number): Promise<void> {
  const budget = { instructions, wallMilliseconds: WALL_MILLISECONDS };
  const { id } = await client.post<Run>(`/v1/vms/${vm}/runs`, { budget });
  for (;;) {
    const { state, end } = await client.get<Run>(`/v1/runs/${id}?wait=60`);
    if (state !== 'ended') continue;
    if (end?.reason !== 'budget-instructions') throw new Error(`the run ended with ${end?.reason}`);
    return;
  }
}

export async function footprint(quick: boolean): Promise<string> {
  const rows = [
    ...(await withService(coldStarts)),
    ...(await withService((client) => longRun(client, quick))),
  ];
  return `New VMs and memory\n${table(['figure', ''], rows)}`;
}

/** From the POST of a VM to the answer that its first instruction has retired; and 200 of them. */
async function coldStarts(client: Client): Promise<string[][]> {
  const empty = await residentMib(client);
  const times: number[] = [];
  for (let n = 0; n < IDLE_VMS; n++) {
    const started = performance.now();
    const { id } = await client.post<Vm>('/v1/vms', { memory: { size: IDLE_MEMORY }, load: LOAD });
    await run(client, id, 1);
    times.push(performance.now() - started);
    await run(client, id, 10_000);
  }
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  const mib = (value: number): string => `${value.toFixed(0)} MiB`;
  return [
    ['POST to first instruction, p50', ms(median(times))],
    ['  the first VM of a service; the slowest', `${ms(times[0]!)}; ${ms(Math.max(...times))}`],
    ['resident memory of a service without VMs', mib(empty)],
    [`  with ${IDLE_VMS} idle VMs of ${IDLE_MEMORY / MIB} MiB`, mib(await residentMib(client))],
  ];
}

/** A kernel that starts processes for ever. */
async function longRun(client: Client, quick: boolean): Promise<string[][]> {
  const label = `resident memory, Linux in ${KERNEL_MEMORY / MIB} MiB that forks and executes for ever`;
  const missing = missingKernel();
  if (missing !== undefined) return [[label, `skipped: ${missing}`]];
  const images = await uploadKernel(client, kernelFiles(INIT, []));
  const { id } = await client.post<Vm>('/v1/vms', {
    memory: { size: KERNEL_MEMORY },
    board: { kind: 'virt', gic: 3 },
    boot: { ...images, commandLine: 'cryptomgr.notests' },
  });
  await run(client, id, BOOTED);
  const seen = [await residentMib(client)];
  for (let n = 0; n < (quick ? 2 : 10); n++) {
    await run(client, id, STRETCH);
    seen.push(await residentMib(client));
  }
  const shown = seen.map((value) => value.toFixed(0)).join(', ');
  return [
    [label, ''],
    [`  after ${BOOTED / 1e6} M instructions, and after each ${STRETCH / 1e6} M more`, `${shown} MiB`],
  ];
}
