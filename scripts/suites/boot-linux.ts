/**
 * Debian's kernel over REST: it boots on each GIC with one, two and four vcpus, runs commands typed on its console and
 * switches the machine off by PSCI.
 */
import { Client, type Run, type Vm } from '../../src/cli/client.ts';
import { startServer } from '../../src/cli/server.ts';
import { kernelFiles, missingKernel } from './debian-kernel.ts';
import type { Progress } from './progress.ts';
import type { Suite, SuiteResult } from './suite.ts';

const INIT = `#!/bin/sh
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
echo GUEST-UP $(uname -m) $(nproc) vcpus
exec sh </dev/console >/dev/console 2>&1
`;
const COMMAND_LINE = 'earlycon console=ttyAMA0 cryptomgr.notests';
const PROMPT = '/ # ';
const MEMORY = 512 << 20;
/** A boot takes about 300 million instructions. */
const INSTRUCTIONS = 3_000_000_000;
const WALL_MILLISECONDS = 600_000;
const POLL_MILLISECONDS = 100;

interface Case {
  readonly gic: 2 | 3;
  readonly vcpus: number;
}
const CASES: readonly Case[] = [1, 2, 4].flatMap((vcpus): Case[] => [
  { gic: 3, vcpus },
  { gic: 2, vcpus },
]);

interface ConsolePage {
  readonly next: number;
  readonly text: string;
}

/** What a person at the console would do. */
class Console {
  readonly #client: Client;
  readonly #vm: string;
  readonly #run: string;
  #next = 0;
  text = '';

  constructor(client: Client, vm: string, run: string) {
    this.#client = client;
    this.#vm = vm;
    this.#run = run;
  }
  async read(): Promise<void> {
    const { next, text } = await this.#client.get<ConsolePage>(`${this.#vm}/console?after=${this.#next}`);
    this.#next = next;
    this.text += text;
  }
  /** Resolves when the text has come after position `from`; fails when the run ends before. */
  async until(text: string, from: number): Promise<void> {
    for (;;) {
      const { state } = await this.#client.get<Run>(`/v1/runs/${this.#run}`);
      await this.read();
      if (this.text.indexOf(text, from) >= 0) return;
      if (state === 'ended') throw new Error(`the run ended before ${JSON.stringify(text)}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    }
  }
  /** Type a command and wait for what it prints, and for the prompt after it. */
  async command(line: string, expected: string): Promise<void> {
    const from = this.text.length;
    await this.#client.post(`${this.#vm}/console`, { text: `${line}\n` });
    await this.until(expected, from);
    await this.until(PROMPT, this.text.indexOf(expected, from));
  }
}

async function boot(
  client: Client,
  images: { kernel: string; initrd: string },
  { gic, vcpus }: Case,
): Promise<string> {
  const started = performance.now();
  const { id } = await client.post<Vm>('/v1/vms', {
    memory: { size: MEMORY },
    vcpus,
    board: { kind: 'virt', gic },
    boot: { ...images, commandLine: COMMAND_LINE },
  });
  const vm = `/v1/vms/${id}`;
  const budget = { instructions: INSTRUCTIONS, wallMilliseconds: WALL_MILLISECONDS };
  const run = await client.post<Run>(`${vm}/runs`, { budget });
  const console = new Console(client, vm, run.id);
  try {
    await console.until(`GUEST-UP aarch64 ${vcpus} vcpus`, 0);
    await console.until(PROMPT, 0);
    const booted = performance.now();
    await console.command('uname -sm', 'Linux aarch64');
    await console.command('echo $((6 * 7)) of $(nproc)', `42 of ${vcpus}`);
    await console.command('grep -c GIC /proc/interrupts', '3');
    await client.post(`${vm}/console`, { text: 'poweroff -f\n' });
    const { exit, end, instructions } = await client.get<Run>(`/v1/runs/${run.id}?wait=60`);
    if (exit?.systemEvent?.type !== 'KVM_SYSTEM_EVENT_SHUTDOWN') {
      throw new Error(`poweroff ended the run with ${end?.reason ?? 'nothing'} ${exit?.reason ?? ''}`);
    }
    const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
    return `shell after ${seconds(booted - started)} s, ${Math.round(instructions / 1e6)} million instructions in all`;
  } catch (error) {
    await console.read();
    throw new Error(`${(error as Error).message}; the console ends with\n${console.text.slice(-2000)}`, {
      cause: error,
    });
  } finally {
    await client.command('DELETE', vm);
  }
}

async function upload(client: Client, kind: string, bytes: Uint8Array): Promise<string> {
  const response = await client.send('POST', `/v1/images?kind=${kind}`, { bytes });
  return ((await response.json()) as { id: string }).id;
}

async function run({ progress }: { readonly progress: Progress }): Promise<SuiteResult> {
  const { image, initrd } = kernelFiles(INIT);
  const server = await startServer({ env: { GUESTDBG_REQUESTS_PER_SECOND: '0' } });
  let failed = 0;
  try {
    const client = new Client(server.base);
    const images = {
      kernel: await upload(client, 'linux-image', image),
      initrd: await upload(client, 'initrd', initrd),
    };
    for (const [i, which] of CASES.entries()) {
      const name = `GICv${which.gic}, ${which.vcpus} vcpu${which.vcpus === 1 ? '' : 's'}`;
      progress.step(name, i, CASES.length);
      try {
        progress.line(`${name}: ${await boot(client, images, which)}`);
      } catch (error) {
        failed++;
        progress.line(`${name}: FAILED: ${(error as Error).message}`);
      }
    }
  } finally {
    await server.stop();
  }
  return { passed: CASES.length - failed, failed, skipped: 0 };
}

export const BOOT: Suite = {
  name: 'boot',
  summary: "Debian's 6.1 cloud kernel to its shell and off again, GICv2 and GICv3, 1, 2 and 4 vcpus",
  missing: missingKernel,
  run,
};
