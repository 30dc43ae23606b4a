/**
 * `npm run conformance -- FILE`: replays recorded KVM scenarios through the public HTTP API and says where the service
 * differs. Exit status: 0 all as recorded, 1 something differs, 2 the command or the file is not usable.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ApiError, Client, UnreachableError } from './client.ts';
import { type Configuration, chooseConfiguration } from './conformance/configuration.ts';
import { parseCorpus } from './conformance/parse.ts';
import type { Scenario } from './conformance/recording.ts';
import { featuresOf, runScenarios, type Verdict } from './conformance/runner.ts';
import { DEVIATIONS } from './deviations.ts';
import { startServer } from './server.ts';

const USAGE = `usage: npm run conformance -- FILE [options]
  --config NAME      a recorded configuration, e.g. k612-n1-q10 (default: the file's own)
  --profile NAME     the recorded configuration of this CPU, e.g. cortex-a57
  --kernel VERSION   ... and of this kernel: 6.1, 6.12 or 6.18
  --filter TEXT      only scenarios whose name contains TEXT
  --tier TIER        how instructions are executed: interpreter, jit or auto (default: the service's own)
  --server URL       a running service (default: starts one and stops it afterwards)
  --help             print this`;
const CONCURRENCY = 4;
const TIERS: readonly string[] = ['interpreter', 'jit', 'auto'];

/** The command or the file is at fault. */
class UsageError extends Error {}

interface Job {
  readonly scenarios: readonly Scenario[];
  readonly configuration: Configuration | null;
  readonly server: string | undefined;
  readonly tier: string | undefined;
}

function readJob(args: readonly string[]): Job {
  const text = { type: 'string' } as const;
  const options = { config: text, profile: text, kernel: text, filter: text, server: text, tier: text };
  const { values, positionals } = parse(() =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  );
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new UsageError(USAGE);
  const all = parse(() => parseCorpus(readFileSync(file, 'utf8')), `${file}: `);
  const configuration = chooseConfiguration(all, values);
  if (typeof configuration === 'string') {
    if (values.config !== undefined || values.profile === undefined) throw new UsageError(configuration);
    process.stderr.write(`${configuration}\n`);
  }
  const { filter, server, tier } = values;
  if (tier !== undefined && !TIERS.includes(tier))
    throw new UsageError(`--tier ${tier}: it is one of ${TIERS.join(', ')}`);
  return {
    scenarios: filter === undefined ? all : all.filter(({ name }) => name.includes(filter)),
    configuration: typeof configuration === 'string' ? null : configuration,
    server,
    tier,
  };
}

function parse<T>(read: () => T, prefix = ''): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(prefix + (error instanceof Error ? error.message : String(error)));
  }
}

/** What a verdict counts as. A deviation is neither passed nor failed: it has a line of its own. */
const COUNTED = {
  passed: 'passed',
  failed: 'failed',
  broken: 'failed',
  'unexpected-pass': 'failed',
  deviation: 'skipped',
  skipped: 'skipped',
} as const satisfies Record<Verdict['kind'], string>;

/** The line of a verdict; null for those that need none. */
function lineOf(name: string, verdict: Verdict): string | null {
  switch (verdict.kind) {
    case 'passed':
    case 'skipped':
      return null;
    case 'failed':
      return `FAILED ${name}: ${differs(verdict.difference)}`;
    case 'broken':
      return `FAILED ${name}: ${verdict.message}`;
    case 'unexpected-pass':
      return `FAILED ${name}: passes, but is listed as a deviation: ${verdict.rule}`;
    case 'deviation':
      return `DEVIATION ${name}: ${verdict.rule} (${differs(verdict.difference)})`;
  }
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

function differs({
  where,
  field,
  expected,
  got,
}: {
  where: string;
  field: string;
  expected: string;
  got: string;
}): string {
  return `${where}: ${field} expected ${expected}, got ${got}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function replayAll(job: Job, configuration: Configuration, base: string): Promise<Counts> {
  const client = new Client(base);
  const { name, profile, kernel } = configuration;
  const features = await featuresOf(client, profile);
  if (features === null) throw new UsageError(`the service has no profile ${profile}`);
  print(`${job.scenarios.length} scenarios, configuration ${name}: profile ${profile}, kernel ${kernel}`);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const { tier } = job;
  const options = { client, configuration, features, deviations: DEVIATIONS, concurrency: CONCURRENCY, tier };
  await runScenarios(job.scenarios, options, (scenario, verdict) => {
    counts[COUNTED[verdict.kind]]++;
    const line = lineOf(scenario.name, verdict);
    if (line !== null) print(line);
  });
  return counts;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    print(USAGE);
    return 0;
  }
  const job = readJob(args);
  const { configuration, scenarios } = job;
  if (configuration === null) {
    print(`0 passed, 0 failed, ${scenarios.length} skipped`);
    return 0;
  }
  const own = job.server === undefined ? await startServer() : null;
  try {
    const { passed, failed, skipped } = await replayAll(job, configuration, own?.base ?? job.server ?? '');
    print(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed === 0 ? 0 : 1;
  } finally {
    await own?.stop();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const expected =
    error instanceof UsageError || error instanceof ApiError || error instanceof UnreachableError;
  const text = expected ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 2;
}
