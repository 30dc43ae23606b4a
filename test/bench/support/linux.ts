/** Debian's kernel from power on to `poweroff -f` in its first program: in this process as built, and in QEMU. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tier } from '../../../src/engine/hardware.ts';
import type { Vm } from '../../../src/kvm/contract.ts';
import { kernelFiles, type KernelFiles } from '../../../scripts/suites/debian-kernel.ts';

const INIT = `#!/bin/sh
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
echo GUEST-UP $(uname -m) $(nproc) vcpus
poweroff -f
`;
export const COMMAND_LINE = 'earlycon console=ttyAMA0 cryptomgr.notests';
export const PROFILE = 'cortex-a57';
export const RAM_MIB = 512;
const RAM = { base: 0x4000_0000, size: RAM_MIB << 20 };
const GREETING = 'GUEST-UP aarch64 1 vcpus';
/** As one turn of the service has it. */
const QUANTUM = 20_000;

export const linux = (): KernelFiles => kernelFiles(INIT, []);

export interface Boot {
  readonly seconds: number;
  /** Of all threads. */
  readonly cpuSeconds?: number;
  readonly instructions?: number;
}

const built = (path: string): string => new URL(`../../../dist/${path}`, import.meta.url).href;

/** What `npm run build` made: sources under a loader are slower. */
async function floor() {
  const { createVm } = (await import(built('kvm/vm.js'))) as typeof import('../../../src/kvm/vm.ts');
  const { planBoot } = (await import(built('kvm/boot.js'))) as typeof import('../../../src/kvm/boot.ts');
  const { profile } = (await import(
    built('kvm/profiles.js')
  )) as typeof import('../../../src/kvm/profiles.ts');
  const { CORE_REGISTERS } = (await import(
    built('abi/kvm/one-reg.js')
  )) as typeof import('../../../src/abi/kvm/one-reg.ts');
  return { createVm, planBoot, profile, CORE_REGISTERS };
}

/** A VM with one vcpu at the start of the kernel. */
export async function startLinux({ image, initrd }: KernelFiles, tier: Tier): Promise<Vm> {
  const { createVm, planBoot, profile, CORE_REGISTERS } = await floor();
  const idOf = (name: string): bigint => CORE_REGISTERS.find((register) => register.name === name)!.id;
  const features = ['psci_0_2'];
  const config = {
    memory: RAM,
    vcpus: [{ profile: profile(PROFILE), features }],
    debugResources: 'per-vcpu',
    tier,
    board: { kind: 'virt', gic: 3, entropySeed: 1n },
  } as const;
  const vm = createVm(config);
  const plan = planBoot(
    { memory: RAM, vcpus: 1, gic: 3, disks: 0 },
    { image: { kind: 'linux', bytes: image }, initrd, commandLine: COMMAND_LINE },
  );
  if ('problem' in plan) throw new Error(plan.problem);
  const vcpu = vm.vcpus[0]!;
  vcpu.init(features);
  for (const { address, bytes } of plan.pieces) vm.hardware.writePhysical(address, bytes);
  vcpu.setOneReg(idOf('pc'), BigInt(plan.entry));
  for (const [n, value] of plan.x.entries()) vcpu.setOneReg(idOf(`x${n}`), BigInt(value));
  return vm;
}

/** Seconds from the creation of the VM to SYSTEM_OFF. */
export async function bootInProcess(files: KernelFiles, tier: Tier): Promise<Boot> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const vm = await startLinux(files, tier);
  const vcpu = vm.vcpus[0]!;
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const result = vcpu.run(QUANTUM);
    text += decoder.decode(vm.hardware.devices!.drainConsole().bytes, { stream: true });
    if (result.kind === 'preempted') continue;
    if (result.kind === 'blocked' && vm.hardware.devices!.skipToDeadline()) continue;
    if (result.kind !== 'exit' || result.exit.reason !== 'KVM_EXIT_SYSTEM_EVENT') {
      throw new Error(`the boot ended with ${result.kind}; its console ends with\n${text.slice(-1000)}`);
    }
    if (!text.includes(GREETING)) throw new Error(`the kernel did not come up:\n${text.slice(-1000)}`);
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return { seconds, cpuSeconds: (user + system) / 1e6, instructions: vcpu.instructionCount };
  }
}

/** Seconds from the start of QEMU to its end. */
export function bootInQemu({ image, initrd }: KernelFiles, extra: readonly string[] = []): Boot {
  const directory = mkdtempSync(join(tmpdir(), 'guestdbg-bench-'));
  try {
    const file = (name: string, bytes: Uint8Array): string => {
      writeFileSync(join(directory, name), bytes);
      return join(directory, name);
    };
    const args = ['-M', 'virt,gic-version=3', '-cpu', PROFILE, '-m', String(RAM_MIB), '-display', 'none'];
    const files = ['-kernel', file('Image', image), '-initrd', file('initrd', initrd)];
    const rest = ['-serial', 'stdio', '-monitor', 'none', '-no-reboot', '-append', COMMAND_LINE];
    const started = performance.now();
    const command = ['qemu-system-aarch64', ...args, ...extra, ...files, ...rest];
    const run = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time "$@"`, 'bash', ...command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const seconds = (performance.now() - started) / 1000;
    if (!run.stdout.includes(GREETING)) throw new Error(`QEMU's kernel did not come up: ${run.stderr}`);
    const [user, system] = run.stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
    return { seconds, cpuSeconds: user! + system! };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
