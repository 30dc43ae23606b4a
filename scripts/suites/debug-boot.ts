/**
 * Debian's kernel debugged while it boots and runs: a breakpoint by symbol, a watchpoint on one of its variables, a step
 * from user space into its vectors, its own ptrace watchpoints beside the host's; then it still does its work.
 */
import type { Client } from '../../src/cli/client.ts';
import { Checks } from './checks.ts';
import { missingKernel } from './debian-kernel.ts';
import { type Board, boardName, type Images, withGuest, withKernel } from './linux-guest.ts';
import {
  breakAtStartKernel,
  compareHistory,
  compareSymbols,
  hideFromGuest,
  stepIntoSvc,
  toShell,
  watchBoot,
  watchPowerOff,
} from './debug-scenes.ts';
import { breakpointTest, missingBreakpointTest } from './linux-source.ts';
import type { Scene } from './scene.ts';
import type { Suite, SuiteOptions, SuiteResult } from './suite.ts';
import { allSymbols, symbolAddress, Target } from './target.ts';
import { walkKernel } from './translation-scenes.ts';

/** Until 6.13 KVM leaves the guest's own breakpoints live while the host debugs without USE_HW; since 6.14 it hides them. */
const BOARDS: readonly (Board & { readonly kernel: string; readonly hides: boolean })[] = [
  { gic: 3, vcpus: 1, kernel: '6.12', hides: false },
  { gic: 2, vcpus: 2, kernel: '6.18', hides: true },
];
async function debugBoot(
  client: Client,
  images: Images,
  board: (typeof BOARDS)[number],
  name: string,
  checks: Checks,
): Promise<void> {
  await withGuest(client, images, board, 'nokaslr', async (vm, console, session) => {
    const { vcpus, hides } = board;
    const target = new Target(client, vm, vcpus);
    const address = (symbol: string): Promise<bigint> => symbolAddress(client, images.kernel, symbol);
    const scene: Scene = { checks, console, target, vcpus, address };
    await breakAtStartKernel(scene);
    await watchBoot(scene);
    await toShell(scene);
    // Its two thousand million instructions once are enough.
    if (board === BOARDS[0]) await compareSymbols(scene, await allSymbols(client, images.kernel));
    await walkKernel(scene);
    await stepIntoSvc(scene);
    await hideFromGuest(scene, name, hides);
    await watchPowerOff(scene, client);
    await compareHistory(scene, client, session);
  });
}

function run({ count, progress }: SuiteOptions): Promise<SuiteResult> {
  const program = breakpointTest();
  const checks = new Checks(progress);
  const boards = BOARDS.slice(0, count);
  return withKernel([program], async (client, images) => {
    for (const [i, board] of boards.entries()) {
      progress.step(boardName(board), i, boards.length);
      progress.line(boardName(board));
      try {
        await debugBoot(client, images, board, program.name, checks);
      } catch (error) {
        checks.fail((error as Error).message);
      }
    }
    return checks.result;
  });
}

export const DEBUG_BOOT: Suite = {
  name: 'debug-boot',
  summary:
    "Debian's kernel debugged over REST while it boots, with its own ptrace watchpoints beside the host's",
  quick: 1,
  missing: () => missingKernel() ?? missingBreakpointTest(),
  run,
};
