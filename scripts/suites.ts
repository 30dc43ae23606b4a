/**
 * The suites that need tools of their own or more time than a unit test: `npm run suites -- [NAME...] [--count N]
 * [--seed N]`. Each ends with a line `NAME: N passed, N failed, N skipped`; the exit code is 1 when anything failed.
 * What a suite fetches from Debian and builds stays below `$XDG_CACHE_HOME/guestdbg`.
 */
import { parseArgs } from 'node:util';
import { createProgress } from './suites/progress.ts';
import { SUITES } from './suites/table.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } },
});

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Error(`--${name} takes a whole number, not ${text}`);
  return Number(text);
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
  const results: string[] = [];
  let failures = 0;
  for (const suite of SUITES) {
    if (positionals.length > 0 && !positionals.includes(suite.name)) continue;
    const missing = suite.missing();
    if (missing !== undefined) console.log(`${suite.name}: skipped: ${missing}`);
    const { passed, failed, skipped } =
      missing === undefined
        ? await suite.run({ count, seed, progress: createProgress(suite.name) })
        : { passed: 0, failed: 0, skipped: 1 };
    failures += failed;
    const line = `${suite.name}: ${passed} passed, ${failed} failed, ${skipped} skipped`;
    results.push(line);
    console.log(line);
  }
  if (results.length > 1) console.log(`\n${results.join('\n')}`);
  return failures === 0 ? 0 : 1;
}

process.exitCode = await main();
