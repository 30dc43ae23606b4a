import { describe, expect, it } from 'vitest';
import {
  chooseConfiguration,
  outcomeIn,
  parseConfiguration,
} from '../../../src/cli/conformance/configuration.ts';
import { parseCorpus } from '../../../src/cli/conformance/parse.ts';
import { scenarioJson } from './scenario.ts';

const variants = { 'k618-n1-q10': { exits: [], results: [] }, 'k61-a53-q72': { exits: [], results: [] } };
const corpus = parseCorpus(JSON.stringify([scenarioJson({ variants })]));

describe('a configuration name', () => {
  it.each([
    ['k612-n1-q10', 'neoverse-n1', '6.12'],
    ['k61-a53-q72', 'cortex-a53', '6.1'],
    ['k618-a76-q10', 'cortex-a76', '6.18'],
    ['k61-max-q72', 'max', '6.1'],
    ['k612-n1-q10-again', 'neoverse-n1', '6.12'],
  ])('%s says CPU and kernel', (name, profile, kernel) => {
    expect(parseConfiguration(name)).toEqual({ name, profile, kernel });
  });
  it.each(['', 'n1', 'k7-n1-q10', 'k612-n1'])('%j is none', (name) => {
    expect(parseConfiguration(name)).toBeNull();
  });
});

describe('the choice of a configuration', () => {
  it.each([
    ['nothing: the own one of the file', {}, 'k612-n1-q10'],
    ['a name', { config: 'k61-a57-q72' }, 'k61-a57-q72'],
    ['a profile: with the kernel of the file', { profile: 'cortex-a57' }, 'k612-a57-q10'],
    ['a profile recorded with another kernel only', { profile: 'cortex-a53' }, 'k61-a53-q72'],
    ['a kernel: with the CPU of the file', { kernel: '6.18' }, 'k618-n1-q10'],
    ['both', { profile: 'cortex-a57', kernel: '6.1' }, 'k61-a57-q72'],
  ])('by %s', (_what, choice, name) => {
    expect(chooseConfiguration(corpus, choice)).toMatchObject({ name });
  });
  it('says what the file has when nothing fits', () => {
    expect(chooseConfiguration(corpus, { profile: 'cortex-a72' })).toMatch(
      /^nothing was recorded for cortex-a72; this file has k61-a53-q72, /,
    );
    expect(chooseConfiguration(corpus, { config: 'k61-n1-q72' })).toMatch(
      /^nothing was recorded in k61-n1-q72/,
    );
  });
});

describe('the outcome in a configuration', () => {
  const [scenario] = corpus;
  it('is the own one where the recordings were identical, a variant where not, null where nothing was recorded', () => {
    expect(outcomeIn(scenario!, 'k612-a57-q10')).toBe(scenario);
    expect(outcomeIn(scenario!, 'k618-n1-q10')?.exits).toEqual([]);
    expect(outcomeIn(scenario!, 'k61-max-q72')).toBeNull();
  });
});
