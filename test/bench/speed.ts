/** How fast guests run: million guest instructions a CPU second, beside QEMU where it is installed. */
import type { Tier } from '../../src/engine/hardware.ts';
import { KERNELS, type Kernel, type KernelName, loadKernel } from './support/kernels.ts';
import { bootKernel, coreRegister, cpuSeconds, guestDebug, runToExit } from './support/machine.ts';
import { qemuVersion, runQemu } from './support/qemu.ts';
import { median, table } from './support/table.ts';

const ITERATIONS: Readonly<Record<KernelName, number>> = {
  int: 50_000,
  mem: 12,
  br: 2_500,
  call: 250_000,
  sort: 150,
  lex: 22_000,
  json: 10_000,
  fp: 250_000,
  fma: 250_000,
  simd: 30_000,
};
const CONTROL_HARDWARE = 0x2_0001;

interface EngineRun {
  readonly cpuSeconds: number;
  readonly instructions: number;
  readonly checksum: number;
}

function runEngine(kernel: Kernel, iterations: number, tier: Tier): EngineRun {
  const { vcpu } = bootKernel(kernel, iterations, tier);
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
  return `${title}\n${compared}\n${table(['kernel', 'instructions', 'interpreter', 'auto, first', 'auto', 'TCG', '-icount', 'auto / TCG', 'auto / icount'], rows)}`;
}

/** The interpreter is so slow beside the others that they get more work; all figures are per instruction. */
const LONGER = 4;

function measure(name: KernelName, iterations: number, repetitions: number, withQemu: boolean): string[] {
  const kernel = loadKernel(name);
  const slow: EngineRun[] = [];
  const auto: EngineRun[] = [];
  const tcg: number[] = [];
  const icount: number[] = [];
  for (let n = 0; n < repetitions; n++) {
    slow.push(runEngine(kernel, iterations, 'interpreter'));
    auto.push(runEngine(kernel, iterations * LONGER, 'auto'));
    if (!withQemu) continue;
    for (const [times, extra] of [
      [tcg, []],
      [icount, ['-icount', 'shift=1']],
    ] as const) {
      const run = runQemu(kernel, iterations * LONGER, extra);
      times.push(run.cpuSeconds - runQemu(kernel, 1, extra).cpuSeconds);
    }
  }
  if (withQemu) sameResult(kernel, iterations * LONGER, auto[0]?.checksum);
  const instructions = auto[0]?.instructions ?? 0;
  const mips = (run: EngineRun): number => run.instructions / run.cpuSeconds / 1e6;
  const own = median(auto.map(mips));
  const others = [tcg, icount].map((times) =>
    times.length === 0 ? null : instructions / median(times) / 1e6,
  );
  return [
    `${name} ${iterations * LONGER}`,
    `${(instructions / 1e6).toFixed(0)} M`,
    median(slow.map(mips)).toFixed(0),
    // The first compiles; the others find its code in the thread.
    mips(auto[0]!).toFixed(0),
    own.toFixed(0),
    ...others.map((value) => value?.toFixed(0) ?? '-'),
    ...others.map((value) => (value === null ? '-' : (own / value).toFixed(2))),
  ];
}

function sameResult(kernel: Kernel, iterations: number, checksum: number | undefined): void {
  const reference = runQemu(kernel, iterations).checksum;
  if (reference !== checksum) throw new Error(`${kernel.name}: checksum ${checksum}, QEMU has ${reference}`);
}
