/**
 * Debian's kernel boots in the interpreter and with compiled code side by side, in this process: after each stride all state
 * has the same digest, to SYSTEM_OFF at the same instruction.
 */
import type { Vm } from '../../src/kvm/contract.ts';
import { digestOf } from '../../src/session/engine-thread/digest.ts';
import { linux, startLinux } from '../../test/bench/support/linux.ts';
import { missingKernel } from './debian-kernel.ts';
import type { Suite, SuiteOptions, SuiteResult } from './suite.ts';

const STRIDE = 1_000_007;
/** More than a boot needs: the whole of it. */
const STRIDES = 1000;
/** The service's part of a digest: nothing is scheduled here. */
const SCHEDULE = { turn: 0, mmioVcpu: 0, mmioAnswers: new Map<number, bigint>(), files: null } as const;

/** Run until so many instructions have retired in all; true when the machine was switched off before. */
function advance(vm: Vm, to: number): boolean {
  const vcpu = vm.vcpus[0]!;
  while (vcpu.instructionCount < to) {
    const result = vcpu.run(to - vcpu.instructionCount);
    vm.hardware.devices!.drainConsole();
    if (result.kind === 'exit' && result.exit.reason === 'KVM_EXIT_SYSTEM_EVENT') return true;
    const goes =
      result.kind === 'preempted' || (result.kind === 'blocked' && vm.hardware.devices!.skipToDeadline());
    if (!goes)
      throw new Error(`the guest ended with ${result.kind} after ${vcpu.instructionCount} instructions`);
  }
  // A snapshot is of a vcpu outside KVM_RUN.
  if (vcpu.inRun) vcpu.interrupt();
  return false;
}

async function run({ count = STRIDES, progress }: SuiteOptions): Promise<SuiteResult> {
  const files = linux();
  const vms = [await startLinux(files, 'interpreter'), await startLinux(files, 'auto')] as const;
  let passed = 0;
  for (let stride = 1; stride <= count; stride++) {
    progress.step('strides', stride, count);
    const off = vms.map((vm) => advance(vm, stride * STRIDE));
    const counts = vms.map((vm) => vm.vcpus[0]!.instructionCount);
    if (off[0] !== off[1] || counts[0] !== counts[1]) {
      progress.line(
        `FAILED: one machine is at ${counts[0]} and off: ${off[0]}, the other at ${counts[1]}: ${off[1]}`,
      );
      return { passed, failed: 1, skipped: 0 };
    }
    const [slow, fast] = vms.map((vm) => digestOf(vm, SCHEDULE).parts);
    const different = Object.keys(slow!).filter((part) => slow![part] !== fast![part]);
    if (different.length > 0) {
      progress.line(`FAILED: after ${counts[0]} instructions ${different.join(', ')} differ`);
      return { passed, failed: 1, skipped: 0 };
    }
    passed++;
    if (off[0]) break;
  }
  progress.line(`equal ${passed} times, at the end after ${vms[0].vcpus[0]!.instructionCount} instructions`);
  return { passed, failed: 0, skipped: 0 };
}

export const LOCKSTEP: Suite = {
  name: 'lockstep',
  summary:
    'a kernel boot in the interpreter and in compiled code, all state compared each million instructions (--count times)',
  quick: 30,
  missing: missingKernel,
  run,
};
