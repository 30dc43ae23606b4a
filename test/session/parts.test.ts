import { describe, expect, it } from 'vitest';
import { symbolAt } from '../../src/session/engine-thread/symbols.ts';
import { SESSION_ERRORS } from '../../src/session/errors.ts';
import { Gate } from '../../src/session/gate.ts';
import { IdSource, imageId } from '../../src/session/ids.ts';
import { LIMIT_ROWS, limitsWith } from '../../src/session/limits.ts';
import { countingRng, FakeClock } from './support.ts';

describe('ids', () => {
  it('sort in the order of creation, also within a millisecond and when the clock is set back', () => {
    const clock = new FakeClock();
    const ids = new IdSource(clock, countingRng());
    const made = Array.from({ length: 3000 }, (_, index) => {
      if (index % 7 === 0) {
        clock.advance(index % 21 === 0 ? -5 : 3);
      }
      return ids.next('run');
    });
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
    expect(made.every((id) => /^run_[0-9a-hjkmnp-tv-z]{20}$/.test(id))).toBe(true);
    expect(imageId('ab')).toBe('img_ab');
  });
});

describe('symbols', () => {
  const table = {
    addresses: BigUint64Array.of(0x100n, 0x140n, 0x200n),
    sizes: BigUint64Array.of(0x20n, 0n, 0x10n),
    names: ['main', 'label', 'last'],
  };
  it.each([
    [0xffn, null],
    [0x100n, 'main'],
    [0x11fn, 'main+0x1f'],
    [0x120n, null],
    [0x140n, 'label'],
    [0x1ffn, 'label+0xbf'],
    [0x20fn, 'last+0xf'],
    [0x210n, null],
  ] as const)('at %x: %s', (address, expected) => {
    expect(symbolAt(table, address)).toBe(expected);
  });
});

describe('tables', () => {
  it('limits have a positive value, and can be set one by one', () => {
    for (const row of Object.values(LIMIT_ROWS)) {
      expect(row.value).toBeGreaterThan(0);
      expect(Number.isSafeInteger(row.value)).toBe(true);
    }
    expect(limitsWith({ vms: 3 })).toMatchObject({ vms: 3, images: LIMIT_ROWS.images.value });
  });

  it('errors have codes in kebab case and end their meaning like a sentence', () => {
    for (const [code, row] of Object.entries(SESSION_ERRORS)) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(row.meaning).toMatch(/\.$/);
      expect(row.title).not.toMatch(/\.$/);
    }
  });
});

describe('gate', () => {
  it('runs one after the other, also after one that failed', async () => {
    const gate = new Gate();
    const order: string[] = [];
    const task = (name: string, fails = false) =>
      gate.run(async () => {
        order.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`${name} ends`);
        if (fails) {
          throw new Error(name);
        }
      });
    const results = await Promise.allSettled([task('a'), task('b', true), task('c')]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });
});
