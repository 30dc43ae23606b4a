/** Explanations: their words for the common cases, and that they agree with what the hardware then does. */
import { describe, expect, it } from 'vitest';
import { explainExit, explainGuestDebug, type SlotExplanation } from '../../src/kvm/explain.ts';
import { watchedBytes } from '../../src/kvm/explain-guest-debug.ts';
import {
  ADD_X0_1,
  breakpoint,
  brk,
  CODE,
  DATA,
  debug,
  get,
  guest,
  hsr,
  NOP,
  run,
  STP_X0_X1_X28,
  STR_X0_X10,
  STR_X0_X28,
  set,
  watchpoint,
} from './guest.ts';

const RESOURCES = { breakpoints: 6, watchpoints: 4, contextAware: 2 };

function only(set: ReturnType<typeof debug>): SlotExplanation {
  const { slots } = explainGuestDebug(set, RESOURCES);
  expect(slots).toHaveLength(1);
  return slots[0]!;
}

describe('what a set will do', () => {
  it('decodes every field of a breakpoint and says when it fires', () => {
    const slot = only(breakpoint(0x40000008n));
    expect(slot).toMatchObject({ kind: 'breakpoint', slot: 0, fires: true, never: [] });
    expect(slot.when).toBe('on the instruction at 0x0000000040000008 at EL1 and EL0');
    const fields = Object.fromEntries(slot.control.fields.map(({ name, value }) => [name, value]));
    expect(fields).toEqual({ E: 1, PMC: 3, BAS: 15, HMC: 0, SSC: 0, LBN: 0, BT: 0 });
  });
  it('shows the range of a watchpoint and the arithmetic', () => {
    const slot = only(watchpoint(DATA + 4n, 0x1ff7n));
    expect(slot.range).toEqual({ first: DATA + 4n, last: DATA + 7n });
    expect(slot.when).toBe('on stores that touch 0x0000000040100004 to 0x0000000040100007 at EL1 and EL0');
    expect(slot.arithmetic).toContain('bits 3:0 count because DBGWVR[2] is 1');
  });
  // Ranges of the reference's watchpoint examples.
  it.each([
    [0x37n, 0x1000n, 0x1000n, 0x1000n],
    [0x1e17n, 0x1000n, 0x1004n, 0x1007n],
    [0x117n, 0x1000n, 0x1003n, 0x1003n],
    [0x717n, 0x2000n, 0x2003n, 0x2005n],
    [0x1ff7n, 0x1001n, 0x1000n, 0x1007n],
    [0x0c001ff7n, 0x5000n, 0x5000n, 0x5fffn],
  ])('wcr 0x%s wvr 0x%s watches 0x%s to 0x%s', (wcr, wvr, first, last) => {
    expect(watchedBytes(wcr, wvr).range).toEqual({ first, last });
  });
  it.each([
    ['ENABLE missing', debug(0x20000, { 0: 0x1e7n }, { 0: CODE }), /ENABLE is not set/],
    ['USE_HW missing', debug(0x1, { 0: 0x1e7n }, { 0: CODE }), /USE_HW is not set/],
    ['control refused', debug(0x20009, { 0: 0x1e7n }, { 0: CODE }), /EINVAL/],
    ['disabled', breakpoint(CODE, 0x1e6n), /E=0/],
    [
      'slot not implemented',
      debug(0x20001, { 6: 0x1e7n }, { 6: CODE }),
      /slot 6 is not implemented: this vcpu has 6/,
    ],
    ['BAS without byte 0', breakpoint(CODE, 0x187n), /BAS=0xc does not select byte 0/],
    ['BAS=0', watchpoint(DATA, 0x17n), /selects no byte/],
    ['reserved MASK', watchpoint(DATA, 0x02001ff7n), /MASK=2 is reserved/],
    ['LSC=0', watchpoint(DATA, 0x1fe7n), /LSC=0/],
    ['reserved privilege', breakpoint(CODE, 0x1e1n), /HMC=0, SSC=0, PMC=0 is a reserved combination/],
    ['EL2 only', breakpoint(CODE, 0x61e1n), /EL2 only/],
    ['Secure only', watchpoint(DATA, 0x9ff7n), /Secure state only/],
    ['odd context type', debug(0x20001, { 5: 0x3001e7n }, { 5: 1n }), /never fires by itself/],
    [
      'context type in a plain breakpoint',
      debug(0x20001, { 1: 0x2001e7n }, { 1: 1n }),
      /needs a context-aware breakpoint/,
    ],
    ['VMID type', debug(0x20001, { 5: 0x8001e7n }, { 5: 1n }), /not implemented here/],
    ['link to a plain breakpoint', breakpoint(CODE, 0x1201e7n), /breakpoint 2, which is not context-aware/],
    ['link to a disabled one', breakpoint(CODE, 0x1501e7n), /breakpoint 5, which is disabled/],
    ['link beyond the last', watchpoint(DATA, 0x191ff7n), /breakpoint 9, which is not implemented/],
  ])('says why a slot never fires: %s', (_, set, reason) => {
    const slot = only(set);
    expect(slot).toMatchObject({ fires: false, when: null });
    expect(slot.never.join('; ')).toMatch(reason);
  });
  it('says what the control word does as a whole', () => {
    expect(explainGuestDebug(debug(0x3), RESOURCES)).toMatchObject({
      flags: ['KVM_GUESTDBG_ENABLE', 'KVM_GUESTDBG_SINGLESTEP'],
      effects: [expect.stringContaining('every guest BRK'), expect.stringContaining('one instruction')],
    });
    expect(explainGuestDebug(debug(0x2), RESOURCES).effects[0]).toContain('off');
  });
});

