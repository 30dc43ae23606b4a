/** How fast guests run: million guest instructions a CPU second, beside QEMU where it is installed. */
import { KERNELS, type Kernel, type KernelName, loadKernel } from './support/kernels.ts';
import { bootKernel, coreRegister, cpuSeconds, guestDebug, runToExit } from './support/machine.ts';
import { qemuVersion, runQemu } from './support/qemu.ts';
import { median, table } from './support/table.ts';

const ITERATIONS: Readonly<Record<KernelName, number>> = { int: 50_000, mem: 12, br: 2_500 };
const CONTROL_HARDWARE = 0x2_0001;

interface EngineRun {
  readonly cpuSeconds: number;
  readonly instructions: number;
  readonly checksum: number;
}

function runEngine(kernel: Kernel, iterations: number): EngineRun {
  const { vcpu } = bootKernel(kernel, iterations);
  vcpu.setGuestDebug(guestDebug(CONTROL_HARDWARE, [kernel.symbol('done')]));
  const seconds = cpuSeconds(() => runToExit(vcpu));
  const result = vcpu.getOneReg(coreRegister('x0'));
  return { cpuSeconds: seconds, instructions: vcpu.instructionCount, checksum: fold(result) };
}

/** As the guest folds its result into QEMU's exit status. */
function fold(value: bigint): number {
  const halves = value ^ (value >> 32n);
  const quarters = halves ^ (halves >> 16n);
  return Number((quarters ^ (quarters >> 8n)) & 0xffn);
}

export function speed(quick: boolean): string {
  const repetitions = quick ? 1 : 5;
  const divisor = quick ? 5 : 1;
  const qemu = qemuVersion();
  const rows = KERNELS.map((name) =>
    measure(name, Math.ceil(ITERATIONS[name] / divisor), repetitions, qemu !== null),
  );
  const title = `Guest instructions a CPU second, in millions (median of ${repetitions}, interleaved; start-up of QEMU subtracted)`;
  const compared = qemu ?? 'qemu-system-aarch64 is not installed: no comparison';
  return `${title}\n${compared}\n${table(['kernel', 'instructions', 'tier 1', 'QEMU TCG', 'QEMU -icount', 'tier 1 / TCG', 'tier 1 / icount'], rows)}`;
}

function measure(name: KernelName, iterations: number, repetitions: number, withQemu: boolean): string[] {
  const kernel = loadKernel(name);
  const own: EngineRun[] = [];
  const tcg: number[] = [];
  const icount: number[] = [];
  // QEMU is so short that it gets more work; its time is per instruction all the same.
  const longer = 4;
  for (let n = 0; n < repetitions; n++) {
    own.push(runEngine(kernel, iterations));
    if (!withQemu) continue;
    for (const [times, extra] of [
      [tcg, []],
      [icount, ['-icount', 'shift=1']],
    ] as const) {
      const run = runQemu(kernel, iterations * longer, extra);
      times.push(run.cpuSeconds - runQemu(kernel, 1, extra).cpuSeconds);
    }
  }
  if (withQemu) sameResult(kernel, iterations, own[0]?.checksum);
  const instructions = own[0]?.instructions ?? 0;
  const mips = instructions / median(own.map((run) => run.cpuSeconds)) / 1e6;
  const others = [tcg, icount].map((times) =>
    times.length === 0 ? null : (instructions * longer) / median(times) / 1e6,
  );
  return [
    `${name} ${iterations}`,
    `${(instructions / 1e6).toFixed(0)} M`,
    mips.toFixed(0),
    ...others.map((value) => value?.toFixed(0) ?? '-'),
    ...others.map((value) => (value === null ? '-' : (mips / value).toFixed(2))),
  ];
}

function sameResult(kernel: Kernel, iterations: number, checksum: number | undefined): void {
  const reference = runQemu(kernel, iterations).checksum;
  if (reference !== checksum) throw new Error(`${kernel.name}: checksum ${checksum}, QEMU has ${reference}`);
}
