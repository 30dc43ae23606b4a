/** What armed slots cost that are not hit: the same instructions of one guest with and without them, in short pieces that alternate. */
import type { Tier } from '../../src/engine/hardware.ts';
import { IDLE_ENTRIES } from '../../src/engine/host-map.ts';
import type { GuestDebug } from '../../src/kvm/contract.ts';
import { type Kernel, type KernelName, loadKernel } from './support/kernels.ts';
import { bootKernel, guestDebug, PC, retire, SLICE } from './support/machine.ts';
import { Replay } from './support/replay.ts';
import { quantile, table } from './support/table.ts';

const ENABLE_HARDWARE = 0x2_0001;
const BREAKPOINTS = 6;
const WATCHPOINTS = 4;
const GUESTS: readonly KernelName[] = ['int', 'mem', 'br', 'fp'];
const TIERS: readonly Tier[] = ['interpreter', 'auto'];
const UNARMED = guestDebug(0);

/** Where pieces begin: behind what a kernel does only once. */
const START = 2_000_000;
/** Instructions from the entry of a program to its kernel's first loop, about. */
const FIRST_LOOP = 40;
/** CPU seconds: V8 has compiled by then what it compiles. */
const WARM_UP = 1.5;
/** Of a piece: so short that what else the machine does mostly falls on neither of a pair, or on both. */
const SECONDS = 0.001;
/** Groups of four pieces: unarmed and armed twice each, the order turned round from group to group. */
const GROUPS = 240;
const QUICKLY = 40;
const FEWER = 20;

interface Case {
  readonly name: string;
  readonly tiers: readonly Tier[];
  readonly slots: (kernel: Kernel) => GuestDebug;
  /** Arming and disarming change what is compiled: instructions before each piece, until that is done. Fewer pieces then. */
  readonly settled?: number;
}

const BESIDE = 'watchpoint in a page of hot data';
const CASES: readonly Case[] = [
  { name: 'nothing: the noise of this table', tiers: TIERS, slots: () => UNARMED },
  { name: `${BREAKPOINTS} breakpoints, ${WATCHPOINTS} watchpoints`, tiers: TIERS, slots: elsewhere },
  { name: 'breakpoint in the hot function', tiers: ['auto'], slots: onColdPath },
  { name: BESIDE, tiers: ['interpreter'], slots: besideHotData },
  { name: BESIDE, tiers: ['auto'], slots: besideHotData, settled: 2 * IDLE_ENTRIES * SLICE },
];

/** Breakpoints behind the end of the program, in the page of its hot code; watchpoints on pages that it does not touch. */
function elsewhere(kernel: Kernel): GuestDebug {
  const behindTheEnd = kernel.symbol('done') + 0x24n;
  const breakpoints = Array.from({ length: BREAKPOINTS }, (_, n) => behindTheEnd + BigInt(4 * n));
  const watchpoints = Array.from({ length: WATCHPOINTS }, (_, n) => 0x4300_0000n + BigInt(0x1000 * n));
  return guestDebug(ENABLE_HARDWARE, breakpoints, watchpoints);
}

/** In the function of the hot loops, on what it has executed before them. */
function onColdPath(kernel: Kernel): GuestDebug {
  const { vcpu } = bootKernel(kernel, 1);
  retire(vcpu, FIRST_LOOP);
  return guestDebug(ENABLE_HARDWARE, [vcpu.getOneReg(PC)]);
}

/** `result` is written at the end; the kernel's own variables follow it. */
function besideHotData(kernel: Kernel): GuestDebug {
  return guestDebug(ENABLE_HARDWARE, [], [kernel.symbol('result')]);
}

export function armed(quick: boolean): string {
  const rows = TIERS.flatMap((tier) => GUESTS.flatMap((name) => measure(name, tier, quick)));
  const header = ['armed, not hit', 'tier', 'kernel', 'unarmed MIPS', 'armed', 'slow-down', 'quartiles'];
  const order = CASES.map(({ name }) => name);
  rows.sort((a, b) => order.indexOf(a[0]!) - order.indexOf(b[0]!));
  return [
    'What armed slots cost that are not hit: medians of pairs of the same instructions, CPU time.',
    table(header, rows),
  ].join('\n');
}

function measure(name: KernelName, tier: Tier, quick: boolean): string[][] {
  const kernel = loadKernel(name);
  const guest = new Replay(kernel, tier, START);
  const instructions = warmUp(guest);
  const cases = CASES.filter(({ tiers }) => tiers.includes(tier));
  return cases.map(({ name: what, slots, settled = 0 }) => {
    const groups = Math.ceil((quick ? QUICKLY : GROUPS) / (settled === 0 ? 1 : FEWER));
    const seconds = (debug: GuestDebug): number => guest.seconds(debug, instructions, settled);
    const { speed, ratios } = compare(seconds, slots(kernel), instructions, groups);
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(ratios, share)) as Quartiles;
    const quartiles = `${slowDown(low)} to ${slowDown(high)}`;
    return [what, tier, name, speed.toFixed(0), (speed / middle).toFixed(0), slowDown(middle), quartiles];
  });
}

type Quartiles = [number, number, number];

function slowDown(ratio: number): string {
  return ratio < 2 ? `${((ratio - 1) * 100).toFixed(1)} %` : `${ratio.toFixed(1)} times`;
}

/** Returns how many instructions make a piece. */
function warmUp(guest: Replay): number {
  let instructions = 1_000_000;
  for (let spent = 0; spent < WARM_UP; ) {
    const seconds = guest.seconds(UNARMED, instructions);
    spent += seconds;
    instructions = Math.round(Math.min(2 * instructions, (instructions * SECONDS) / seconds));
  }
  return instructions;
}

/** Unarmed MIPS, and armed by unarmed time of each group. */
function compare(
  seconds: (debug: GuestDebug) => number,
  slots: GuestDebug,
  instructions: number,
  groups: number,
) {
  const unarmed: number[] = [];
  const ratios: number[] = [];
  for (let n = 0; n < groups; n++) {
    const order = n % 2 === 0 ? [UNARMED, slots, slots, UNARMED] : [slots, UNARMED, UNARMED, slots];
    const spent = order.map(seconds);
    const outer = spent[0]! + spent[3]!;
    const inner = spent[1]! + spent[2]!;
    const [off, on] = n % 2 === 0 ? [outer, inner] : [inner, outer];
    unarmed.push(off / 2);
    ratios.push(on / off);
  }
  return { speed: instructions / quantile(unarmed, 0.5) / 1e6, ratios };
}
