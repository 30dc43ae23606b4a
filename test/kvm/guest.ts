/** A small guest for tests: one VM, code at the start of RAM, registers by name. */
import { oneRegByName } from '../../src/abi/kvm/one-reg.ts';
import type { KvmExit } from '../../src/abi/kvm/exits.ts';
import type { GuestDebug, Profile, RunResult, Vcpu, Vm } from '../../src/kvm/contract.ts';
import { profile } from '../../src/kvm/profiles.ts';
import { createVm } from '../../src/kvm/vm.ts';

export const CODE = 0x4000_0000n;
export const DATA = 0x4010_0000n;
/** No memory there: a store is a KVM_EXIT_MMIO. */
export const DEVICE = 0x0900_0000n;

/** A64 words, as the GNU assembler gives them. */
export const NOP = 0xd503201f;
export const ADD_X0_1 = 0x91000400;
export const ADD_X1_1 = 0x91000421;
export const STR_X0_X28 = 0xf9000380;
export const LDR_X1_X28 = 0xf9400381;
export const LDRSB_X1_X28 = 0x39800381;
export const STP_X0_X1_X28 = 0xa9000780;
export const STR_X0_X10 = 0xf9000140;
export const LDR_X1_X10 = 0xf9400141;
export const HVC_0 = 0xd4000002;
export const SMC_0 = 0xd4000003;
export const WFI = 0xd503207f;
export const B_SELF = 0x14000000;
export const brk = (comment: number): number => 0xd4200000 | (comment << 5);

export interface GuestOptions {
  readonly profile?: Profile;
  readonly vcpus?: number;
  readonly features?: readonly string[];
}

export interface Guest {
  readonly vm: Vm;
  readonly vcpu: Vcpu;
}

/** The vcpus are initialised, at the code, at EL1h with DAIF masked; x10 and x28 hold DATA and DEVICE. */
export function guest(words: readonly number[], options: GuestOptions = {}): Guest {
  const host = options.profile ?? profile('neoverse-n1');
  const vm = createVm({
    memory: { base: Number(CODE), size: 0x40_0000 },
    vcpus: Array.from({ length: options.vcpus ?? 1 }, () => ({ profile: host, features: [] })),
    debugResources: 'lowest-common-denominator',
  });
  vm.hardware.writePhysical(Number(CODE), new Uint8Array(new Uint32Array(words).buffer));
  for (const vcpu of vm.vcpus) {
    vcpu.init(options.features ?? ['psci_0_2']);
    set(vcpu, { pc: CODE, vbar_el1: CODE + 0x2000n, x10: DATA, x28: DEVICE });
  }
  return { vm, vcpu: vm.vcpus[0]! };
}

export function idOf(name: string): bigint {
  const register = oneRegByName(name);
  if (register === undefined) throw new Error(`no register ${name}`);
  return register.id;
}
export const get = (vcpu: Vcpu, name: string): bigint => vcpu.getOneReg(idOf(name));
export function set(vcpu: Vcpu, values: Readonly<Record<string, bigint>>): void {
  for (const [name, value] of Object.entries(values)) vcpu.setOneReg(idOf(name), value);
}

type Slots = Readonly<Record<number, bigint>>;
/** A guest-debug set from slots by number. */
export function debug(
  control: number,
  bcr: Slots = {},
  bvr: Slots = {},
  wcr: Slots = {},
  wvr: Slots = {},
): GuestDebug {
  const fill = (slots: Slots): bigint[] => Array.from({ length: 16 }, (_, n) => slots[n] ?? 0n);
  return { control, bcr: fill(bcr), bvr: fill(bvr), wcr: fill(wcr), wvr: fill(wvr) };
}
export const breakpoint = (address: bigint, bcr = 0x1e7n): GuestDebug =>
  debug(0x20001, { 0: bcr }, { 0: address });
export const watchpoint = (address: bigint, wcr: bigint): GuestDebug =>
  debug(0x20001, {}, {}, { 0: wcr }, { 0: address });

/** KVM_RUN until it returns. */
export function run(
  vcpu: Vcpu,
  options: { immediateExit?: boolean; mmioData?: bigint } = {},
): Exclude<RunResult, { kind: 'preempted' | 'semihosting-exit' }> {
  const result = vcpu.run(100_000, options);
  if (result.kind === 'preempted' || result.kind === 'semihosting-exit')
    throw new Error(`the guest did not stop: ${result.kind}`);
  return result;
}
/** The exit of a KVM_RUN that returns 0. */
export function exit(vcpu: Vcpu, options: { mmioData?: bigint } = {}): KvmExit {
  const result = run(vcpu, options);
  if (result.kind !== 'exit') throw new Error(`KVM_RUN: ${JSON.stringify(result.kind)}`);
  return result.exit;
}
/** hsr of a debug exit; the reason's name for others. */
export function hsr(vcpu: Vcpu): number | string {
  const result = exit(vcpu);
  return result.reason === 'KVM_EXIT_DEBUG' ? result.debug.hsr : result.reason;
}
/** errno of a refused call; undefined when it succeeds. */
export function errnoOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return (error as { errno?: string }).errno ?? String(error);
  }
}
