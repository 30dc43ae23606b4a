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
/** Everything interpreted, and everything compiled that runs again: a test passes on both. */
const TIERS = ['interpreter', 'jit'] as const;
const PASSED = 'P';
/** As GCC's own ieee.exp has it. */
const IEEE_FLAGS = ['-fno-inline'];

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

/** What DejaGnu's `dg-add-options` stands for on AArch64. */
const OPTION_SETS: Readonly<Record<string, readonly string[]>> = {
  arm_v8_1a_neon: ['-march=armv8.1-a'],
  arm_v8_2a_fp16_scalar: ['-march=armv8.2-a+fp16'],
  arm_v8_2a_fp16_neon: ['-march=armv8.2-a+fp16'],
  arm_v8_2a_dotprod_neon: ['-march=armv8.2-a+dotprod'],
  ieee: [],
};

/** Options that a test asks for on every target (dg-options, dg-additional-options), or by name (dg-add-options). */
function requestedFlags(text: string): string[] {
  const always = [...text.matchAll(/\{\s*dg-(?:additional-)?options\s+\{?\s*"([^"]*)"\s*\}/g)];
  const named = [...text.matchAll(/\{\s*dg-add-options\s+(\w+)\s*\}/g)];
  return [
    ...always.flatMap(([, flags]) => flags!.split(/\s+/).filter((flag) => flag !== '')),
    ...named.flatMap(([, name]) => OPTION_SETS[name!] ?? []),
  ];
}

/** Tests whose result is the compiler's. */
const isCompileOnly = (text: string): boolean => /\{\s*dg-do\s+(compile|assemble|preprocess)\b/.test(text);

function testsOf({ directories, flags }: GccSuite): Test[] {
  const root = gccTestsuite();
  return directories.flatMap((directory) => {
    const ieee = directory.endsWith('/ieee');
    const files = readdirSync(join(root, directory)).filter((name) => name.endsWith('.c'));
    return files.sort().flatMap((name) => {
      const file = join(root, directory, name);
      const text = readFileSync(file, 'latin1');
      if (isCompileOnly(text)) return [];
      return {
        name: `${ieee ? 'ieee-' : ''}${name.slice(0, -2)}`,
        file,
        flags: [...flags, ...(ieee ? IEEE_FLAGS : []), ...requestedFlags(text)],
      };
    });
  });
}

async function runGccSuite(suite: GccSuite, progress: Progress): Promise<SuiteResult> {
  const tests = testsOf(suite);
  const builder = createBuilder(
    suite.name,
    tests.map(({ flags }) => flags),
  );
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
    const wrong = TIERS.map((tier) => ({
      tier,
      output: runOnEngine(builder.file(name), BUDGET, tier).output,
    })).find(({ output }) => output !== PASSED);
    const reason = suite.knownFailures[name];
    if ((wrong === undefined) === (reason === undefined)) continue;
    failed++;
    const how = wrong === undefined ? `passes, known failure: ${reason}` : `${wrong.output} (${wrong.tier})`;
    progress.line(`${name}: FAILED: ${how}`);
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
  flags: ['-DSIGNAL_SUPPRESS'],
  knownFailures: {},
});

export const ADVSIMD: Suite = gccSuite({
  name: 'advsimd',
  summary: "GCC's tests of the Advanced SIMD intrinsics",
  directories: [ADVSIMD_DIRECTORY],
  flags: [],
  knownFailures: {},
});
