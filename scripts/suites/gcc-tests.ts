/**
 * GCC's tests of generated code: compiled for the bare machine with semihosting, judged by QEMU. A test counts when it
 * builds here and QEMU passes it; then it passes in a VM of the service, in each tier, and prints the same.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createBuilder } from './bare-metal/build.ts';
import { describe } from './bare-metal/outcome.ts';
import { runInQemu } from './bare-metal/qemu.ts';
import { type Service, withService } from './bare-metal/service.ts';
import { ADVSIMD_DIRECTORY, gccTestsuite, missingGccSource, TORTURE_DIRECTORIES } from './gcc-source.ts';
import { spread } from './part.ts';
import type { Progress } from './progress.ts';
import type { Suite, SuiteOptions, SuiteResult } from './suite.ts';
import { inParallel, missingTool } from './tools.ts';

/** As GCC's own ieee.exp has it. */
const IEEE_FLAGS = ['-fno-inline'];

interface GccSuite {
  readonly name: string;
  readonly summary: string;
  readonly directories: readonly string[];
  readonly flags: readonly string[];
  /** Tests of its quick part. */
  readonly quick: number;
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
  arm_v8_2a_bf16_neon: ['-march=armv8.2-a+bf16'],
  ieee: [],
};

/**
 * Options that a test asks for on every target or on this one (dg-options, dg-additional-options), or by name
 * (dg-add-options).
 */
function requestedFlags(text: string): string[] {
  const target = String.raw`(?:\{\s*target\s+\{?\s*aarch64\*?-\*-\*\s*\}?\s*\}\s*)?`;
  const options = String.raw`\{\s*dg-(?:additional-)?options\s+\{?\s*"([^"]*)"\s*${target}\}`;
  const always = [...text.matchAll(new RegExp(options, 'g'))];
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

/** Builds the tests and asks QEMU; those that say something about a machine. */
async function judge(
  suite: GccSuite,
  tests: readonly Test[],
  progress: Progress,
): Promise<readonly string[]> {
  const builder = createBuilder(
    suite.name,
    testsOf(suite).map(({ flags }) => flags),
  );
  let done = 0;
  let [unbuilt, unpassed] = [0, 0];
  const verdicts = await inParallel(tests, availableParallelism(), async ({ name, file, flags }) => {
    progress.step('compiled, judged by QEMU', done++, tests.length);
    const refusal = await builder.build(name, file, flags);
    if (refusal !== undefined) {
      unbuilt++;
      progress.line(`${name}: skipped, does not build: ${refusal}`);
      return undefined;
    }
    const outcome = await runInQemu(builder.file(name));
    if (outcome.status === 0) return builder.file(name);
    unpassed++;
    progress.line(`${name}: skipped, QEMU: ${describe(outcome)}`);
    return undefined;
  });
  const judged = verdicts.filter((elf) => elf !== undefined);
  progress.line(
    `${suite.name}: ${tests.length} tests that run: ${unbuilt} do not build here, QEMU does not pass ${unpassed}, QEMU passes ${judged.length}`,
  );
  return judged;
}

/** What is wrong with a program that QEMU passes; undefined when nothing is. */
async function check(service: Service, elf: string): Promise<string | undefined> {
  const expected = await runInQemu(elf);
  for (const [tier, outcome] of await service.run(elf)) {
    if (outcome.status !== 0) return `${describe(outcome)} (${tier})`;
    if (outcome.text !== expected.text) return `${describe(outcome)}, not as QEMU (${tier})`;
  }
  return undefined;
}

async function runGccSuite(suite: GccSuite, { count, progress }: SuiteOptions): Promise<SuiteResult> {
  const tests = spread(testsOf(suite), count);
  const judged = await judge(suite, tests, progress);
  let [failed, done] = [0, 0];
  await withService((service) =>
    inParallel(judged, availableParallelism(), async (elf) => {
      progress.step('run', done++, judged.length);
      const wrong = await check(service, elf);
      if (wrong === undefined) return;
      failed++;
      progress.line(`${elf}: FAILED: ${wrong}`);
    }),
  );
  return { passed: judged.length - failed, failed, skipped: tests.length - judged.length };
}

const gccSuite = (suite: GccSuite): Suite => ({
  name: suite.name,
  summary: suite.summary,
  quick: suite.quick,
  missing: () =>
    missingTool({
      'aarch64-linux-gnu-gcc': 'gcc-aarch64-linux-gnu',
      'qemu-system-aarch64': 'qemu-system-arm',
    }) ?? missingGccSource(),
  run: (options) => runGccSuite(suite, options),
});

export const TORTURE: Suite = gccSuite({
  name: 'torture',
  summary: "GCC's execute and ieee tests at -O2 (--count tests, spread evenly)",
  directories: TORTURE_DIRECTORIES,
  flags: ['-DSIGNAL_SUPPRESS'],
  quick: 100,
});

export const ADVSIMD: Suite = gccSuite({
  name: 'advsimd',
  summary: "GCC's tests of the Advanced SIMD intrinsics (--count tests, spread evenly)",
  directories: [ADVSIMD_DIRECTORY],
  flags: [],
  quick: 40,
});
