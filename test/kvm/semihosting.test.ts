/**
 * HLT #0xf000 on a VM that was created with semihosting, and on one that was not. Source: Arm, Semihosting for AArch32
 * and AArch64; registers, stepping and counting as for any instruction that a hypervisor emulates.
 */
import { describe, expect, it } from 'vitest';
import { KVM_GUESTDBG } from '../../src/abi/kvm/guest-debug.ts';
import type { RunResult, Vm, VmConfig } from '../../src/kvm/contract.ts';
import { profile } from '../../src/kvm/profiles.ts';
import { createVm } from '../../src/kvm/vm.ts';
import { ADD_X0_1, brk, CODE, DATA, debug, exit, get, guest, hsr, NOP, set, WFI } from './guest.ts';

/** As GNU as has them. */
const HLT_F000 = 0xd45e0000;
const HLT_F001 = 0xd45e0020;
const ERET = 0xd69f03e0;
const [OPEN, WRITEC, WRITE0, WRITE, READ, READC, CLOCK, CMDLINE, HEAPINFO, EXIT, EXTENDED] = [
  0x01, 0x03, 0x04, 0x05, 0x06, 0x07, 0x10, 0x15, 0x16, 0x18, 0x20,
].map(BigInt) as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
const MINUS_ONE = 0xffff_ffff_ffff_ffffn;
const HEAP = { base: 0x4020_0000n, limit: 0x4030_0000n };
const TIERS = ['interpreter', 'jit'] as const;

function program(words: readonly number[], config: Partial<VmConfig> = {}): Vm {
  const vm = createVm({
    memory: { base: Number(CODE), size: 0x40_0000 },
    vcpus: [{ profile: profile('neoverse-n1'), features: [] }],
    debugResources: 'per-vcpu',
    semihosting: { commandLine: 'test -v', heap: HEAP },
    ...config,
  });
  vm.hardware.writePhysical(Number(CODE), new Uint8Array(new Uint32Array(words).buffer));
  vm.vcpus[0]!.init(['psci_0_2']);
  set(vm.vcpus[0]!, { pc: CODE, vbar_el1: CODE + 0x2000n });
  return vm;
}
function block(vm: Vm, values: readonly bigint[], at = DATA): void {
  vm.hardware.writePhysical(Number(at), new Uint8Array(BigUint64Array.from(values).buffer));
}
function text(vm: Vm, value: string, at = DATA): void {
  vm.hardware.writePhysical(Number(at), new TextEncoder().encode(value));
}
/** One call at the start of RAM. */
function call(vm: Vm, operation: bigint, parameter: bigint): RunResult {
  set(vm.vcpus[0]!, { pc: CODE, x0: operation, x1: parameter });
  return vm.vcpus[0]!.run(1);
}
const said = (vm: Vm): string => new TextDecoder().decode(vm.console!.drain().bytes);

