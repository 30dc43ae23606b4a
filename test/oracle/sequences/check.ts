/** A program in both tiers, step by step, and in Unicorn: where they part. */
import type { MachineHardware } from '../../../src/engine/hardware.ts';
import type { Stop } from '../../../src/engine/stop.ts';
import { xorshift } from '../random.ts';
import type { Initial } from './initial.ts';
import { initialState } from './initial.ts';
import {
  createSequenceMachine,
  type Final,
  finalState,
  formatStop,
  prepareSequence,
  registersText,
  restText,
} from './machine.ts';
import { type Deed, Host } from './rough.ts';
import type { Sequence } from './sequence.ts';

/** Sizes of steps, in instructions: small and odd ones, and some that let compiled code run. */
const STEPS = [1, 2, 3, 7, 37, 101, 499, 1999, 5003] as const;
/** What a host that interferes goes on after. */
const EXPECTED: ReadonlySet<Stop['kind']> = new Set(['debug', 'hvc', 'wfi', 'wfe']);
/** Tier 2 loses interest in pages that change again and again. */
const PROGRAMS_PER_PAIR = 3;

export interface Pair {
  readonly interpreter: MachineHardware;
  readonly compiled: MachineHardware;
}
const createPair = (): Pair => ({
  interpreter: createSequenceMachine('interpreter'),
  compiled: createSequenceMachine('jit'),
});
let shared: { readonly pair: Pair; left: number } | null = null;
/** Machines that have run a program or two before, or none: none when the program changes its translation tables. */
export function nextPair({ rough }: Sequence): Pair {
  if (rough) return createPair();
  if (shared === null || shared.left === 0) shared = { pair: createPair(), left: PROGRAMS_PER_PAIR };
  shared.left--;
  return shared.pair;
}

/** How many instructions the program of a seed runs for: an odd number. */
export const lengthOf = (seed: number): number => 2001 + 2 * ((Math.imul(seed, 0x9e37_79b1) >>> 16) % 6000);

/** The first words that differ. */
function difference(interpreter: string, compiled: string): string {
  const [a, b] = [interpreter.split(' '), compiled.split(' ')];
  const at = a.findIndex((word, n) => word !== b[n]);
  return at < 0 ? 'nothing' : `${a[at - 1]}: interpreter ${a[at]}, compiled ${b[at]}`;
}

/** One step of both; what parts them, or what stopped them. */
function stepBoth({ interpreter, compiled }: Pair, step: number): { parted?: string; stop: Stop } {
  const [stop, other] = [interpreter.vcpus[0]!.run(step), compiled.vcpus[0]!.run(step)];
  const [a, b] = [formatStop(stop), formatStop(other)];
  if (a !== b) return { parted: `interpreter ${a}, compiled ${b}`, stop };
  const [left, right] = [registersText(interpreter), registersText(compiled)];
  return left === right ? { stop } : { parted: difference(left, right), stop };
}

/** Both tiers in lockstep; what parts them, or undefined. The interpreter is where it was when they parted. */
export function checkTiers(
  pair: Pair,
  sequence: Sequence,
  initial: Initial,
  count: number,
): string | undefined {
  const { interpreter, compiled } = pair;
  const machines = [interpreter, compiled];
  for (const machine of machines) prepareSequence(machine, sequence, initial);
  const rng = xorshift(sequence.seed ^ 0x57e9);
  const host = sequence.rough ? new Host(sequence) : null;
  const tell = (deed: Deed): void => {
    for (const machine of machines) deed(machine, machine.vcpus[0]!);
  };
  // A program's steps are of two sizes.
  const sizes = [STEPS[rng() % STEPS.length]!, STEPS[rng() % STEPS.length]!];
  const first = interpreter.vcpus[0]!.instructionCount;
  for (let done = 0; done < count; done = interpreter.vcpus[0]!.instructionCount - first) {
    const step = Math.min(sizes[rng() & 1]!, count - done);
    if (host !== null) tell(host.next());
    const { parted, stop } = stepBoth(pair, step);
    if (parted !== undefined) return `within ${step} after ${done} instructions: ${parted}`;
    if (stop.kind === 'budget') continue;
    // Such as an interrupt that stays, with a stack pointer that faults.
    if (host !== null && stop.kind === 'exception-loop') break;
    if (host === null || !EXPECTED.has(stop.kind)) return `after ${done} instructions: ${formatStop(stop)}`;
    if (stop.kind !== 'debug') continue;
    const { before, after } = host.stepOver();
    tell(before);
    const over = stepBoth(pair, 1);
    if (over.parted !== undefined) return `stepping over a stop after ${done} instructions: ${over.parted}`;
    tell(after);
  }
  const [left, right] = [restText(interpreter), restText(compiled)];
  return left === right ? undefined : `at the end, memory or system register ${difference(left, right)}`;
}

/** What parts a machine from Unicorn, or undefined. */
export function compareWithJudge(machine: MachineHardware, judge: Final | string): string | undefined {
  if (typeof judge === 'string') return `Unicorn: ${judge}, engine at ${machine.vcpus[0]!.pc.toString(16)}`;
  const mine = finalState(machine);
  const differing: string[] = [];
  const compare = (name: string, a: bigint | number | string, b: bigint | number | string): void => {
    if (a !== b) differing.push(`${name}: Unicorn ${a.toString(16)}, engine ${b.toString(16)}`);
  };
  compare('pc', judge.pc, mine.pc);
  compare('nzcv', judge.nzcv, mine.nzcv);
  compare('fpcr', judge.fpcr, mine.fpcr);
  compare('fpsr', judge.fpsr, mine.fpsr);
  for (const n of judge.x.keys()) compare(n === 31 ? 'sp' : `x${n}`, judge.x[n]!, mine.x[n]!);
  for (const n of judge.v.keys()) compare(`v${n}`, judge.v[n]!, mine.v[n]!);
  for (const n of judge.data.keys()) compare(`page ${n}`, judge.data[n]!, mine.data[n]!);
  return differing.length === 0 ? undefined : differing.slice(0, 4).join('; ');
}

/** What goes wrong with a program on machines of its own, or undefined. */
export function checkAlone(sequence: Sequence, count: number, judge?: Final | string): string | undefined {
  const pair = createPair();
  const initial = initialState(sequence);
  const parted = checkTiers(pair, sequence, initial, count);
  if (parted !== undefined || judge === undefined) return parted;
  return compareWithJudge(pair.interpreter, judge);
}
