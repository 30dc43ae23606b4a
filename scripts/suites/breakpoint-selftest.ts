/**
 * The kernel's own test of ptrace watchpoints on arm64, inside Debian's kernel on the engine: 213 stores of one to 32 bytes
 * against watchpoints at, before and behind them.
 */
import type { Client, Run } from '../../src/cli/client.ts';
import type { Console } from './console.ts';
import { missingKernel } from './debian-kernel.ts';
import {
  type Board,
  BUDGET,
  boardName,
  greeting,
  type Images,
  millions,
  powerOff,
  withGuest,
  withKernel,
} from './linux-guest.ts';
import { breakpointTest, missingBreakpointTest } from './linux-source.ts';
import type { Progress } from './progress.ts';
import type { Suite, SuiteOptions, SuiteResult } from './suite.ts';

const BOARDS: readonly Board[] = [
  { gic: 3, vcpus: 1 },
  { gic: 3, vcpus: 4 },
  { gic: 2, vcpus: 2 },
];
/** The plan of the test: `ksft_set_plan` in its source. */
export const TESTS = 213;

/** Its totals as the Test Anything Protocol has them: `# Totals: pass:213 fail:0 xfail:0 xpass:0 skip:0 error:0`. */
interface Totals {
  readonly pass: number;
  readonly line: string;
  /** Lines of tests that did not pass. */
  readonly failures: readonly string[];
}

/** Run the test from the shell. */
export async function runBreakpointTest(console: Console, run: string, name: string): Promise<Totals> {
  const text = await console.command(run, name, '# Totals:');
  const line = /# Totals:.*/.exec(text)![0];
  const pass = Number(/pass:(\d+)/.exec(line)?.[1] ?? 0);
  return { pass, line, failures: text.match(/^not ok .*/gm) ?? [] };
}

async function onBoard(
  client: Client,
  images: Images,
  board: Board,
  name: string,
  progress: Progress,
): Promise<Totals> {
  return withGuest(client, images, board, '', async (vm, console) => {
    const { id } = await client.post<Run>(`${vm}/runs`, { budget: BUDGET });
    await console.ready(id, greeting(board.vcpus));
    const totals = await runBreakpointTest(console, id, name);
    const { instructions } = await powerOff(client, console, id);
    progress.line(`${boardName(board)}: ${totals.line} (${millions(instructions)} with boot and poweroff)`);
    return totals;
  });
}

function run({ count, progress }: SuiteOptions): Promise<SuiteResult> {
  const program = breakpointTest();
  return withKernel([program], async (client, images) => {
    const boards = BOARDS.slice(0, count);
    let passed = 0;
    for (const [i, board] of boards.entries()) {
      progress.step(boardName(board), i, boards.length);
      try {
        const { pass, failures } = await onBoard(client, images, board, program.name, progress);
        passed += pass;
        for (const failure of failures) progress.line(`  ${failure}`);
      } catch (error) {
        progress.line(`${boardName(board)}: FAILED: ${(error as Error).message}`);
      }
    }
    return { passed, failed: boards.length * TESTS - passed, skipped: 0 };
  });
}

export const BREAKPOINT_SELFTEST: Suite = {
  name: 'selftest',
  summary:
    "the kernel's breakpoint_test_arm64 inside Debian's kernel, 213 tests on each of three boards (--count boards)",
  quick: 1,
  missing: () => missingKernel() ?? missingBreakpointTest(),
  run,
};