describe('HLT #0xf000', () => {
  it('is UNDEFINED on a VM without semihosting, at EL0, and with another immediate', () => {
    // The vector has a NOP: esr, elr, and where the one instruction is that has retired.
    const taken = (vm: Vm): readonly bigint[] => {
      const vectors = new Uint32Array(0x200).fill(NOP);
      vm.hardware.writePhysical(Number(CODE) + 0x2000, new Uint8Array(vectors.buffer));
      vm.vcpus[0]!.run(1);
      return ['esr_el1', 'elr_el1', 'pc'].map((name) => get(vm.vcpus[0]!, name));
    };
    const UNKNOWN = 0x0200_0000n;
    const without = guest([HLT_F000]).vm;
    expect(without.console).toBeNull();
    expect(taken(without)).toEqual([UNKNOWN, CODE, CODE + 0x2204n]);
    expect(taken(program([HLT_F001]))).toEqual([UNKNOWN, CODE, CODE + 0x2204n]);
    const user = program([ERET, HLT_F000]);
    set(user.vcpus[0]!, { elr_el1: CODE + 4n, spsr_el1: 0n });
    user.vcpus[0]!.run(1);
    expect(taken(user)).toEqual([UNKNOWN, CODE + 4n, CODE + 0x2404n]);
  });

  for (const tier of TIERS) {
    it(`returns in X0, retires as one instruction, and the guest goes on (${tier})`, () => {
      const vm = program([HLT_F000, ADD_X0_1, NOP], { tier });
      const vcpu = vm.vcpus[0]!;
      text(vm, 'Hi\0');
      set(vcpu, { x0: 0x1_0000_0000n | WRITE0, x1: DATA });
      expect(vcpu.run(3)).toEqual({ kind: 'preempted' });
      expect([get(vcpu, 'pc'), vcpu.instructionCount]).toEqual([CODE + 12n, 3]);
      expect(said(vm)).toBe('Hi');
      set(vcpu, { pc: CODE, x0: 0x7777n });
      vcpu.run(1);
      expect([get(vcpu, 'x0'), vcpu.instructionCount], 'no such operation').toEqual([MINUS_ONE, 4]);
    });
  }

  it('in a hot loop is the same in each tier and however the run is cut into pieces', () => {
    // mov w0, #3; mov x1, x20; hlt; strb w19, [x20]; subs x19, x19, #1; b.ne -20; wfi
    const loop = [0x52800060, 0xaa1403e1, HLT_F000, 0x39000293, 0xf1000673, 0x54ffff61, WFI];
    const ends = (['interpreter', 'jit'] as const).flatMap((tier) =>
      [1, 7, 100_000].map((stride) => {
        const vm = program(loop, { tier });
        const vcpu = vm.vcpus[0]!;
        set(vcpu, { x19: 500n, x20: DATA });
        const bytes: number[] = [];
        while (vcpu.run(stride).kind === 'preempted') bytes.push(...vm.console!.drain().bytes);
        bytes.push(...vm.console!.drain().bytes);
        return { bytes, count: vcpu.instructionCount, pc: get(vcpu, 'pc') };
      }),
    );
    const bytes = [0, ...Array.from({ length: 499 }, (_, n) => (500 - n) & 0xff)];
    expect(ends).toEqual(ends.map(() => ({ bytes, count: 500 * 6 + 1, pc: CODE + 28n })));
  });

  it('is stepped over like any instruction that the hypervisor emulates, and a breakpoint comes before it', () => {
    const vm = program([HLT_F000, NOP]);
    const vcpu = vm.vcpus[0]!;
    text(vm, 'x');
    set(vcpu, { x0: WRITEC, x1: DATA });
    vcpu.setGuestDebug(debug(0x20001, { 0: 0x1e7n }, { 0: CODE }));
    expect(exit(vcpu)).toMatchObject({ reason: 'KVM_EXIT_DEBUG' });
    expect([get(vcpu, 'pc'), said(vm)]).toEqual([CODE, '']);
    vcpu.setGuestDebug(debug(KVM_GUESTDBG.KVM_GUESTDBG_ENABLE | KVM_GUESTDBG.KVM_GUESTDBG_SINGLESTEP));
    expect(hsr(vcpu), 'software step, ISV 0').toBe(0xca00_0022);
    expect([get(vcpu, 'pc'), said(vm), vcpu.instructionCount]).toEqual([CODE + 4n, 'x', 1]);
  });
});

