/** A VM in this process, without the service: what the engine and the KVM floor can do by themselves. */
import { CORE_REGISTERS } from '../../../src/abi/kvm/one-reg.ts';
import type { Tier } from '../../../src/engine/hardware.ts';
import type { GuestDebug, Vcpu, Vm } from '../../../src/kvm/contract.ts';
import { profile } from '../../../src/kvm/profiles.ts';
import { createVm } from '../../../src/kvm/vm.ts';
import { countBytes, type Kernel } from './kernels.ts';

const RAM = { base: 0x4000_0000, size: 64 << 20 };
/** As much as one call of `run` may retire; the service's slices are of this order. */
export const SLICE = 1 << 20;
export const PC = coreRegister('pc');

export function coreRegister(name: string): bigint {
  const found = CORE_REGISTERS.find((register) => register.name === name);
  if (found === undefined) throw new Error(`no register ${name}`);
  return found.id;
}

export function boot(tier: Tier = 'auto'): { vm: Vm; vcpu: Vcpu } {
  const features = ['psci_0_2'];
  const vcpus = [{ profile: profile('neoverse-n1'), features }];
  const vm = createVm({ memory: RAM, vcpus, debugResources: 'per-vcpu', tier });
  const [vcpu] = vm.vcpus;
  if (vcpu === undefined) throw new Error('no vcpu');
  vcpu.init(features);
  return { vm, vcpu };
}

export function bootKernel(kernel: Kernel, iterations: number, tier?: Tier): { vm: Vm; vcpu: Vcpu } {
  const machine = boot(tier);
  for (const { address, bytes } of kernel.segments) machine.vm.hardware.writePhysical(address, bytes);
  machine.vm.hardware.writePhysical(Number(kernel.symbol('iterations')), countBytes(iterations));
  machine.vcpu.setOneReg(PC, kernel.entry);
  return machine;
}

export function bootWords(words: readonly number[]): { vm: Vm; vcpu: Vcpu } {
  const machine = boot();
  machine.vm.hardware.writePhysical(RAM.base, new Uint8Array(Uint32Array.from(words).buffer));
  machine.vcpu.setOneReg(PC, BigInt(RAM.base));
  return machine;
}

/** The whole block from the slots that are used. */
export function guestDebug(
  control: number,
  breakpoints: readonly bigint[] = [],
  watchpoints: readonly bigint[] = [],
): GuestDebug {
  const fill = (values: readonly bigint[]): bigint[] => Array.from({ length: 16 }, (_, n) => values[n] ?? 0n);
  return {
    control,
    bcr: fill(breakpoints.map(() => 0x1e7n)),
    bvr: fill(breakpoints),
    wcr: fill(watchpoints.map(() => 0x1fffn)),
    wvr: fill(watchpoints),
  };
}

/** Runs until an exit. */
export function runToExit(vcpu: Vcpu): void {
  let result = vcpu.run(SLICE);
  while (result.kind === 'preempted') result = vcpu.run(SLICE);
  if (result.kind !== 'exit') throw new Error(`the guest ended with ${result.kind}`);
}

/** Retires exactly this many instructions of a guest that does nothing else. */
export function retire(vcpu: Vcpu, instructions: number): void {
  for (let left = instructions; left > 0; left -= SLICE) {
    const result = vcpu.run(Math.min(left, SLICE));
    if (result.kind !== 'preempted') throw new Error(`the guest ended with ${result.kind}`);
  }
}

/** CPU seconds of this process, all its threads. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
