/** What regions remember of the software TLB ends with the translation that it came from. */
import { describe, expect, it } from 'vitest';
import { HOST, KNOWN, TLB } from '../../../src/engine/host-map.ts';
import { SoftwareTlb } from '../../../src/engine/memory/tlb.ts';

const CONTEXT = 16;
const VA = 0x4000_1000;
/** Another page with the same entry. */
const RIVAL = VA + TLB.ENTRIES * 4096;

const { READABLE, WRITABLE, STORABLE } = KNOWN;
const ALL = READABLE | WRITABLE | STORABLE;

function filled(): { tlb: SoftwareTlb; remembers: () => boolean } {
  const buffer = new ArrayBuffer(HOST.HEAT);
  const i32 = new Int32Array(buffer);
  const tlb = new SoftwareTlb(buffer);
  tlb.fill(VA, 0, CONTEXT, 0x10_0000, 1, true, true, ALL);
  const contexts = [HOST.RECENT_CONTEXT, HOST.WINDOW_CONTEXT];
  for (const at of contexts) i32[at / 4] = CONTEXT;
  const remembers = (): boolean => {
    const [pages, windows] = contexts.map((at) => i32[at / 4] === CONTEXT);
    expect(windows).toBe(pages);
    return pages!;
  };
  return { tlb, remembers };
}

describe('what regions remember', () => {
  it.each<[string, (tlb: SoftwareTlb) => void]>([
    ['another page takes the entry', (tlb) => tlb.fill(RIVAL, 0, CONTEXT, 0, 2, true, false, READABLE)],
    [
      'the page is permitted less',
      (tlb) => tlb.fill(VA, 0, CONTEXT, 0x10_0000, 1, true, false, READABLE | WRITABLE),
    ],
    [
      'a page that is all watched is another one',
      (tlb) => {
        tlb.fill(VA, 0, CONTEXT, 0x10_0000, 1, false, false, ALL);
        tlb.fill(VA, 0, CONTEXT, 0x10_1000, 2, false, false, ALL);
      },
    ],
    ['all translations go', (tlb) => tlb.flush()],
    ['the page is forgotten', (tlb) => tlb.flushPage(VA)],
    ['its stores are to be seen', (tlb) => tlb.protect(1)],
  ])('is of no use when %s', (_, change) => {
    const { tlb, remembers } = filled();
    change(tlb);
    expect(remembers()).toBe(false);
  });
  it('stays when the page is found again', () => {
    const { tlb, remembers } = filled();
    tlb.fill(VA, 0, CONTEXT, 0x10_0000, 1, true, true, ALL);
    expect(remembers()).toBe(true);
  });
  it('stays when an empty entry is filled', () => {
    const { tlb, remembers } = filled();
    tlb.fill(VA + 4096, 0, CONTEXT, 0x10_1000, 2, true, true, ALL);
    expect(remembers()).toBe(true);
  });
});

describe('what is known of a page', () => {
  it('is there even if nothing may be done in place', () => {
    const { tlb } = filled();
    tlb.fill(VA, 0, CONTEXT, 0x10_0000, 1, false, false, READABLE | WRITABLE);
    expect(tlb.find(VA + 8, 0, CONTEXT)).toBe(READABLE | WRITABLE);
    expect([tlb.find(VA, 1, CONTEXT), tlb.find(VA, 0, 2 * CONTEXT), tlb.find(RIVAL, 0, CONTEXT)]).toEqual([
      0, 0, 0,
    ]);
  });
  it('no longer says that stores may go unseen when they are to be seen', () => {
    const { tlb } = filled();
    expect(tlb.find(VA, 0, CONTEXT)).toBe(ALL);
    tlb.protect(1);
    expect(tlb.find(VA, 0, CONTEXT)).toBe(READABLE | WRITABLE);
  });
});
