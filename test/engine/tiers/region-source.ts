/** Code that regions are formed from, without a machine. */
import { blankOperands, createDecoder } from '../../../src/engine/decode/decoder.ts';
import { HOST, RECORD } from '../../../src/engine/host-map.ts';
import { ROWS } from '../../../src/engine/semantics/rows.ts';
import { compileInterpreter } from '../../../src/engine/tiers/interpreter/module.ts';
import type { CodeSource } from '../../../src/engine/tiers/jit/source.ts';
import { FEATURES } from '../../oracle/program.ts';

const ADDRESS = 0x4000_0000;
const { forms } = compileInterpreter(ROWS);
const decoder = createDecoder(FEATURES);

/** Record of the n-th word. */
export const recordAt = (n: number): number => HOST.POOL + n * RECORD.SIZE;
const indexOf = (record: number): number => (record - HOST.POOL) / RECORD.SIZE;

/** Words in the first page of records, all of which have run but those that are 0. `ways`: of the branch at an index. */
export function sourceOf(
  words: readonly number[],
  ways: Readonly<Record<number, { readonly run: number; readonly taken: number }>> = {},
): CodeSource {
  return {
    addressOf: (record) => ({ lo: ADDRESS + indexOf(record) * 4, hi: 0 }),
    wordOf: (record) => words[indexOf(record)] ?? 0,
    ways: (record) => ways[indexOf(record)] ?? { run: 0, taken: 0 },
    forgetWays: () => undefined,
    calledLast: () => ({ lo: 0, hi: 0 }),
    isLanding: () => false,
    accepts: () => true,
    pageAt: () => 0,
    instructionAt: (record) => {
      const word = words[indexOf(record)] ?? 0;
      if (word === 0) return null;
      const operands = blankOperands();
      const row = decoder.decode(word, ADDRESS + indexOf(record) * 4, 0, operands);
      const form = forms[row]![operands.variant]!;
      return { row: ROWS[row]!, form, operands, opcode: operands.rn === 32 ? form.stackOpcode : form.opcode };
    },
  };
}
