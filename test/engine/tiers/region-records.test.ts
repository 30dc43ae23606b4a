import { expect, it } from 'vitest';
import { HOST, POOL_PAGE, RECORD } from '../../../src/engine/host-map.ts';
import { SMALL } from '../../../src/engine/tiers/jit/formation.ts';
import { RecordSet } from '../../../src/engine/tiers/jit/record-set.ts';
import { formRegion } from '../../../src/engine/tiers/jit/region.ts';
import { sourceOf } from './region-source.ts';

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
  const region = formRegion(sourceOf(words), record(0), SMALL, () => false)!;
  const depends = Array.from({ length: 9 }, (_, n) => region.records.hasAny(record(n), record(n)));
  expect(depends).toEqual([true, true, false, false, false, true, true, true, false]);
});
