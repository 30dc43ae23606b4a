/** Replays many scenarios, some at a time, and reports them in the order of the file. */
import type { Client, Page } from '../client.ts';
import { type Deviation, deviationOf } from '../deviations.ts';
import { type Difference, firstDifference } from './compare.ts';
import { type Configuration, outcomeIn } from './configuration.ts';
import { createMachine } from './http-machine.ts';
import type { Scenario } from './recording.ts';
import { replay } from './replay.ts';

export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly difference: Difference }
  /** The machine could not be driven: the service refused, or broke. */
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'skipped'; readonly reason: string }
  /** Differs, as the list of deviations says. */
  | { readonly kind: 'deviation'; readonly rule: string; readonly difference: Difference }
  | { readonly kind: 'unexpected-pass'; readonly rule: string };

export interface RunnerOptions {
  readonly client: Client;
  readonly configuration: Configuration;
  /** Features of the profile, lower case, e.g. `lse`. */
  readonly features: ReadonlySet<string>;
  readonly deviations: readonly Deviation[];
  /** How instructions are executed; undefined leaves it to the service. */
  readonly tier?: string | undefined;
  /** Scenarios at a time. */
  readonly concurrency: number;
}

/** Replays all; `report` is called once per scenario, in order, as soon as everything before it is done. */
export async function runScenarios(
  scenarios: readonly Scenario[],
  options: RunnerOptions,
  report: (scenario: Scenario, verdict: Verdict) => void,
): Promise<void> {
  const verdicts = new Array<Verdict | undefined>(scenarios.length);
  let next = 0;
  let reported = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < scenarios.length; index = next++) {
      const scenario = scenarios[index];
      if (scenario === undefined) return;
      verdicts[index] = await judge(scenario, options);
      for (let done = verdicts[reported]; done !== undefined; done = verdicts[reported]) {
        const of = scenarios[reported++];
        if (of !== undefined) report(of, done);
      }
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
}

async function judge(scenario: Scenario, options: RunnerOptions): Promise<Verdict> {
  const { configuration, features } = options;
  const expected = outcomeIn(scenario, configuration.name);
  if (expected === null) return { kind: 'skipped', reason: `not recorded in ${configuration.name}` };
  if (scenario.requires !== undefined && !features.has(scenario.requires.toLowerCase())) {
    return { kind: 'skipped', reason: `needs ${scenario.requires}, which ${configuration.profile} has not` };
  }
  const deviation = deviationOf(scenario, configuration.name, options.deviations);
  try {
    const difference = firstDifference(
      expected,
      await play(scenario, options),
      scenario.ops.map(({ op }) => op),
    );
    if (difference === null) {
      return deviation?.mustDiffer ? { kind: 'unexpected-pass', rule: deviation.rule } : { kind: 'passed' };
    }
    if (deviation === null) return { kind: 'failed', difference };
    return { kind: 'deviation', rule: deviation.rule, difference };
  } catch (error) {
    return { kind: 'broken', message: error instanceof Error ? error.message : String(error) };
  }
}

async function play(scenario: Scenario, { client, configuration: { profile, kernel }, tier }: RunnerOptions) {
  const machine = await createMachine(client, scenario, {
    profile,
    kernel,
    ...(tier !== undefined && { tier }),
  });
  try {
    return await replay(scenario, machine);
  } finally {
    await machine.close();
  }
}

/** CPU features of a profile that scenarios may require; null when the service has no profile of that name. */
export async function featuresOf(client: Client, profile: string): Promise<ReadonlySet<string> | null> {
  const profiles = await client.get<Page<ProfileEntry>>('/v1/profiles');
  const found = profiles.items.find(({ name }) => name === profile);
  return found === undefined ? null : cpuFeatures(found);
}

interface ProfileEntry {
  readonly name: string;
  readonly features: readonly string[];
  readonly idRegisters: Readonly<Record<string, string>>;
}

/** FEAT_LSE is what ID_AA64ISAR0_EL1.Atomic says; other features go by the profile's own names. */
function cpuFeatures({ features, idRegisters }: ProfileEntry): ReadonlySet<string> {
  const isar0 =
    Object.entries(idRegisters).find(([name]) => name.toUpperCase() === 'ID_AA64ISAR0_EL1')?.[1] ?? '0x0';
  const atomic = (BigInt(isar0) >> 20n) & 0xfn;
  return new Set([
    ...features.map((name) => name.toLowerCase().replace(/^feat_/, '')),
    ...(atomic >= 2n ? ['lse'] : []),
  ]);
}
