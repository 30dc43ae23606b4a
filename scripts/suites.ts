/**
 * The suites that need tools of their own or more time than a unit test: `npm run suites -- [NAME...] [--quick]
 * [--count N] [--seed N]`. `--quick` is the count that each suite has for continuous integration. Each ends with a line `NAME: N passed, N failed, N skipped`; the exit code is 1 when anything failed.
 * What a suite fetches from Debian and builds stays below `$XDG_CACHE_HOME/guestdbg`.
 */
import { parseArgs } from 'node:util';
import { allowRelaxedSimd } from '../src/relaxed-simd.ts';
import { createProgress } from './suites/progress.ts';
import type { Suite, SuiteOptions, SuiteResult } from './suites/suite.ts';
import { SUITES } from './suites/table.ts';
import { Unavailable } from './suites/tools.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    count: { type: 'string' },
    seed: { type: 'string' },
    help: { type: 'boolean' },
  },
});

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Error(`--${name} takes a whole number, not ${text}`);
  return Number(text);
}

/** A suite that cannot run is skipped with a line that says why; one that breaks has failed, and the others go on. */
async function runSuite(suite: Suite, options: SuiteOptions): Promise<SuiteResult> {
  const skip = (why: string): SuiteResult => {
    console.log(`${suite.name}: skipped: ${why}`);
    return { passed: 0, failed: 0, skipped: 1 };
  };
  const missing = suite.missing();
  if (missing !== undefined) return skip(missing);
  try {
    return await suite.run(options);
  } catch (error) {
    if (error instanceof Unavailable) return skip(error.message);
    console.log(`${suite.name}: broke off: ${(error as Error).stack}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function main(): Promise<number> {
  const unknown = positionals.filter((name) => !SUITES.some((suite) => suite.name === name));
  if (values.help === true || unknown.length > 0) {
    if (unknown.length > 0) console.error(`no suite ${unknown.join(', ')}; there are:`);
    for (const { name, summary } of SUITES) console.log(`${name.padEnd(12)} ${summary}`);
    return unknown.length > 0 ? 2 : 0;
  }
  const count = wholeNumber('count', values.count);
  const seed = wholeNumber('seed', values.seed);
  allowRelaxedSimd();
  const results: string[] = [];
  let failures = 0;
  for (const suite of SUITES) {
    if (positionals.length > 0 && !positionals.includes(suite.name)) continue;
    const { passed, failed, skipped } = await runSuite(suite, {
      count: count ?? (values.quick ? suite.quick : undefined),
      seed,
      progress: createProgress(suite.name),
    });
    failures += failed;
    const line = `${suite.name}: ${passed} passed, ${failed} failed, ${skipped} skipped`;
    results.push(line);
    console.log(line);
  }
  if (results.length > 1) console.log(`\n${results.join('\n')}`);
  return failures === 0 ? 0 : 1;
}

process.exitCode = await main();
