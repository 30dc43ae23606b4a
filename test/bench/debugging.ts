/** What debugging costs, in this process: steps, breakpoint hits, and armed slots that never hit. */
import type { Tier } from '../../src/engine/hardware.ts';
import { type KernelName, loadKernel } from './support/kernels.ts';
import { bootKernel, bootWords, cpuSeconds, guestDebug, PC, retire, SLICE } from './support/machine.ts';
import { median, rate, table } from './support/table.ts';

const ENABLE_SINGLESTEP = 0x3;
const ENABLE_HARDWARE = 0x2_0001;
const BREAKPOINTS = 6;
const WATCHPOINTS = 4;
const ARMED: readonly KernelName[] = ['int', 'mem', 'br', 'fp'];
const TIERS: readonly Tier[] = ['interpreter', 'auto'];

/** nop, five additions, back to the nop. */
const LOOP = [0xd503_201f, ...Array.from({ length: 5 }, () => 0x9100_0400), 0x17ff_fffa];
const LOOP_START = 0x4000_0000n;

export function debugging(quick: boolean): string {
  const scale = quick ? 0.1 : 1;
  const rows = [
    ['engine: run(1)', perSecond(5e6 * scale, engineSteps), ''],
    ['KVM_RUN with SINGLESTEP, a step exit each', perSecond(2e6 * scale, kvmSteps), ''],
    ['engine: breakpoint hit and continue', perSecond(2e6 * scale, engineHits), '7-instruction loop'],
    ['KVM_RUN: breakpoint exit and continue', perSecond(1e6 * scale, kvmHits), '7-instruction loop'],
  ];
  const armed = TIERS.flatMap((tier) => ARMED.map((name) => slowDown(name, tier, quick)));
  return [
    'Debug operations a CPU second, in process (median of 3)',
    table(['operation', 'a CPU second', ''], rows),
    '',
    `Slow-down with ${BREAKPOINTS} breakpoints and ${WATCHPOINTS} watchpoints armed and unhit`,
    table(['kernel', 'tier', 'unarmed MIPS', 'armed MIPS', 'slow-down'], armed),
  ].join('\n');
}

/** Each `work(count)` gives the seconds for `count` operations. */
function perSecond(count: number, work: (count: number) => number): string {
  return rate(count / median([0, 1, 2].map(() => work(count))));
}

function engineSteps(count: number): number {
  const { vm, vcpu } = bootWords(LOOP);
  retire(vcpu, SLICE);
  const [hardware] = vm.hardware.vcpus;
  return cpuSeconds(() => {
    for (let n = 0; n < count; n++) hardware?.run(1);
  });
}

function kvmSteps(count: number): number {
  const { vcpu } = bootWords(LOOP);
  vcpu.setGuestDebug(guestDebug(ENABLE_SINGLESTEP));
  return cpuSeconds(() => {
    for (let n = 0; n < count; n++) vcpu.run(SLICE);
  });
}

/** A breakpoint on the nop; to continue, the debugger steps over it by moving PC, as user space does. */
function engineHits(count: number): number {
  const { vm, vcpu } = bootWords(LOOP);
  vcpu.setGuestDebug(guestDebug(ENABLE_HARDWARE, [LOOP_START]));
  vcpu.run(SLICE);
  const [hardware] = vm.hardware.vcpus;
  if (hardware === undefined) throw new Error('no vcpu');
  // KVM has loaded the host's breakpoint at the world switch; from here on the engine runs by itself.
  const file = { bcr: slots(0x1e7n), bvr: slots(LOOP_START), wcr: slots(0n), wvr: slots(0n) };
  hardware.loadDebug(file, 1n << 15n);
  hardware.controls.tde = true;
  return cpuSeconds(() => {
    for (let n = 0; n < count; n++) {
      hardware.pc = LOOP_START + 4n;
      const stop = hardware.run(SLICE);
      if (stop.kind !== 'debug') throw new Error(`stopped with ${stop.kind}`);
    }
  });
}

function slots(first: bigint): BigUint64Array {
  const values = new BigUint64Array(16);
  values[0] = first;
  return values;
}

function kvmHits(count: number): number {
  const { vcpu } = bootWords(LOOP);
  vcpu.setGuestDebug(guestDebug(ENABLE_HARDWARE, [LOOP_START]));
  vcpu.run(SLICE);
  return cpuSeconds(() => {
    for (let n = 0; n < count; n++) {
      vcpu.setOneReg(PC, LOOP_START + 4n);
      vcpu.run(SLICE);
    }
  });
}

/** The same instructions with and without slots: breakpoints in the page of the hot code, watchpoints on other pages. */
function slowDown(name: KernelName, tier: Tier, quick: boolean): string[] {
  const instructions = (tier === 'interpreter' ? 60e6 : 400e6) / (quick ? 4 : 1);
  const kernel = loadKernel(name);
  const behindTheEnd = kernel.symbol('done') + 0x24n;
  const breakpoints = Array.from({ length: BREAKPOINTS }, (_, n) => behindTheEnd + BigInt(4 * n));
  const watchpoints = Array.from({ length: WATCHPOINTS }, (_, n) => 0x4300_0000n + BigInt(0x1000 * n));
  // One guest for both: two would differ by when and how V8 compiled their code.
  const { vcpu } = bootKernel(kernel, 20_000_000, tier);
  retire(vcpu, 2 * instructions);
  const seconds = (armed: boolean): number => {
    vcpu.setGuestDebug(armed ? guestDebug(ENABLE_HARDWARE, breakpoints, watchpoints) : guestDebug(0));
    retire(vcpu, 4 * SLICE);
    return cpuSeconds(() => retire(vcpu, instructions));
  };
  const times = Array.from({ length: quick ? 3 : 9 }, () => [seconds(false), seconds(true)] as const);
  const [unarmed, armed] = [median(times.map(([off]) => off)), median(times.map(([, on]) => on))];
  const mips = (time: number): string => (instructions / time / 1e6).toFixed(0);
  return [name, tier, mips(unarmed), mips(armed), `${((armed / unarmed - 1) * 100).toFixed(1)} %`];
}
