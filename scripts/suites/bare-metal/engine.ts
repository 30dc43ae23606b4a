/** The same program on the KVM floor, in this process, as it was built for the service. */
import { readFileSync } from 'node:fs';
import type { Tier } from '../../../src/engine/hardware.ts';

const built = (path: string): string => new URL(`../../../dist/${path}`, import.meta.url).href;
const { createVm } = (await import(built('kvm/vm.js'))) as typeof import('../../../src/kvm/vm.ts');
const { profile } = (await import(built('kvm/profiles.js'))) as typeof import('../../../src/kvm/profiles.ts');
const { CORE_REGISTERS } = (await import(
  built('abi/kvm/one-reg.js')
)) as typeof import('../../../src/abi/kvm/one-reg.ts');
const { parseElf } = (await import(
  built('session/images/elf.js')
)) as typeof import('../../../src/session/images/elf.ts');

const RAM = { base: 0x4000_0000, size: 128 << 20 };
const UART = 0x0900_0000n;
const SLICE = 1 << 22;
const FEATURES = ['psci_0_2'];
const PC = CORE_REGISTERS.find((register) => register.name === 'pc');

export interface EngineRun {
  /** What the program sent to the UART before it switched the machine off; otherwise how it ended, in brackets. */
  readonly output: string;
  readonly instructions: number;
}

/** Run a program until SYSTEM_OFF, or until it has retired as many instructions as it may. */
export function runOnEngine(file: string, budget: number, tier: Tier): EngineRun {
  const elf = new Uint8Array(readFileSync(file));
  const { entry, segments } = parseElf(elf, RAM.size);
  const vm = createVm({
    memory: RAM,
    vcpus: [{ profile: profile('neoverse-n1'), features: FEATURES }],
    debugResources: 'per-vcpu',
    tier,
  });
  const vcpu = vm.vcpus[0]!;
  vcpu.init(FEATURES);
  for (const { physical, bytes } of segments) vm.hardware.writePhysical(Number(physical), bytes);
  vcpu.setOneReg(PC!.id, entry);
  let output = '';
  const end = (how: string): EngineRun => ({ output: how, instructions: vcpu.instructionCount });
  for (;;) {
    if (vcpu.instructionCount >= budget) return end(`[${output}, out of instructions]`);
    const result = vcpu.run(SLICE);
    if (result.kind === 'preempted' && result.exceptionLoop === undefined) continue;
    if (result.kind !== 'exit') return end(`[${output}, ${result.kind} at ${pcOf(vcpu)}]`);
    const { exit } = result;
    if (exit.reason === 'KVM_EXIT_MMIO' && exit.mmio.physAddr === UART && exit.mmio.isWrite)
      output += String.fromCharCode(Number(exit.mmio.data & 0xffn));
    else if (exit.reason === 'KVM_EXIT_SYSTEM_EVENT') return end(output);
    else return end(`[${output}, ${exit.reason} at ${pcOf(vcpu)}]`);
  }
}

function pcOf(vcpu: { getOneReg(id: bigint): bigint }): string {
  return `0x${vcpu.getOneReg(PC!.id).toString(16)}`;
}
