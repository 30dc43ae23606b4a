/** What a thread makes once, for its first VM: the interpreter's code, the decoder, V8's own of both. */
import { profile } from '../../kvm/profiles.ts';
import { createVm } from '../../kvm/vm.ts';

const RAM = { base: 0x4000_0000, size: 4096 };
const FEATURES = ['psci_0_2'];
/** KVM_REG_ARM_CORE_REG(regs.pc) (arch/arm64/include/uapi/asm/kvm.h). */
const REG_PC = 0x6030_0000_0010_0040n;
/** b . */
const SPIN = Uint8Array.of(0, 0, 0, 0x14);

/** A small VM runs for a moment and is forgotten, so that the first one that somebody asks for finds everything made. */
export function warmUp(): void {
  const vm = createVm({
    memory: RAM,
    vcpus: [{ profile: profile('neoverse-n1'), features: FEATURES }],
    debugResources: 'per-vcpu',
    tier: 'interpreter',
  });
  const vcpu = vm.vcpus[0]!;
  vm.hardware.writePhysical(RAM.base, SPIN);
  vcpu.init(FEATURES);
  vcpu.setOneReg(REG_PC, BigInt(RAM.base));
  vcpu.run(1);
}
