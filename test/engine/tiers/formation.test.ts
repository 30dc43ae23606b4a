/** Which ways out of a conditional branch become part of a region. */
import { describe, expect, it } from 'vitest';
import { type Extent, SMALL } from '../../../src/engine/tiers/jit/formation.ts';
import { formRegion } from '../../../src/engine/tiers/jit/region.ts';
import { recordAt, sourceOf } from './region-source.ts';

/** 0: subs x0, x0, #1; b.eq 4f; add x1, x1, #1; b 0b; 4: add x2, x2, #1; b 0b */
const FORK = [0xf1000400, 0x54000060, 0x91000421, 0x17fffffd, 0x91000442, 0x17fffffb];
const [FALL, TAKEN] = [recordAt(2), recordAt(4)];

function formed(run: number, taken: number, extent: Extent = SMALL) {
  const source = sourceOf(FORK, { 1: { run, taken } });
  const region = formRegion(source, recordAt(0), extent, () => false)!;
  return {
    leaders: [...region.blocks.values()].map(({ record }) => record).sort((a, b) => a - b),
    brinks: [...region.brinks],
    rare: [...region.rare],
  };
}

describe('a branch of which tier 1 knows', () => {
  it('that it takes both ways is followed both ways', () => {
    expect(formed(1000, 500)).toEqual({ leaders: [recordAt(0), FALL, TAKEN], brinks: [], rare: [] });
    expect(formed(1000, 16).rare).toEqual([]);
    expect(formed(1000, 984).rare).toEqual([]);
  });
  it('that one way is rare is followed the other way', () => {
    expect(formed(1000, 15)).toEqual({
      leaders: [recordAt(0), FALL],
      brinks: [],
      rare: [[TAKEN, recordAt(1)]],
    });
    expect(formed(1000, 985)).toEqual({
      leaders: [recordAt(0), TAKEN],
      brinks: [],
      rare: [[FALL, recordAt(1)]],
    });
  });
  it('too little, or nothing that can be, is followed both ways', () => {
    for (const [run, taken] of [
      [0, 0],
      [31, 0],
      [31, 31],
      [5, 60_000],
    ] as const)
      expect(formed(run, taken).leaders).toEqual([recordAt(0), FALL, TAKEN]);
  });
});

it('the way that is taken more often comes first when there is not enough room for both', () => {
  const oneMore: Extent = { instructions: 4, blocks: 40 };
  expect(formed(1000, 700, oneMore)).toMatchObject({ leaders: [recordAt(0), TAKEN], brinks: [FALL] });
  expect(formed(1000, 300, oneMore)).toMatchObject({ leaders: [recordAt(0), FALL], brinks: [TAKEN] });
});

describe('a place where another region begins', () => {
  // Control comes to 4 once in 50 times, from there to 8 once in 50 times, and everywhere back to 0.
  // 0: subs x0, x0, #1; b.eq 4f; add x1, x1, #1; b 0b; 4: subs x2, x2, #1; b.eq 8f; add x3, x3, #1; b 0b; 8: add x4, x4, #1; b 0b
  const words = [
    0xf1000400, 0x54000060, 0x91000421, 0x17fffffd, 0xf1000442, 0x54000060, 0x91000463, 0x17fffff9,
    0x91000484, 0x17fffff7,
  ];
  const source = sourceOf(words, { 1: { run: 1000, taken: 20 }, 5: { run: 1000, taken: 20 } });
  const formedBeside = (...heads: number[]) => {
    const region = formRegion(source, recordAt(0), SMALL, (record) => heads.includes(record))!;
    return { leaders: new Set([...region.blocks.values()].map((b) => b.record)), brinks: [...region.brinks] };
  };
  const all = [0, 2, 4, 6, 8].map(recordAt);

  it('is copied where control comes there more than once in 64 times', () => {
    expect(formedBeside(recordAt(4))).toEqual({ leaders: new Set(all), brinks: [] });
  });
  it('ends the region where it is more seldom', () => {
    expect(formedBeside(recordAt(8))).toEqual({ leaders: new Set(all.slice(0, 4)), brinks: [recordAt(8)] });
    expect(formedBeside()).toEqual({ leaders: new Set(all), brinks: [] });
  });
});