/** Numbers that are the same in every run (xorshift32). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
const SEED = 20150515;

describe(`the words agree with the hardware (seed ${SEED})`, () => {
  it('for random breakpoint controls', () => {
    const { vcpu } = guest([NOP, ADD_X0_1, STR_X0_X28]);
    const next = sequence(SEED);
    let hits = 0;
    for (let n = 0; n < 1500; n++) {
      const slot = next() % 8;
      const shape = next();
      // Mostly plausible values: BT and BAS of a usual breakpoint every other time.
      const bcr = BigInt(
        ((next() & 0xe006) |
          1 |
          (shape & 1 ? 0x1e0 : (next() & 0xf) << 5) |
          (shape & 2 ? 0 : next() & 0xff0000)) >>>
          0,
      );
      const address = CODE + BigInt(4 * (next() % 3));
      const given = debug(0x20001, { 5: 0x3001e7n, [slot]: bcr }, { 5: 0n, [slot]: address });
      set(vcpu, { pc: CODE });
      vcpu.setGuestDebug(given);
      const words = explainGuestDebug(given, vcpu.debugResources).slots.find((one) => one.slot === slot)!;
      const context = !words.range;
      const expected =
        words.fires && words.when!.includes('EL1') && (context ? BigInt.asUintN(32, address) === 0n : true);
      if (expected) hits++;
      expect(hsr(vcpu), `bcr${slot} 0x${bcr.toString(16)} bvr 0x${address.toString(16)}`).toBe(
        expected ? 0xc2000022 : 'KVM_EXIT_MMIO',
      );
      run(vcpu, { immediateExit: true });
    }
    expect(hits).toBeGreaterThan(100);
  });
  it('for random watchpoint controls', () => {
    const { vcpu } = guest([STR_X0_X10, STR_X0_X28]);
    const next = sequence(SEED + 1);
    let hits = 0;
    for (let n = 0; n < 1500; n++) {
      const slot = next() % 5;
      const mask = next() % 4 === 0 ? next() % 16 : 0;
      const wcr = BigInt(((next() & 0xfffe) | 1 | (mask << 24)) >>> 0);
      const wvr = DATA + BigInt((next() % 24) - 8);
      const given = debug(0x20001, {}, {}, { [slot]: wcr }, { [slot]: wvr });
      set(vcpu, { pc: CODE });
      vcpu.setGuestDebug(given);
      const words = explainGuestDebug(given, vcpu.debugResources).slots[0]!;
      const { range } = words;
      const touched = range !== null && range.first <= DATA + 7n && range.last >= DATA;
      const expected = words.fires && /stores .* EL1/.test(words.when!) && touched;
      if (expected) hits++;
      expect(hsr(vcpu), `wcr${slot} 0x${wcr.toString(16)} wvr 0x${wvr.toString(16)}`).toBe(
        expected ? 0xd2000062 : 'KVM_EXIT_MMIO',
      );
      run(vcpu, { immediateExit: true });
    }
    expect(hits).toBeGreaterThan(50);
  });
});

describe('what an exit was', () => {
  function explained(words: readonly number[], given: ReturnType<typeof debug>) {
    const { vcpu } = guest(words);
    vcpu.setGuestDebug(given);
    const result = run(vcpu);
    if (result.kind === 'blocked') throw new Error(result.kind);
    return explainExit(result.exit, result.detail, vcpu.getGuestDebug(), vcpu.debugResources);
  }
  it('a breakpoint: class, slot and address', () => {
    const words = explained([NOP, ADD_X0_1], breakpoint(CODE + 4n));
    expect(words.exceptionClass).toEqual({ value: 0x30, name: 'Breakpoint from a lower Exception level' });
    expect(words.causes).toMatchObject([{ source: 'breakpoint', slot: 0 }]);
    expect(words.summary).toContain('breakpoint 0 at 0x0000000040000004');
    expect(words.instruction).toBe(ADD_X0_1);
  });
  it('every watchpoint that fired, the access, the direction', () => {
    const words = explained(
      [STR_X0_X10],
      debug(0x20001, {}, {}, { 0: 0x37n, 2: 0x1e17n }, { 0: DATA + 1n, 2: DATA }),
    );
    expect(words.causes.map(({ slot, address }) => [slot, address])).toEqual([
      [0, DATA],
      [2, DATA + 4n],
    ]);
    expect(words.access).toEqual({ address: DATA, bytes: 8, direction: 'store' });
    expect(words.causes[1]!.words).toContain(
      'a store of 8 bytes at 0x0000000040100000 touches 0x0000000040100004',
    );
    expect(words.iss).toContainEqual({ name: 'WnR', value: 1, meaning: 'write' });
  });
  it('a step, with what ISV means', () => {
    const words = explained([ADD_X0_1, NOP], debug(0x3));
    expect(words.summary).toBe('single-step: 0x0000000040000004 is the next instruction');
    expect(words.iss[0]).toMatchObject({ name: 'ISV', value: 1 });
  });
  it('a BRK with its comment', () => {
    expect(explained([brk(0x42)], debug(0x1)).summary).toBe('BRK #0x42 at 0x0000000040000000');
  });
  it('MMIO, and the access that cannot be emulated', () => {
    expect(explained([STR_X0_X28], debug(0)).summary).toMatch(
      /^store of 8 bytes \(0x0\) to 0x0000000009000000/,
    );
    expect(explained([STP_X0_X1_X28], debug(0)).summary).toMatch(
      /^KVM cannot emulate .* no valid syndrome .*enableCapabilities of POST \/v1\/vms/,
    );
  });
  it('nothing, when KVM_RUN left kvm_run alone', () => {
    const { vcpu } = guest([NOP]);
    const result = run(vcpu, { immediateExit: true });
    if (result.kind === 'blocked') throw new Error(result.kind);
    const words = explainExit(result.exit, result.detail, vcpu.getGuestDebug(), vcpu.debugResources);
    expect(words.summary).toContain('immediate_exit');
    expect(get(vcpu, 'pc')).toBe(CODE);
  });
});
