/** What regions remember of the software TLB ends with the translation that it came from. */
import { describe, expect, it } from 'vitest';
import { HOST, TLB } from '../../../src/engine/host-map.ts';
import { SoftwareTlb } from '../../../src/engine/memory/tlb.ts';

const CONTEXT = 16;
const VA = 0x4000_1000;
/** Another page with the same entry. */
const RIVAL = VA + TLB.ENTRIES * 4096;

function filled(): { tlb: SoftwareTlb; remembers: () => boolean } {
  const buffer = new ArrayBuffer(HOST.HEAT);
  const i32 = new Int32Array(buffer);
  const tlb = new SoftwareTlb(buffer);
  tlb.fill(VA, 0, CONTEXT, 0x10_0000, 1, true, true, true);
  i32[HOST.RECENT_CONTEXT / 4] = CONTEXT;
  return { tlb, remembers: () => i32[HOST.RECENT_CONTEXT / 4] === CONTEXT };
}

describe('what regions remember', () => {
  it.each<[string, (tlb: SoftwareTlb) => void]>([
    ['another page takes the entry', (tlb) => tlb.fill(RIVAL, 0, CONTEXT, 0, 2, true, false, false)],
    ['the page is permitted less', (tlb) => tlb.fill(VA, 0, CONTEXT, 0x10_0000, 1, true, false, true)],
    ['all translations go', (tlb) => tlb.flush()],
    ['the page is forgotten', (tlb) => tlb.flushPage(VA)],
    ['its stores are to be seen', (tlb) => tlb.protect(1)],
  ])('is of no use when %s', (_, change) => {
    const { tlb, remembers } = filled();
    change(tlb);
    expect(remembers()).toBe(false);
  });
  it('stays when an empty entry is filled', () => {
    const { tlb, remembers } = filled();
    tlb.fill(VA + 4096, 0, CONTEXT, 0x10_1000, 2, true, true, true);
    expect(remembers()).toBe(true);
  });
});
