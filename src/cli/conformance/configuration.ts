/**
 * Configurations of a corpus: names like `k612-n1-q10` say kernel, CPU model and the emulator beneath. One is chosen
 * for a whole replay; a scenario without a recording of it is skipped.
 */
import type { Outcome, Scenario } from './recording.ts';

export interface Configuration {
  readonly name: string;
  /** As the service names profiles. */
  readonly profile: string;
  readonly kernel: '6.1' | '6.12' | '6.18';
}

const KERNELS: Readonly<Record<string, Configuration['kernel']>> = { k61: '6.1', k612: '6.12', k618: '6.18' };

/** Null for a name of another kind. */
export function parseConfiguration(name: string): Configuration | null {
  const match = /^(k\d+)-([a-z]+\d*)-q\d+(-again)?$/.exec(name);
  const kernel = match?.[1] === undefined ? undefined : KERNELS[match[1]];
  const cpu = match?.[2];
  if (kernel === undefined || cpu === undefined) return null;
  const profile = cpu === 'n1' ? 'neoverse-n1' : /^a\d+$/.test(cpu) ? `cortex-${cpu}` : cpu;
  return { name, profile, kernel };
}

/** Every configuration that a scenario has an outcome of. */
export function configurationsOf(scenario: Scenario): readonly string[] {
  return [scenario.config, ...scenario.same_in, ...Object.keys(scenario.variants)];
}

/** What was recorded in a configuration; null when nothing was. */
export function outcomeIn(scenario: Scenario, configuration: string): Outcome | null {
  const variant = scenario.variants[configuration];
  if (variant !== undefined) return variant;
  return configurationsOf(scenario).includes(configuration) ? scenario : null;
}

export interface Choice {
  readonly config?: string | undefined;
  readonly profile?: string | undefined;
  readonly kernel?: string | undefined;
}

/**
 * The configuration that a choice names. Without a choice the file's own; a profile alone keeps the file's kernel
 * where it was recorded with it, else the newest kernel that was. Returns a message when the file has none like that.
 */
export function chooseConfiguration(scenarios: readonly Scenario[], choice: Choice): Configuration | string {
  const own = mostFrequent(scenarios.map((s) => s.config));
  const all = [...new Set(scenarios.flatMap(configurationsOf))].sort();
  const recorded = all.map(parseConfiguration).filter((c) => c !== null && !c.name.endsWith('-again'));
  const known = `this file has ${all.filter((name) => !name.endsWith('-again')).join(', ')}`;
  if (choice.config !== undefined) {
    const named = parseConfiguration(choice.config);
    if (named === null) return `${choice.config} is no configuration name; ${known}`;
    return all.includes(choice.config) ? named : `nothing was recorded in ${choice.config}; ${known}`;
  }
  const file = parseConfiguration(own);
  if (file === null) return `the file's own configuration ${own} is not understood; name one with --config`;
  if (choice.profile === undefined && choice.kernel === undefined) return file;
  const profile = choice.profile ?? file.profile;
  const candidates = recorded.filter(
    (c) => c?.profile === profile && (choice.kernel ?? c.kernel) === c.kernel,
  );
  const best = candidates.filter((c) => c?.kernel === file.kernel).at(-1) ?? candidates.at(-1);
  if (best !== undefined && best !== null) return best;
  return `nothing was recorded for ${profile}${choice.kernel === undefined ? '' : ` with kernel ${choice.kernel}`}; ${known}`;
}

function mostFrequent(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), ['', 0])[0];
}
