/**
 * Debian's kernel over REST: it boots on each GIC with one, two and four vcpus, runs commands typed on its console and
 * switches the machine off by PSCI.
 */
import type { Client, Run } from '../../src/cli/client.ts';
import { missingKernel } from './debian-kernel.ts';
import {
  type Board,
  BUDGET,
  boardName,
  cpuSeconds,
  greeting,
  type Images,
  millions,
  powerOff,
  seconds,
  withGuest,
  withKernel,
} from './linux-guest.ts';
import type { Suite, SuiteOptions, SuiteResult } from './suite.ts';

const BOARDS: readonly Board[] = [
  ...[1, 2, 4].flatMap((vcpus): Board[] => [
    { gic: 3, vcpus },
    { gic: 2, vcpus },
  ]),
  { gic: 3, vcpus: 1, tier: 'interpreter' },
];

function boot(client: Client, images: Images, board: Board): Promise<string> {
  const { vcpus } = board;
  return withGuest(client, images, board, '', async (vm, console) => {
    const started = performance.now();
    const used = await cpuSeconds(client);
    const { id } = await client.post<Run>(`${vm}/runs`, { budget: BUDGET });
    await console.ready(id, greeting(vcpus));
    const booted = performance.now();
    const cpu = (await cpuSeconds(client)) - used;
    await console.command(id, 'uname -sm', 'Linux aarch64');
    await console.command(id, 'echo $((6 * 7)) of $(nproc)', `42 of ${vcpus}`);
    await console.command(id, 'grep -c GIC /proc/interrupts', '3');
    const { instructions } = await powerOff(client, console, id);
    const time = `${seconds(booted - started)} s (${cpu.toFixed(1)} s of CPU)`;
    return `shell after ${time}, ${millions(instructions)} in all`;
  });
}

function run({ count, progress }: SuiteOptions): Promise<SuiteResult> {
  return withKernel([], async (client, images) => {
    const boards = BOARDS.slice(0, count);
    let failed = 0;
    for (const [i, board] of boards.entries()) {
      const name = boardName(board);
      progress.step(name, i, boards.length);
      try {
        progress.line(`${name}: ${await boot(client, images, board)}`);
      } catch (error) {
        failed++;
        progress.line(`${name}: FAILED: ${(error as Error).message}`);
      }
    }
    return { passed: boards.length - failed, failed, skipped: 0 };
  });
}

export const BOOT: Suite = {
  name: 'boot',
  summary:
    "Debian's 6.1 cloud kernel to its shell and off again: GICv2 and GICv3, 1, 2 and 4 vcpus, and in the interpreter alone (--count boards)",
  quick: 2,
  missing: missingKernel,
  run,
};
