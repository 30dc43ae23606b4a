import { describe, expect, it } from 'vitest';
import { overlaps, parsePattern } from '../../../src/engine/decode/pattern.ts';

describe('parsePattern', () => {
  it('reads literals and fields, most significant first', () => {
    const { mask, value, fields } = parsePattern('sf:1 0 0 100010 sh:1 imm12:12 Rn:5 Rd:5');
    expect(mask >>> 0).toBe(0x7f80_0000);
    expect(value >>> 0).toBe(0x1100_0000);
    expect(fields).toEqual([
      { name: 'sf', low: 31, width: 1 },
      { name: 'sh', low: 22, width: 1 },
      { name: 'imm12', low: 10, width: 12 },
      { name: 'Rn', low: 5, width: 5 },
      { name: 'Rd', low: 0, width: 5 },
    ]);
  });

  it.each([
    ['sf:1 0', '2 bits instead of 32'],
    ['00000000000000000000000000000000 1', 'bad width'],
    ['imm12:0', 'bad width'],
    ['nonsense:32', 'unknown field nonsense'],
    ['Rd:16 Rd:16', 'Rd appears twice'],
    ['imm26', 'bad width'],
  ])('rejects %s', (text, message) => {
    expect(() => parsePattern(text)).toThrow(message);
  });
});

describe('overlaps', () => {
  it('is true exactly when some word matches both', () => {
    const a = parsePattern('0 Rd:5 imm26:26');
    expect(overlaps(a, parsePattern('Rd:5 1 imm26:26'))).toBe(true);
    expect(overlaps(a, parsePattern('1 Rd:5 imm26:26'))).toBe(false);
  });
});
