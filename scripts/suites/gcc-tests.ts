/**
 * GCC's tests of generated code on the engine: compiled for the bare machine, judged by QEMU. A test counts when it
 * compiles here and QEMU passes it; then it passes on the engine, or is listed as a known failure.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder } from './bare-metal/build.ts';
import { qemuOutput } from './bare-metal/qemu.ts';
import { ADVSIMD_DIRECTORY, gccTestsuite, missingGccSource, TORTURE_DIRECTORIES } from './gcc-source.ts';
import type { Progress } from './progress.ts';
import type { Suite, SuiteResult } from './suite.ts';
import { missingTool } from './tools.ts';

/** Instructions that a test may retire; the longest needs a tenth of them. */
const BUDGET = 1_000_000_000;
const PASSED = 'P';

interface GccSuite {
  readonly name: string;
  readonly summary: string;
  readonly directories: readonly string[];
  readonly flags: readonly string[];
  /** Reasons by test. A test of this list that passes is a failure too: the list is out of date. */
  readonly knownFailures: Readonly<Record<string, string>>;
}

interface Test {
  readonly name: string;
  readonly file: string;
  readonly flags: readonly string[];
}

/** Options that a test asks for on every target (DejaGnu: dg-options, dg-additional-options). */
export function requestedFlags(text: string): string[] {
  const directives = text.matchAll(/\{\s*dg-(?:additional-)?options\s+"([^"]*)"\s*\}/g);
  return [...directives].flatMap(([, flags]) => flags!.split(/\s+/).filter((flag) => flag !== ''));
}

function testsOf({ directories, flags }: GccSuite): Test[] {
  const root = gccTestsuite();
  return directories.flatMap((directory) =>
    readdirSync(join(root, directory))
      .filter((name) => name.endsWith('.c'))
      .sort()
      .map((name) => {
        const file = join(root, directory, name);
        const requested = requestedFlags(readFileSync(file, 'latin1'));
        const prefix = directory.endsWith('/ieee') ? 'ieee-' : '';
        return { name: `${prefix}${name.slice(0, -2)}`, file, flags: [...flags, ...requested] };
      }),
  );
}

async function runGccSuite(suite: GccSuite, progress: Progress): Promise<SuiteResult> {
  const tests = testsOf(suite);
  const builder = createBuilder(suite.name);
  const judged: Test[] = [];
  let skipped = 0;
  for (const [i, test] of tests.entries()) {
    progress.step('compiled, judged by QEMU', i, tests.length);
    const builds = builder.build(test.name, test.file, test.flags);
    if (builds && qemuOutput(builder.file(test.name)) === PASSED) judged.push(test);
    else {
      skipped++;
      progress.line(
        `${test.name}: ${builds ? 'QEMU does not pass it' : 'does not build without an operating system'}`,
      );
    }
  }
  // Not before it is needed: it loads what `npm run build` made.
  const { runOnEngine } = await import('./bare-metal/engine.ts');
  let failed = 0;
  for (const [i, { name }] of judged.entries()) {
    progress.step('run', i, judged.length);
    const { output } = runOnEngine(builder.file(name), BUDGET);
    const reason = suite.knownFailures[name];
    if ((output === PASSED) === (reason === undefined)) continue;
    failed++;
    progress.line(
      reason === undefined
        ? `${name}: FAILED: ${output}`
        : `${name}: FAILED: passes, known failure: ${reason}`,
    );
  }
  return { passed: judged.length - failed, failed, skipped };
}

const gccSuite = (suite: GccSuite): Suite => ({
  name: suite.name,
  summary: suite.summary,
  missing: () =>
    missingTool({
      'aarch64-linux-gnu-gcc': 'gcc-aarch64-linux-gnu',
      'qemu-system-aarch64': 'qemu-system-arm',
    }) ?? missingGccSource(),
  run: ({ progress }) => runGccSuite(suite, progress),
});

export const TORTURE: Suite = gccSuite({
  name: 'torture',
  summary: "GCC's execute and ieee tests at -O2",
  directories: TORTURE_DIRECTORIES,
  flags: [],
  knownFailures: {},
});

export const ADVSIMD: Suite = gccSuite({
  name: 'advsimd',
  summary: "GCC's tests of the Advanced SIMD intrinsics",
  directories: [ADVSIMD_DIRECTORY],
  flags: [],
  knownFailures: {},
});
