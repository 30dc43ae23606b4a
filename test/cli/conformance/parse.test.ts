import { describe, expect, it } from 'vitest';
import { parseCorpus } from '../../../src/cli/conformance/parse.ts';
import { scenarioJson } from './scenario.ts';

const corpus = (...scenarios: unknown[]): string => JSON.stringify(scenarios);

describe('a corpus file', () => {
  it('is read with everything that a replay needs', () => {
    const [scenario] = parseCorpus(corpus(scenarioJson({ note: 'remark', requires: 'lse' })));
    expect(scenario).toMatchObject({
      name: 'hwbp_small',
      note: 'remark',
      requires: 'lse',
      words: ['d503201f', '91000400', 'f900039b'],
      memory: [{ address: '0x40100000', hex: '1122' }],
      variants: {},
    });
    expect(scenario?.exits[1]?.mmio).toEqual({ phys_addr: '0x9000000', len: 8, is_write: 1, data: '0xd0e' });
  });

  it('may have variants that leave out what does not differ', () => {
    const variants = { 'k618-n1-q10': { exits: [] } };
    const [scenario] = parseCorpus(corpus(scenarioJson({ variants })));
    expect(scenario?.variants['k618-n1-q10']).toEqual({ exits: [], results: scenario?.results });
  });

  it.each([
    ['no JSON', '{', /^not JSON/],
    ['no array', '{}', /^the file: expected an array of scenarios, found \{\}/],
    ['an empty array', '[]', /no scenarios/],
    ['a nameless scenario', '[{}]', /^scenario 0\.name: expected a string, found nothing/],
    [
      'two scenarios of one name',
      corpus(scenarioJson(), scenarioJson()),
      /two scenarios are called hwbp_small/,
    ],
    [
      'an unknown operation',
      corpus(scenarioJson({ ops: [{ op: 'jump' }] })),
      /ops\[0\]\.op: expected an operation/,
    ],
    [
      'a vcpu that the scenario has not',
      corpus(scenarioJson({ ops: [{ op: 'run', vcpu: 1, max: 1 }] })),
      /hwbp_small\.ops\[0\]\.vcpu: expected a vcpu of the scenario \(0\.\.0\), found 1/,
    ],
    [
      'a decimal string',
      corpus(scenarioJson({ load_address: '1073741824' })),
      /load_address: expected a "0x\.\.\." string/,
    ],
    ['a short word', corpus(scenarioJson({ words: ['d503'] })), /words\[0\]: expected an instruction word/],
    [
      'slot 16',
      corpus(scenarioJson({ ops: [{ op: 'set_guest_debug', vcpu: 0, control: '0x1', bcr: { 16: '0x0' } }] })),
      /slots 0 to 15/,
    ],
    ['an exit of no operation', corpus(scenarioJson({ ops: [] })), /op_index: expected an index into ops/],
    ['no vcpus', corpus(scenarioJson({ vcpus: [] })), /vcpus: expected at least one vcpu/],
  ])('with %s is refused, and the message says where', (_what, text, message) => {
    expect(() => parseCorpus(text)).toThrow(message);
  });
});
