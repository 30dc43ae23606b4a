/** A machine, made and loaded: at creation, and again at each reset. */
import type { Vm, VmConfig, VmPorts } from '../../kvm/contract.ts';
import { KvmError } from '../../kvm/errors.ts';
import { SessionError } from '../errors.ts';
import { writeMemory } from './guest-memory.ts';
import type { CreateVmArgs, Segment } from './protocol.ts';

/** KVM_REG_ARM_CORE_REG(regs.pc) (arch/arm64/include/uapi/asm/kvm.h). */
const REG_PC = 0x6030_0000_0010_0040n;
/** regs.regs[0]; each register is two words. */
const REG_X0 = 0x6030_0000_0010_0000n;

/** KVM_ENABLE_CAP: its EINVAL says something else than that of KVM_ARM_VCPU_INIT. */
function enableCapability(vm: Vm, cap: number): void {
  try {
    vm.enableCap(cap);
  } catch (error) {
    if (error instanceof KvmError) {
      throw new SessionError('kvm-refused', `KVM_ENABLE_CAP: ${error.message}.`, { errno: error.errno });
    }
    throw error;
  }
}

/** KVM_CREATE_VM and what belongs to it; the worker gives the real one. */
export type CreateVm = (config: VmConfig, ports?: VmPorts) => Vm;

/** The machine, without what it is loaded with. Address space that the process cannot have is no bug of ours. */
function reserve(createVm: CreateVm, config: VmConfig, ports: VmPorts): Vm {
  try {
    return createVm(config, ports);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new SessionError(
        'memory-limit',
        `The host cannot reserve ${config.memory.size} bytes now (${error.message}). Delete VMs or ask for less.`,
      );
    }
    throw error;
  }
}

/** `features`, by vcpu: those to initialise it with; null leaves it uninitialised. */
export function buildVm(
  createVm: CreateVm,
  {
    config,
    capabilities,
    entry,
    arguments: given,
  }: Pick<CreateVmArgs, 'config' | 'capabilities' | 'entry' | 'arguments'>,
  features: readonly (readonly string[] | null)[],
  segments: readonly Segment[],
  ports: VmPorts,
): Vm {
  const vm = reserve(createVm, config, ports);
  for (const cap of capabilities) {
    enableCapability(vm, cap);
  }
  for (const { address, bytes } of segments) {
    writeMemory(vm, { vcpu: 0, address: BigInt(address), space: 'physical' }, bytes);
  }
  for (const [index, wanted] of features.entries()) {
    if (wanted !== null) {
      vm.vcpus[index]!.init(wanted);
    }
  }
  if (features[0] !== null) {
    vm.vcpus[0]!.setOneReg(REG_PC, entry);
    for (const [n, value] of given.entries()) {
      vm.vcpus[0]!.setOneReg(REG_X0 + BigInt(n) * 2n, value);
    }
  }
  return vm;
}
