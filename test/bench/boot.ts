/** A Linux kernel from power on to power off, wall time: in process, over REST, and in QEMU. */
import { Client, type Run, type Vm } from '../../src/cli/client.ts';
import { startServer } from '../../src/cli/server.ts';
import { type KernelFiles, missingKernel } from '../../scripts/suites/debian-kernel.ts';
import {
  type Boot,
  bootInProcess,
  bootInQemu,
  COMMAND_LINE,
  linux,
  PROFILE,
  RAM_MIB,
} from './support/linux.ts';
import { type KernelImages, uploadKernel } from './support/kernel-images.ts';
import { qemuVersion } from './support/qemu.ts';
import { median, table } from './support/table.ts';

const BUDGET = { instructions: 10_000_000_000, wallMilliseconds: 600_000 } as const;
/** `sleep=off`: a waiting guest costs no time, as on this engine. */
const ICOUNT = ['-icount', 'shift=1,sleep=off'] as const;

interface Machine {
  readonly name: string;
  boot(): Promise<Boot> | Boot;
}

/** From the POST of the VM to the end of its run. */
async function bootOverRest(client: Client, images: KernelImages): Promise<Boot> {
  const started = performance.now();
  const { id } = await client.post<Vm>('/v1/vms', {
    memory: { size: RAM_MIB << 20 },
    vcpus: [{ profile: PROFILE }],
    board: { kind: 'virt', gic: 3 },
    boot: { ...images, commandLine: COMMAND_LINE },
  });
  const run = await client.post<Run>(`/v1/vms/${id}/runs`, { budget: BUDGET });
  let ended = run;
  while (ended.state !== 'ended') ended = await client.get<Run>(`/v1/runs/${run.id}?wait=60`);
  const seconds = (performance.now() - started) / 1000;
  await client.command('DELETE', `/v1/vms/${id}`);
  if (ended.exit?.systemEvent?.type !== 'KVM_SYSTEM_EVENT_SHUTDOWN')
    throw new Error(`the boot ended with ${ended.end?.reason} ${ended.exit?.reason ?? ''}`);
  return { seconds, instructions: ended.instructions };
}

/** Needs `npm run build`. */
export async function boots(quick: boolean): Promise<string> {
  const missing = missingKernel();
  if (missing !== undefined) return `Kernel boot: skipped: ${missing}`;
  const files = linux();
  const server = await startServer({ env: { GUESTDBG_REQUESTS_PER_SECOND: '0' } });
  try {
    const client = new Client(server.base);
    const images = await uploadKernel(client, files);
    return await compare(files, () => bootOverRest(client, images), quick ? 1 : 5);
  } finally {
    await server.stop();
  }
}

async function compare(files: KernelFiles, overRest: () => Promise<Boot>, times: number): Promise<string> {
  const qemu = qemuVersion();
  const reference: readonly Machine[] = [
    { name: 'QEMU, TCG', boot: () => bootInQemu(files) },
    { name: 'QEMU, -icount', boot: () => bootInQemu(files, ICOUNT) },
  ];
  const machines: readonly Machine[] = [
    ...(qemu === null ? [] : reference),
    { name: 'over REST, auto', boot: overRest },
    { name: 'in process, auto', boot: () => bootInProcess(files, 'auto') },
    { name: 'in process, interpreter', boot: () => bootInProcess(files, 'interpreter') },
  ];
  const results = machines.map((): Boot[] => []);
  for (let n = 0; n < times; n++)
    for (const [i, machine] of machines.entries()) results[i]!.push(await machine.boot());
  const medians = results.map((boots) => median(boots.map(({ seconds }) => seconds)));
  const ratio = (seconds: number): string => (qemu === null ? '-' : (seconds / medians[0]!).toFixed(2));
  const rows = machines.map(({ name }, i) => {
    const { instructions, seconds: first } = results[i]![0]!;
    const millions = instructions === undefined ? '-' : `${(instructions / 1e6).toFixed(0)} M`;
    const cpu = results[i]!.flatMap(({ cpuSeconds }) => cpuSeconds ?? []);
    const wall = medians[i]!;
    return [
      name,
      millions,
      first.toFixed(2),
      wall.toFixed(2),
      ratio(wall),
      cpu.length === 0 ? '-' : median(cpu).toFixed(2),
    ];
  });
  return [
    `Debian's kernel to poweroff, ${RAM_MIB} MiB, 1 vcpu, GICv3: wall seconds (median of ${times}, interleaved)`,
    `${qemu ?? 'qemu-system-aarch64 is not installed: no comparison'}; command line: ${COMMAND_LINE}`,
    table(['machine', 'instructions', 'first', 'median', '/ TCG', 'CPU s'], rows),
  ].join('\n');
}
