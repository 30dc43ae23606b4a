/** KVM_SET_GUEST_DEBUG and what it makes the guest do, for every kernel. Numbers in brackets: conformance assertions. */
import { describe, expect, it } from 'vitest';
import { KERNEL_GENERATIONS } from '../../src/kvm/kernel-behaviour.ts';
import { customProfile, profile } from '../../src/kvm/profiles.ts';
import {
  ADD_X0_1,
  ADD_X1_1,
  B_SELF,
  breakpoint,
  brk,
  CODE,
  DATA,
  debug,
  errnoOf,
  exit,
  get,
  guest,
  HVC_0,
  hsr,
  LDR_X1_X10,
  LDR_X1_X28,
  NOP,
  run,
  STR_X0_X10,
  STR_X0_X28,
  set,
  WFI,
  watchpoint,
} from './guest.ts';

const BREAKPOINT = 0xc2000022;
const STEP = 0xcb000022;
const STEP_PENDING = 0xca000022;
const WATCHPOINT_STORE = 0xd2000062;
const MDSCR_MRS_X1 = 0xd5300241;
const MDSCR_MSR_X0 = 0xd5100240;

describe.each(KERNEL_GENERATIONS)('kernel %s', (kernel) => {
  const host = profile('neoverse-n1', kernel);
  const program = (...words: number[]) => guest(words, { profile: host }).vcpu;

  describe('the ioctl', () => {
    it.each([0x5, 0x8, 0x40001, 0x80001, 0x100001, 0x80000000])(
      'refuses control 0x%x and keeps the old set (C07, C08)',
      (control) => {
        const vcpu = program(NOP, ADD_X0_1);
        vcpu.setGuestDebug(breakpoint(CODE + 4n));
        expect(errnoOf(() => vcpu.setGuestDebug(debug(control)))).toBe('EINVAL');
        expect(hsr(vcpu)).toBe(BREAKPOINT);
        expect(vcpu.getGuestDebug().control).toBe(0x20001);
      },
    );
    it.each([0, 0x2, 0x10000, 0x20000, 0x30002])(
      'control 0x%x has no ENABLE: everything off (C09 to C11)',
      (control) => {
        const vcpu = program(NOP, ADD_X0_1, STR_X0_X28);
        vcpu.setGuestDebug(breakpoint(CODE + 4n));
        vcpu.setGuestDebug(debug(control, { 0: 0x1e7n }, { 0: CODE + 4n }));
        expect(exit(vcpu).reason).toBe('KVM_EXIT_MMIO');
        expect(vcpu.getGuestDebug().control).toBe(0);
      },
    );
    it('accepts registers full of ones (C13)', () => {
      const ones = Object.fromEntries(Array.from({ length: 16 }, (_, n) => [n, 0xffff_ffff_ffff_ffffn]));
      expect(
        errnoOf(() => program(NOP).setGuestDebug(debug(0x20001, ones, ones, ones, ones))),
      ).toBeUndefined();
    });
    it('replaces the control word and the registers, it does not add (C14, C15)', () => {
      const vcpu = program(NOP, ADD_X0_1, ADD_X1_1, STR_X0_X28);
      vcpu.setGuestDebug(debug(0x3));
      vcpu.setGuestDebug(breakpoint(CODE + 4n));
      vcpu.setGuestDebug(breakpoint(CODE + 8n));
      expect(hsr(vcpu)).toBe(BREAKPOINT);
      expect(get(vcpu, 'pc')).toBe(CODE + 8n);
    });
    it('needs no KVM_ARM_VCPU_INIT (C17) and survives a later one (C21)', () => {
      const vcpu = program(NOP, ADD_X0_1);
      vcpu.setGuestDebug(breakpoint(CODE + 4n));
      vcpu.init(['psci_0_2']);
      set(vcpu, { pc: CODE });
      expect(hsr(vcpu)).toBe(BREAKPOINT);
    });
    it("never shows the host's registers through ONE_REG (C20)", () => {
      const vcpu = program(NOP, ADD_X0_1);
      vcpu.setGuestDebug(breakpoint(CODE + 4n));
      exit(vcpu);
      expect([get(vcpu, 'dbgbcr0_el1'), get(vcpu, 'dbgbvr0_el1'), get(vcpu, 'mdscr_el1')]).toEqual([
        0n,
        0n,
        0n,
      ]);
    });
  });

  describe('breakpoints', () => {
    it('exits before the instruction, again and again until removed (C31, C32)', () => {
      const vcpu = program(NOP, ADD_X0_1, STR_X0_X28);
      vcpu.setGuestDebug(breakpoint(CODE + 4n));
      for (let n = 0; n < 3; n++) {
        expect(exit(vcpu)).toEqual({
          reason: 'KVM_EXIT_DEBUG',
          debug: { hsr: BREAKPOINT, hsrHigh: 0, far: 0n, flags: 1 },
        });
        expect([get(vcpu, 'pc'), get(vcpu, 'x0')]).toEqual([CODE + 4n, 0n]);
      }
      vcpu.setGuestDebug(debug(0));
      expect(exit(vcpu).reason).toBe('KVM_EXIT_MMIO');
      expect(get(vcpu, 'x0')).toBe(1n);
    });
    it.each([
      ['EL1 only', 0x1e3n, BREAKPOINT],
      ['EL0 only', 0x1e5n, 'KVM_EXIT_MMIO'],
      ['disabled (C34)', 0x1e6n, 'KVM_EXIT_MMIO'],
      ['with RES0 bits set (C37)', 0x1fe3n, BREAKPOINT],
      ['BAS 0b0011 (C38)', 0x7fn, BREAKPOINT],
      ['linking-enabled context type alone (C44)', 0x3001e7n, 'KVM_EXIT_MMIO'],
    ])('%s', (_, bcr, expected) => {
      const vcpu = program(NOP, ADD_X0_1, STR_X0_X28);
      vcpu.setGuestDebug(breakpoint(CODE + 4n, bcr));
      expect(hsr(vcpu)).toBe(expected);
    });
    it.each([1n, 2n, 3n])('ignores DBGBVR[1:0] = %s (C39)', (low) => {
      const vcpu = program(NOP, ADD_X0_1);
      vcpu.setGuestDebug(breakpoint(CODE + 4n + low));
      expect(hsr(vcpu)).toBe(BREAKPOINT);
    });
    it('stops with the OS Lock set and everything masked (C35)', () => {
      const vcpu = program(NOP, ADD_X0_1);
      set(vcpu, { oslsr_el1: 0xan });
      vcpu.setGuestDebug(breakpoint(CODE + 4n));
      expect(hsr(vcpu)).toBe(BREAKPOINT);
    });
    it('linked to a context ID stops only while CONTEXTIDR_EL1 matches (C43)', () => {
      for (const [contextidr, expected] of [
        [0x77n, BREAKPOINT],
        [0x78n, 'KVM_EXIT_MMIO'],
      ] as const) {
        const vcpu = program(NOP, ADD_X0_1, STR_X0_X28);
        set(vcpu, { contextidr_el1: contextidr });
        vcpu.setGuestDebug(debug(0x20001, { 0: 0x1501e7n, 5: 0x3001e7n }, { 0: CODE + 4n, 5: 0x77n }));
        expect(hsr(vcpu)).toBe(expected);
      }
    });
    it('linked to a breakpoint that is not context-aware never stops (C45)', () => {
      const vcpu = program(NOP, ADD_X0_1, STR_X0_X28);
      vcpu.setGuestDebug(debug(0x20001, { 0: 0x1101e7n, 1: 0x3001e7n }, { 0: CODE + 4n, 1: 0n }));
      expect(hsr(vcpu)).toBe('KVM_EXIT_MMIO');
    });
    it('is per vcpu (C18)', () => {
      const { vm } = guest([NOP, ADD_X0_1, STR_X0_X28], { profile: host, vcpus: 2 });
      vm.vcpus[0]!.setGuestDebug(breakpoint(CODE + 4n));
      expect(hsr(vm.vcpus[1]!)).toBe('KVM_EXIT_MMIO');
      expect(hsr(vm.vcpus[0]!)).toBe(BREAKPOINT);
    });
    it('uses all implemented slots and none beyond (C41, C42)', () => {
      const wide = customProfile({ breakpoints: 16, watchpoints: 16, contextAware: 2, kernel });
      const words = [...Array(16).fill(NOP), STR_X0_X28];
      const all = <T>(value: (n: number) => T) =>
        Object.fromEntries(Array.from({ length: 16 }, (_, n) => [n, value(n)]));
      for (const [one, count] of [
        [wide, 16],
        [host, 6],
      ] as const) {
        const { vcpu } = guest(words, { profile: one });
        vcpu.setGuestDebug(
          debug(
            0x20001,
            all(() => 0x1e7n),
            all((n) => CODE + BigInt(4 * n)),
          ),
        );
        for (let n = 0; n < count; n++) {
          expect([hsr(vcpu), get(vcpu, 'pc')]).toEqual([BREAKPOINT, CODE + BigInt(4 * n)]);
          set(vcpu, { pc: CODE + BigInt(4 * n + 4) });
        }
        expect(hsr(vcpu)).toBe('KVM_EXIT_MMIO');
      }
    });
  });

  describe('watchpoints', () => {
    it('reports FAR and does nothing of the store (C50, C68)', () => {
      const { vcpu, vm } = guest([STR_X0_X10, STR_X0_X28], { profile: host });
      set(vcpu, { x0: 0x1122334455667788n });
      vcpu.setGuestDebug(watchpoint(DATA, 0x1ff7n));
      expect(exit(vcpu)).toEqual({
        reason: 'KVM_EXIT_DEBUG',
        debug: { hsr: WATCHPOINT_STORE, hsrHigh: 0, far: DATA, flags: 1 },
      });
      expect(get(vcpu, 'pc')).toBe(CODE);
      expect(vm.hardware.readPhysical(Number(DATA), 8)).toEqual(new Uint8Array(8));
      vcpu.setGuestDebug(debug(0));
      expect(hsr(vcpu)).toBe('KVM_EXIT_MMIO');
      expect(vm.hardware.readPhysical(Number(DATA), 1)).toEqual(new Uint8Array([0x88]));
    });
    it.each([
      ['load watched, store made', 0x1fefn, STR_X0_X10, 'KVM_EXIT_MMIO'],
      ['load watched, load made (C51)', 0x1fefn, LDR_X1_X10, 0xd2000022],
      ['LSC=0 (C52)', 0x1fe7n, STR_X0_X10, 'KVM_EXIT_MMIO'],
      ['BAS=0 (C60)', 0x17n, STR_X0_X10, 'KVM_EXIT_MMIO'],
      ['MASK=1 (C60)', 0x01001ff7n, STR_X0_X10, 'KVM_EXIT_MMIO'],
      ['MASK=12, a page (C59)', 0x0c001ff7n, STR_X0_X10, WATCHPOINT_STORE],
    ])('%s', (_, wcr, word, expected) => {
      const vcpu = program(word, STR_X0_X28);
      vcpu.setGuestDebug(watchpoint(DATA, wcr));
      expect(hsr(vcpu)).toBe(expected);
    });
  });

  describe('BRK', () => {
    it.each([0x1, 0x3, 0x10001, 0x20001, 0x30003])(
      'exits under control 0x%x, with USE_SW_BP or not (C69, C72)',
      (control) => {
        const vcpu = program(brk(0x123));
        vcpu.setGuestDebug(debug(control));
        expect([hsr(vcpu), get(vcpu, 'pc')]).toEqual([0xf2000123, CODE]);
      },
    );
    it("is the guest's own without guest debug (C70)", () => {
      const { vcpu, vm } = guest([brk(0x123)], { profile: host });
      vm.hardware.writePhysical(Number(CODE) + 0x2200, new Uint8Array(new Uint32Array([STR_X0_X28]).buffer));
      expect(hsr(vcpu)).toBe('KVM_EXIT_MMIO');
      expect([get(vcpu, 'pc'), get(vcpu, 'esr_el1'), get(vcpu, 'elr_el1')]).toEqual([
        CODE + 0x2200n,
        0xf2000123n,
        CODE,
      ]);
    });
  });

  describe('single-step', () => {
    it('executes one instruction per KVM_RUN until switched off (C73, C89)', () => {
      const vcpu = program(ADD_X0_1, ADD_X0_1, ADD_X0_1, ADD_X0_1, STR_X0_X28);
      vcpu.setGuestDebug(debug(0x3));
      for (let n = 1n; n <= 3n; n++) {
        expect([hsr(vcpu), get(vcpu, 'pc'), get(vcpu, 'x0')]).toEqual([STEP, CODE + 4n * n, n]);
      }
      vcpu.setGuestDebug(debug(0x1));
      expect(hsr(vcpu)).toBe('KVM_EXIT_MMIO');
    });
    it('counts the instructions that this vcpu retires', () => {
      const vcpu = program(ADD_X0_1, ADD_X0_1, ADD_X0_1);
      vcpu.setGuestDebug(debug(0x3));
      const counts = [1, 2, 3].map(() => {
        const result = run(vcpu);
        return result.kind === 'exit' ? result.detail.instructionCount : -1;
      });
      expect(counts).toEqual([1, 2, 3]);
    });
    it('a breakpoint on the instruction comes first, without progress (C85)', () => {
      const vcpu = program(ADD_X0_1, ADD_X0_1);
      vcpu.setGuestDebug({ ...breakpoint(CODE), control: 0x20003 });
      expect([hsr(vcpu), hsr(vcpu), get(vcpu, 'x0')]).toEqual([BREAKPOINT, BREAKPOINT, 0n]);
    });
    it('the step onto a breakpoint is reported first, then the breakpoint (C86)', () => {
      const vcpu = program(ADD_X0_1, ADD_X0_1);
      vcpu.setGuestDebug({ ...breakpoint(CODE + 4n), control: 0x20003 });
      expect([hsr(vcpu), hsr(vcpu), get(vcpu, 'pc')]).toEqual([STEP, BREAKPOINT, CODE + 4n]);
    });
    it('a watchpoint hit by the stepped store comes instead of the step (C87)', () => {
      const vcpu = program(STR_X0_X10, NOP);
      vcpu.setGuestDebug({ ...watchpoint(DATA, 0x1ff7n), control: 0x20003 });
      expect([hsr(vcpu), get(vcpu, 'pc')]).toEqual([WATCHPOINT_STORE, CODE]);
    });
    it('an emulated register access is one step with ISV=0 (C76, C77)', () => {
      const vcpu = program(MDSCR_MRS_X1, NOP);
      vcpu.setGuestDebug(debug(0x3));
      expect([hsr(vcpu), get(vcpu, 'pc'), get(vcpu, 'x1')]).toEqual([STEP_PENDING, CODE + 4n, 0n]);
      expect(hsr(vcpu)).toBe(STEP);
    });
    it('MMIO: first the access, then its step, then the next instruction (C78)', () => {
      const vcpu = program(LDR_X1_X28, ADD_X0_1);
      vcpu.setGuestDebug(debug(0x3));
      expect(exit(vcpu).reason).toBe('KVM_EXIT_MMIO');
      expect(get(vcpu, 'pc')).toBe(CODE);
      const completed = exit(vcpu, { mmioData: 0x1234n });
      expect(completed).toMatchObject({ debug: { hsr: STEP_PENDING } });
      expect([get(vcpu, 'pc'), get(vcpu, 'x1'), get(vcpu, 'x0')]).toEqual([CODE + 4n, 0x1234n, 0n]);
      expect([hsr(vcpu), get(vcpu, 'x0')]).toEqual([STEP, 1n]);
    });
    it('HVC: the call is made, the step follows (C79)', () => {
      const vcpu = program(HVC_0, NOP);
      set(vcpu, { x0: 0x8400_0000n });
      vcpu.setGuestDebug(debug(0x3));
      expect([hsr(vcpu), get(vcpu, 'pc'), get(vcpu, 'x0')]).toEqual([
        STEP_PENDING,
        CODE + 4n,
        kernel === '6.18' ? 0x10003n : 0x10001n,
      ]);
    });
    it('an unmasked interrupt is taken instead of the instruction (C82)', () => {
      const vcpu = program(ADD_X0_1);
      set(vcpu, { pstate: 0x345n });
      vcpu.irqLine('irq', true);
      vcpu.setGuestDebug(debug(0x3));
      expect(hsr(vcpu)).toBe(STEP_PENDING);
      expect([get(vcpu, 'pc'), get(vcpu, 'elr_el1'), get(vcpu, 'x0')]).toEqual([CODE + 0x2280n, CODE, 0n]);
    });
    it('does not show its PSTATE.SS and keeps what user space put there (C84)', () => {
      const vcpu = program(ADD_X0_1, ADD_X0_1);
      vcpu.setGuestDebug(debug(0x3));
      expect(hsr(vcpu)).toBe(STEP);
      expect(get(vcpu, 'pstate')).toBe(0x3c5n);
      set(vcpu, { pstate: 0x2003c5n });
      expect(hsr(vcpu)).toBe(STEP);
      expect(get(vcpu, 'pstate')).toBe(0x2003c5n);
    });
    it('goes on after a full disable with one instruction before the next exit (C90)', () => {
      const vcpu = program(ADD_X0_1, STR_X0_X28, ADD_X0_1, ADD_X0_1);
      vcpu.setGuestDebug(debug(0x3));
      exit(vcpu);
      vcpu.setGuestDebug(debug(0));
      expect(hsr(vcpu)).toBe('KVM_EXIT_MMIO');
      set(vcpu, { pc: CODE + 4n });
      vcpu.setGuestDebug(debug(0x3));
      expect([hsr(vcpu), get(vcpu, 'pc')]).toEqual([STEP_PENDING, CODE + 8n]);
      expect([hsr(vcpu), get(vcpu, 'x0')]).toEqual([STEP, 2n]);
    });
    it('is unharmed by a signal before the instruction (C91)', () => {
      const vcpu = program(ADD_X0_1, ADD_X0_1);
      vcpu.setGuestDebug(debug(0x3));
      expect(run(vcpu, { immediateExit: true })).toMatchObject({ kind: 'error', errno: 'EINTR', exit: null });
      expect([hsr(vcpu), get(vcpu, 'x0')]).toEqual([STEP, 1n]);
    });
    it('steps a WFI by blocking until the interrupt', () => {
      const vcpu = program(WFI, NOP);
      vcpu.setGuestDebug(debug(0x3));
      expect(run(vcpu)).toEqual({ kind: 'blocked' });
      vcpu.irqLine('irq', true);
      expect([hsr(vcpu), get(vcpu, 'pc')]).toEqual([STEP_PENDING, CODE + 4n]);
    });
  });

  describe("the guest's own debug registers", () => {
    it('are written and read back while the host debugs, and take effect afterwards (C94, C96)', () => {
      const { vcpu, vm } = guest([MDSCR_MSR_X0, MDSCR_MRS_X1, STR_X0_X28, NOP, ADD_X1_1], { profile: host });
      vm.hardware.writePhysical(Number(CODE) + 0x2200, new Uint8Array(new Uint32Array([B_SELF]).buffer));
      set(vcpu, { x0: 0xa000n, dbgbcr0_el1: 0x1e7n, dbgbvr0_el1: CODE + 12n, pstate: 0x1c5n });
      vcpu.setGuestDebug(debug(0x20001));
      expect(hsr(vcpu)).toBe('KVM_EXIT_MMIO');
      expect([get(vcpu, 'x1'), get(vcpu, 'mdscr_el1'), get(vcpu, 'dbgbcr0_el1')]).toEqual([
        0xa000n,
        0xa000n,
        0x1e7n,
      ]);
      vcpu.setGuestDebug(debug(0));
      expect(vcpu.run(1000).kind).toBe('preempted');
      vcpu.interrupt();
      expect([get(vcpu, 'esr_el1'), get(vcpu, 'elr_el1')]).toEqual([0xc6000022n, CODE + 12n]);
    });
    it(`${kernel === '6.18' ? 'hide' : 'show'} an own breakpoint while the host has ENABLE only (C95)`, () => {
      const vcpu = program(NOP, ADD_X0_1, STR_X0_X28);
      set(vcpu, { mdscr_el1: 0xa000n, dbgbcr0_el1: 0x1e7n, dbgbvr0_el1: CODE + 4n });
      vcpu.setGuestDebug(debug(0x1));
      expect(hsr(vcpu)).toBe(kernel === '6.18' ? 'KVM_EXIT_MMIO' : BREAKPOINT);
    });
    it('are 0 after reset, the OS Lock open (C97, C98)', () => {
      const vcpu = program(NOP);
      set(vcpu, { mdscr_el1: 0xa000n, dbgbcr3_el1: 1n, oslsr_el1: 0xan });
      vcpu.init(['psci_0_2']);
      expect([get(vcpu, 'mdscr_el1'), get(vcpu, 'dbgbcr3_el1'), get(vcpu, 'oslsr_el1')]).toEqual([
        0n,
        0n,
        8n,
      ]);
    });
  });
});
