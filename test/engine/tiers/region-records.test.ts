import { expect, it } from 'vitest';
import { blankOperands, createDecoder } from '../../../src/engine/decode/decoder.ts';
import { HOST, POOL_PAGE, RECORD } from '../../../src/engine/host-map.ts';
import { ROWS } from '../../../src/engine/semantics/rows.ts';
import { compileInterpreter } from '../../../src/engine/tiers/interpreter/module.ts';
import { SMALL } from '../../../src/engine/tiers/jit/formation.ts';
import { RecordSet } from '../../../src/engine/tiers/jit/record-set.ts';
import { formRegion } from '../../../src/engine/tiers/jit/region.ts';
import { FEATURES } from '../../oracle/program.ts';

const record = (index: number, page = 0): number => HOST.POOL + page * POOL_PAGE.STRIDE + index * RECORD.SIZE;

it('a set of records knows ranges within a page', () => {
  const set = new RecordSet();
  for (const index of [0, 31, 32, 1023]) set.add(record(index));
  set.add(record(5, 2));
  expect([...set.pages]).toEqual([record(0), record(0, 2)]);
  const has = (first: number, last: number, page = 0) => set.hasAny(record(first, page), record(last, page));
  expect([has(0, 0), has(1, 30), has(1, 31), has(33, 1022), has(33, 1023)]).toEqual([
    true,
    false,
    true,
    false,
    true,
  ]);
  expect([has(0, 1023, 1), has(0, 4, 2), has(5, 5, 2)]).toEqual([false, false, true]);
});

it('a region depends on its instructions and where it ended, not on what lies between', () => {
  // 0: add x0, x0, #1; b 5f; (2 to 4: never run); 5: subs x1, x1, #1; b.ne 0; 7: never run
  const words = [0x91000400, 0x14000004, 0, 0, 0, 0xf1000421, 0x54ffff41];
  const { forms } = compileInterpreter(ROWS);
  const decoder = createDecoder(FEATURES);
  const indexOf = (at: number): number => (at - HOST.POOL) / RECORD.SIZE;
  const region = formRegion(
    {
      addressOf: (at) => ({ lo: indexOf(at) * 4, hi: 0 }),
      wordOf: (at) => words[indexOf(at)] ?? 0,
      calledLast: () => ({ lo: 0, hi: 0 }),
      isLanding: () => false,
      accepts: () => true,
      pageAt: () => 0,
      instructionAt: (at) => {
        const word = words[indexOf(at)] ?? 0;
        if (word === 0) return null;
        const operands = blankOperands();
        const row = decoder.decode(word, indexOf(at) * 4, 0, operands);
        const form = forms[row]![operands.variant]!;
        return { row: ROWS[row]!, form, operands, opcode: form.opcode };
      },
    },
    record(0),
    SMALL,
  )!;
  const depends = Array.from({ length: 9 }, (_, n) => region.records.hasAny(record(n), record(n)));
  expect(depends).toEqual([true, true, false, false, false, true, true, true, false]);
});
