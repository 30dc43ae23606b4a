/** Debian's kernel in a VM of one's own service: what its suites have in common. */
import { Client, type Run, type Vm } from '../../src/cli/client.ts';
import { startServer } from '../../src/cli/server.ts';
import { Console } from './console.ts';
import { kernelFiles, type Program } from './debian-kernel.ts';

const INIT = `#!/bin/sh
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
echo GUEST-UP $(uname -m) $(nproc) vcpus
exec sh </dev/console >/dev/console 2>&1
`;
const PROMPT = '/ # ';
const MEMORY = 512 << 20;
/** A boot takes about 300 million instructions. */
const INSTRUCTIONS = 10_000_000_000;
const WALL_MILLISECONDS = 600_000;
export const BUDGET = { instructions: INSTRUCTIONS, wallMilliseconds: WALL_MILLISECONDS } as const;

export interface Images {
  readonly kernel: string;
  readonly initrd: string;
}

export async function upload(client: Client, kind: string, bytes: Uint8Array): Promise<string> {
  const response = await client.send('POST', `/v1/images?kind=${kind}`, { bytes });
  return ((await response.json()) as { id: string }).id;
}

/** A service with the kernel and a RAM disk with the programs, for as long as `use` takes. */
export async function withKernel<T>(
  programs: readonly Program[],
  use: (client: Client, images: Images) => Promise<T>,
): Promise<T> {
  const { image, initrd } = kernelFiles(INIT, programs);
  const server = await startServer({ env: { GUESTDBG_REQUESTS_PER_SECOND: '0' } });
  try {
    const client = new Client(server.base);
    const kernel = await upload(client, 'linux-image', image);
    return await use(client, { kernel, initrd: await upload(client, 'initrd', initrd) });
  } finally {
    await server.stop();
  }
}

export interface Board {
  readonly gic: 2 | 3;
  readonly vcpus: number;
  /** How instructions are executed; default: as the service does. */
  readonly tier?: string;
  /** Generation of the host's kernel; default: the service's. */
  readonly kernel?: string;
  /** Further members of the VM's board. */
  readonly devices?: object;
}

export function boardName({ gic, vcpus, kernel, tier }: Board): string {
  const host = kernel === undefined ? '' : `, KVM of ${kernel}`;
  const how = tier === undefined ? '' : `, ${tier} alone`;
  return `GICv${gic}, ${vcpus} vcpu${vcpus === 1 ? '' : 's'}${host}${how}`;
}

/** A VM that would boot the kernel, for as long as `use` takes. An error comes with the end of the console. */
export async function withGuest<T>(
  client: Client,
  images: Images,
  { gic, vcpus, kernel, tier, devices }: Board,
  commandLine: string,
  use: (vm: string, console: Console, session: string) => Promise<T>,
): Promise<T> {
  const { id, session } = await client.post<Vm>('/v1/vms', {
    memory: { size: MEMORY },
    vcpus,
    ...(kernel === undefined ? {} : { kernel }),
    board: { kind: 'virt', gic, ...devices },
    ...(tier !== undefined && { tier }),
    boot: { ...images, commandLine: `earlycon console=ttyAMA0 cryptomgr.notests ${commandLine}`.trim() },
  });
  const vm = `/v1/vms/${id}`;
  const console = new Console(client, vm, PROMPT);
  try {
    return await use(vm, console, session);
  } catch (error) {
    throw await console.explained(error);
  } finally {
    await client.command('DELETE', vm);
  }
}

/** What the RAM disk's first program says when it is up. */
export const greeting = (vcpus: number): string => `GUEST-UP aarch64 ${vcpus} vcpus`;

/** Switch the machine off from its shell; the run, which ends with the system event. */
export async function powerOff(
  client: Client,
  console: Console,
  run: string,
  command = 'poweroff -f',
): Promise<Run> {
  await console.type(command);
  const ended = await client.get<Run>(`/v1/runs/${run}?wait=60`);
  const { exit, end } = ended;
  if (exit?.systemEvent?.type === 'KVM_SYSTEM_EVENT_SHUTDOWN') return ended;
  throw new Error(`poweroff ended the run with ${end?.reason ?? 'nothing'} ${exit?.reason ?? ''}`);
}

/** CPU seconds that the service has used, of all its threads. */
export async function cpuSeconds(client: Client): Promise<number> {
  const text = await (await client.send('GET', '/metrics')).text();
  const value = /^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1];
  if (value === undefined) throw new Error('/metrics has no process_cpu_seconds_total');
  return Number(value);
}

export const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
export const millions = (instructions: number): string =>
  `${Math.round(instructions / 1e6)} million instructions`;