describe('calls', () => {
  it('find their parameters where the guest maps them', () => {
    const vm = program([HLT_F000]);
    const vcpu = vm.vcpus[0]!;
    // A block of level 1 at 1 GiB with its attribute 0, Normal memory: TTBR0 at DATA + 0x1000, 39 bits of address.
    block(vm, [0n, 0x4000_0000n | 0x701n, 0x4000_0000n | 0x701n], DATA + 0x1000n);
    set(vcpu, { mair_el1: 0xffn, tcr_el1: 0x80_3519n, ttbr0_el1: DATA + 0x1000n, sctlr_el1: 0x30d0_1805n });
    const high = DATA + 0x4000_0000n;
    text(vm, 'mapped\0');
    call(vm, WRITE0, high);
    expect(said(vm)).toBe('mapped');
    call(vm, WRITE0, 0x1000n);
    expect(get(vcpu, 'x0')).toBe(MINUS_ONE);
  });

  it('SYS_WRITE writes to a :tt file, the console takes 64 KiB of one write', () => {
    const vm = program([HLT_F000]);
    const vcpu = vm.vcpus[0]!;
    text(vm, ':tt', DATA + 0x100n);
    block(vm, [DATA + 0x100n, 4n, 3n]);
    call(vm, OPEN, DATA);
    const handle = get(vcpu, 'x0');
    expect(handle).toBe(1n);
    block(vm, [handle, CODE, 65_536n + 5n]);
    call(vm, WRITE, DATA);
    expect([get(vcpu, 'x0'), vm.console!.pending]).toEqual([5n, 65_536]);
  });

  it('that move much end the turn of their vcpu: the host fetches what was said, and other VMs go on', () => {
    // hlt; mov w0, #5; mov x1, x20; hlt; subs x19, x19, #1; b.ne -16; wfi
    const vm = program([HLT_F000, 0x528000a0, 0xaa1403e1, HLT_F000, 0xf1000673, 0x54ffff81, WFI]);
    const vcpu = vm.vcpus[0]!;
    text(vm, ':tt', DATA + 0x100n);
    block(vm, [DATA + 0x100n, 4n, 3n]);
    call(vm, OPEN, DATA);
    block(vm, [get(vcpu, 'x0'), CODE, 65_536n]);
    set(vcpu, { pc: CODE + 4n, x19: 100n, x20: DATA });
    let [said, lost] = [0, 0];
    const fetch = (): void => {
      const output = vm.console!.drain();
      said += output.bytes.length;
      lost += output.lost;
    };
    while (vcpu.run(100_000).kind === 'preempted') fetch();
    fetch();
    expect([said, lost, vcpu.instructionCount]).toEqual([6_553_600, 0, 1 + 100 * 5 + 1]);
  });

  it('SYS_READ takes nothing of what was typed when it has nowhere to put it', () => {
    const vm = program([HLT_F000]);
    const vcpu = vm.vcpus[0]!;
    text(vm, ':tt', DATA + 0x100n);
    block(vm, [DATA + 0x100n, 0n, 3n]);
    call(vm, OPEN, DATA);
    const handle = get(vcpu, 'x0');
    vm.console!.type(new TextEncoder().encode('ab'));
    block(vm, [handle, 0x1000n, 2n]);
    call(vm, READ, DATA);
    expect(get(vcpu, 'x0'), 'nothing is at 0x1000').toBe(MINUS_ONE);
    block(vm, [handle, DATA + 0x100n, 2n]);
    call(vm, READ, DATA);
    expect([get(vcpu, 'x0'), vm.hardware.readPhysical(Number(DATA) + 0x100, 2)]).toEqual([
      0n,
      Uint8Array.of(0x61, 0x62),
    ]);
  });

  it('SYS_READC waits until something is typed, and KVM_RUN can be left meanwhile', () => {
    const vm = program([HLT_F000]);
    const vcpu = vm.vcpus[0]!;
    expect(call(vm, READC, 0n)).toEqual({ kind: 'blocked' });
    expect(vcpu.run(1)).toEqual({ kind: 'blocked' });
    expect(vcpu.interrupt()).toMatchObject({ kind: 'error', errno: 'EINTR' });
    expect([get(vcpu, 'pc'), vcpu.instructionCount]).toEqual([CODE, 0]);
    expect(vm.console!.type(new TextEncoder().encode('yz'))).toBe(2);
    expect(vcpu.run(1)).toEqual({ kind: 'preempted' });
    expect([get(vcpu, 'x0'), vcpu.instructionCount]).toEqual([0x79n, 1]);
    call(vm, READC, 0n);
    expect(get(vcpu, 'x0')).toBe(0x7an);
  });

  it('share the console of a board with its UART', () => {
    const board = { kind: 'virt', gic: 3, entropySeed: 0n } as const;
    // strb w4, [x28]
    const vm = program([HLT_F000, 0x39000384], { board });
    const vcpu = vm.vcpus[0]!;
    text(vm, 's');
    set(vcpu, { x0: WRITEC, x1: DATA, x4: 0x75n, x28: 0x0900_0000n });
    vcpu.run(2);
    expect(said(vm)).toBe('su');
    vm.console!.type(new TextEncoder().encode('abc'));
    const typed = [1, 2, 3].map(() => {
      call(vm, READC, 0n);
      return Number(get(vcpu, 'x0'));
    });
    expect(String.fromCharCode(...typed)).toBe('abc');
  });

  it('tell the command line, the heap, and virtual time', () => {
    const vm = program([HLT_F000]);
    const vcpu = vm.vcpus[0]!;
    block(vm, [DATA + 0x100n, 16n]);
    call(vm, CMDLINE, DATA);
    expect(vm.hardware.readPhysical(Number(DATA) + 0x100, 8)).toEqual(new TextEncoder().encode('test -v\0'));
    block(vm, [DATA + 0x100n]);
    call(vm, HEAPINFO, DATA);
    const info = new BigUint64Array(vm.hardware.readPhysical(Number(DATA) + 0x100, 32)!.slice().buffer);
    expect([...info]).toEqual([HEAP.base, HEAP.limit, HEAP.limit, HEAP.base]);
    call(vm, CLOCK, 0n);
    expect(get(vcpu, 'x0')).toBe(0n);
  });
});

describe('the end of a program', () => {
  for (const tier of TIERS) {
    it(`is no exit of KVM: code and reason, and the vcpu is after the HLT (${tier})`, () => {
      const vm = program([NOP, HLT_F000, brk(1)], { tier });
      const vcpu = vm.vcpus[0]!;
      block(vm, [0x2_0026n, 42n]);
      set(vcpu, { x0: EXIT, x1: DATA });
      expect(vcpu.run(100)).toEqual({
        kind: 'semihosting-exit',
        code: 42,
        detail: 'the guest ended its program by semihosting SYS_EXIT, ADP_Stopped_ApplicationExit',
      });
      expect([get(vcpu, 'pc'), get(vcpu, 'x0'), vcpu.instructionCount, vcpu.inRun]).toEqual([
        CODE + 8n,
        EXIT,
        2,
        false,
      ]);
      vcpu.setGuestDebug(debug(0x10001));
      expect(exit(vcpu), 'it runs on').toMatchObject({ reason: 'KVM_EXIT_DEBUG' });
    });
  }

  it('is a failure for every other reason, and negative codes stay what they are', () => {
    const vm = program([HLT_F000]);
    block(vm, [0x2_0023n, 0n]);
    expect(call(vm, EXIT, DATA)).toMatchObject({
      code: 1,
      detail: expect.stringMatching(/RunTimeErrorUnknown/),
    });
    block(vm, [0x2_0026n, 0xffff_fffen]);
    expect(call(vm, EXTENDED, DATA)).toMatchObject({ code: -2 });
  });
});
