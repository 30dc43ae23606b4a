/** Real KVM's recorded behaviour, replayed in process: every scenario, field by field, and the kernels' differences. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { firstDifference } from '../../src/cli/conformance/compare.ts';
import { configurationsOf, outcomeIn, parseConfiguration } from '../../src/cli/conformance/configuration.ts';
import { parseCorpus } from '../../src/cli/conformance/parse.ts';
import type { Scenario } from '../../src/cli/conformance/recording.ts';
import { replay } from '../../src/cli/conformance/replay.ts';
import { DEVIATIONS, deviationOf } from '../../src/cli/deviations.ts';
import type { Tier } from '../../src/engine/hardware.ts';
import type { Profile } from '../../src/kvm/contract.ts';
import { profile } from '../../src/kvm/profiles.ts';
import { machineOf } from './corpus.ts';

const CORPUS = parseCorpus(readFileSync(new URL('../conformance/real-kvm.json', import.meta.url), 'utf8'));
const REFERENCE = 'k612-n1-q10';

function hostOf(configuration: string): Profile {
  const parsed = parseConfiguration(configuration);
  if (parsed === null) throw new Error(`no configuration ${configuration}`);
  return profile(parsed.profile, parsed.kernel);
}

function canRun(scenario: Scenario, host: Profile): boolean {
  return scenario.requires === undefined || host.features.includes(`FEAT_${scenario.requires.toUpperCase()}`);
}

async function check(scenario: Scenario, configuration: string, tier?: Tier): Promise<void> {
  const host = hostOf(configuration);
  const got = await replay(scenario, machineOf(scenario, host, tier));
  const names = scenario.ops.map(({ op }) => op);
  const difference = firstDifference(outcomeIn(scenario, configuration)!, got, names);
  const deviation = deviationOf(scenario, configuration);
  if (deviation === null) expect(difference).toBeNull();
  else if (deviation.mustDiffer)
    expect(difference, `listed as a deviation: ${deviation.rule}`).not.toBeNull();
}

describe(`recorded on real KVM in the reference configuration ${REFERENCE}`, () => {
  it('has every scenario', () => expect(CORPUS).toHaveLength(360));
  for (const scenario of CORPUS) {
    it(scenario.name, () => check(scenario, REFERENCE));
  }
});

describe.each(['interpreter', 'jit'] as const)('the same with tier %s', (tier) => {
  for (const scenario of CORPUS) it(scenario.name, () => check(scenario, REFERENCE, tier));
});

const OTHERS = [...new Set(CORPUS.flatMap(configurationsOf))].filter(
  (name) => name !== REFERENCE && !name.endsWith('-again'),
);

describe.each(OTHERS)('recorded to differ in %s', (configuration) => {
  const differing = CORPUS.filter((scenario) => scenario.variants[configuration] !== undefined);
  for (const scenario of differing) {
    if (!canRun(scenario, hostOf(configuration))) continue;
    it(scenario.name, () => check(scenario, configuration));
  }
});

describe('the owner model of 6.14 and later', () => {
  const touched = CORPUS.filter(({ category }) =>
    /^(ss|self|selfhost|control|vcpu2|hwbp_ss|wp_ss|flow)/.test(category),
  );
  for (const scenario of touched) {
    it(scenario.name, () => check(scenario, 'k618-n1-q10'));
  }
});

describe('the list of deviations', () => {
  it('names scenarios of the corpus only, each with a note that the rule matches', () => {
    for (const { scenarios, like } of DEVIATIONS) {
      for (const name of scenarios) {
        const scenario = CORPUS.find((one) => one.name === name);
        expect(scenario?.note ?? `no scenario ${name}`).toMatch(like.note);
        expect(name).toMatch(like.name);
      }
    }
  });
});
