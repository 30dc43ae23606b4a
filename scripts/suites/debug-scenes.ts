/** What is done with a kernel under debug, in the order in which it happens; `debug-boot.ts` puts it together. */
import { createHash } from 'node:crypto';
import type { Client, Exit, Page, SymbolEntry } from '../../src/cli/client.ts';
import { runBreakpointTest, TESTS } from './breakpoint-selftest.ts';
import { greeting, powerOff } from './linux-guest.ts';
import type { Scene } from './scene.ts';
import { hex } from './target.ts';
import { walkUser } from './translation-scenes.ts';

/** Syndromes that KVM reports of the host's debug exceptions. Arm ARM, ISS encodings; ISV is 0 where an exception was taken. */
const HSR = {
  breakpoint: '0xc2000022',
  watchpointStore: '0xd2000062',
  step: '0xcb000022',
  stepIntoException: '0xca000022',
} as const;
const SVC = 0xd4000001;
/** ESR_EL1 of SVC #0 from AArch64: EC 0x15, IL. */
const ESR_SVC = 0x5600_0000n;
/** PSTATE: mode, and D, A, I and F that masks. */
const MODE = 0xfn;
const DAIF = 0x3c0n;
const EL0T = 0n;
const EL1H = 5n;
/** Of the synchronous exceptions from a lower Exception level in AArch64, from VBAR_EL1. */
const LOWER_SYNC = 0x400n;
/** What `system_state` becomes. Source: the kernel's include/linux/kernel.h, enum system_states. */
const BOOT_STATES = [
  { before: 0, after: 1, name: 'SYSTEM_SCHEDULING' },
  { before: 1, after: 2, name: 'SYSTEM_FREEING_INITMEM' },
  { before: 2, after: 3, name: 'SYSTEM_RUNNING' },
] as const;
const POWER_OFF = { before: 3, after: 5, name: 'SYSTEM_POWER_OFF' } as const;

const place = ({ pc, explanation }: Exit): string => explanation.symbol ?? pc;

export async function breakAtStartKernel({ checks, target, address }: Scene): Promise<void> {
  const start = await address('start_kernel');
  await target.arm({ breakpoint: { address: start, at: 'EL1' } });
  const exit = await target.run();
  checks.is('breakpoint: hsr', exit.debug?.hsr, HSR.breakpoint);
  checks.is('breakpoint: pc', exit.pc, hex(start));
  checks.is('breakpoint: symbol', exit.explanation.symbol, 'start_kernel');
  checks.note(`breakpoint at ${place(exit)}, ${exit.pc}`);
}

/** The store that makes `system_state` what it becomes: seen before it is done, and stepped over. */
async function watchState(
  { checks, target }: Scene,
  state: bigint,
  change: typeof POWER_OFF | (typeof BOOT_STATES)[number],
  exit: Exit,
): Promise<void> {
  const { before, after, name } = change;
  checks.is(`${name}: hsr`, exit.debug?.hsr, HSR.watchpointStore);
  checks.is(`${name}: far`, exit.debug?.far, hex(state));
  checks.is(`${name}: accessed symbol`, exit.explanation.access?.symbol, 'system_state');
  checks.matches(`${name}: symbol`, exit.explanation.symbol, /^[a-z_]+\+0x[0-9a-f]+$/);
  checks.is(`${name}: value at the exit`, await target.word(exit.vcpu, state), before);
  const stepped = await target.step(exit.vcpu);
  checks.is(`${name}: hsr of the step`, stepped.debug?.hsr, HSR.step);
  checks.is(`${name}: pc of the step`, stepped.pc, hex(BigInt(exit.pc) + 4n));
  checks.is(`${name}: value after the store`, await target.word(exit.vcpu, state), after);
  checks.note(`system_state becomes ${name} at ${place(exit)}`);
}

export async function watchBoot(scene: Scene): Promise<void> {
  const { target, address } = scene;
  const state = await address('system_state');
  for (const change of BOOT_STATES) {
    await target.arm({ watchpoint: { address: state, bytes: 4 } });
    await watchState(scene, state, change, await target.run());
  }
  await target.disarm();
}

/** To the shell's prompt, and stopped there. */
export async function toShell({ console, target, vcpus }: Scene): Promise<void> {
  await console.ready(await target.start(), greeting(vcpus));
  await target.pause();
}

/** What the image is said to have for functions is what the kernel itself says (beside modules'), all of it. */
export async function compareSymbols(scene: Scene, symbols: readonly SymbolEntry[]): Promise<void> {
  const { checks, console, target } = scene;
  const functions = symbols.filter(({ type }) => type === 'function');
  const lines = functions.map(({ address, name }) => `${address.slice(2)} ${name}\n`).sort();
  const sum = createHash('md5').update(lines.join('')).digest('hex');
  const command = "grep ' [tTwW] [^[]*$' /proc/kallsyms | cut -d' ' -f1,3 | sort | md5sum";
  const text = await console.command(await target.start(), command, '  -');
  await target.pause();
  checks.is('functions of /proc/kallsyms', /([0-9a-f]{32}) {2}-/.exec(text)?.[1], sum);
  checks.note(`${functions.length} functions, the same as in /proc/kallsyms`);
}

/** An SVC that the shell executes, found by what it does at the vector. */
async function findSvc({ target, console }: Scene, vector: bigint): Promise<bigint> {
  for (;;) {
    await target.arm({ breakpoint: { address: vector, at: 'EL1' } });
    await console.type('echo $((6 * 7))');
    const { vcpu } = await target.run();
    const [esr, elr] = await target.registers(vcpu, ['esr_el1', 'elr_el1']);
    await target.disarm();
    if (esr === ESR_SVC) return elr! - 4n;
    await target.step(vcpu);
    await target.disarm();
  }
}

export async function stepIntoSvc(scene: Scene): Promise<void> {
  const { checks, console, target } = scene;
  const [vbar] = await target.registers(0, ['vbar_el1']);
  const svc = await findSvc(scene, vbar! + LOWER_SYNC);
  await target.arm({ breakpoint: { address: svc, at: 'EL0' } });
  await console.type('echo $((6 * 7))');
  const { pc, pstate, vcpu } = await target.run();
  checks.is('SVC: pc', pc, hex(svc));
  checks.is('SVC: mode', BigInt(pstate) & MODE, EL0T);
  checks.is('SVC: instruction', await target.word(vcpu, svc), SVC);
  await walkUser(scene, vcpu, svc);
  const into = await target.step(vcpu);
  const [esr, elr, spsr] = await target.registers(vcpu, ['esr_el1', 'elr_el1', 'spsr_el1']);
  checks.is('step of the SVC: hsr', into.debug?.hsr, HSR.stepIntoException);
  checks.is('step of the SVC: pc', into.pc, hex(vbar! + LOWER_SYNC));
  checks.is('step of the SVC: mode', BigInt(into.pstate) & MODE, EL1H);
  checks.is('step of the SVC: DAIF', BigInt(into.pstate) & DAIF, DAIF);
  checks.is('step of the SVC: ESR_EL1', esr, ESR_SVC);
  checks.is('step of the SVC: ELR_EL1', elr, svc + 4n);
  checks.is('step of the SVC: mode in SPSR_EL1', spsr! & MODE, EL0T);
  const next = await target.step(vcpu);
  checks.is('step in the vector: hsr', next.debug?.hsr, HSR.step);
  // Which of the kernel's vectors depends on the processor: some need a mitigation there.
  checks.matches('step in the vector: symbol', next.explanation.symbol, /vectors\+0x4[0-7][0-9a-f]$/);
  checks.note(`step of the SVC at ${pc}: ${place(into)}, then ${place(next)}`);
  await target.arm({ breakpoint: { address: svc + 4n, at: 'EL0' } });
  checks.is('back from the SVC: pc', (await target.run()).pc, hex(svc + 4n));
  await target.disarm();
}

async function guestTest(
  { checks, console, target }: Scene,
  name: string,
  expected: number,
  when: string,
): Promise<void> {
  const run = await target.start();
  const { pass, line } = await runBreakpointTest(console, run, name);
  await target.pause();
  checks.is(`breakpoint_test_arm64 ${when}: passed`, pass, expected);
  checks.note(`breakpoint_test_arm64 ${when}: ${line}`);
}

/** The test's stores that a watchpoint of its own is to stop: `wr == wp` in its source, and six behind the array. */
function testsThatNeedAWatchpoint(): number {
  let count = 0;
  for (let size = 1; size <= 32; size *= 2) count += Math.floor(32 / size) + 2;
  return count;
}

/** The host's debug registers and the guest's own: neither sees the other's. */
export async function hideFromGuest(scene: Scene, name: string, hides: boolean): Promise<void> {
  const { checks, console, target, address } = scene;
  const install = await address('arch_install_hw_breakpoint');
  const never = await address('start_kernel');
  const inert = TESTS - testsThatNeedAWatchpoint();

  await target.arm({ breakpoint: { address: install, at: 'EL1' } });
  const typed = console.text.length;
  await console.type(name);
  const exit = await target.run();
  checks.is("the host's breakpoint in the guest's ptrace: pc", exit.pc, hex(install));
  const [bvr, bcr] = await target.registers(exit.vcpu, ['dbgbvr0_el1', 'dbgbcr0_el1']);
  checks.is("the guest's DBGBVR0_EL1 while the host uses its own", bvr, 0n);
  checks.is("the guest's DBGBCR0_EL1 while the host uses its own", bcr, 0n);

  // Nothing ever executes it again: the host holds the registers, and gets no exit.
  await target.arm({ breakpoint: { address: never, at: 'EL1' } });
  const held = await target.start();
  await console.ready(held, '# Totals:', typed);
  await target.pause();
  await guestTest(scene, name, inert, 'while the host holds the debug registers');
  const own = await ownWatchpoint(scene);
  checks.is("the guest's own watchpoint registers hold what it wrote", own, true);

  await target.disarm();
  await guestTest(scene, name, TESTS, 'when the host has let go');

  await target.enableOnly();
  if (hides) await guestTest(scene, name, inert, 'while the host debugs without registers');
  else await seeGuestsOwn(scene, name);
  await target.disarm();
  await guestTest(scene, name, TESTS, 'at the end');
}

/** DBGWVR0_EL1 of some vcpu is an address of user space: ptrace took slot 0 wherever the child ran. */
async function ownWatchpoint({ target, vcpus }: Scene): Promise<boolean> {
  const values: bigint[] = [];
  for (let n = 0; n < vcpus; n++) values.push(...(await target.registers(n, ['dbgwvr0_el1'])));
  return values.some((value) => value !== 0n && value < 1n << 48n);
}

/** A kernel before 6.14, ENABLE alone: a watchpoint of the guest fires, and comes to the host. */
async function seeGuestsOwn({ checks, console, target }: Scene, name: string): Promise<void> {
  const typed = console.text.length;
  await console.type(name);
  const exit = await target.run();
  const [wvr] = await target.registers(exit.vcpu, ['dbgwvr0_el1']);
  checks.is("the guest's own watchpoint, host without USE_HW: hsr", exit.debug?.hsr, HSR.watchpointStore);
  checks.is("the guest's own watchpoint, host without USE_HW: far", BigInt(exit.debug!.far) & ~7n, wvr);
  checks.matches('its explanation', exit.explanation.summary, /a register of the guest/);
  checks.note(`ENABLE alone: ${exit.explanation.summary}`);
  await target.disarm();
  const rest = await target.start();
  await console.ready(rest, '# Totals:', typed);
  await target.pause();
}

export async function watchPowerOff(scene: Scene, client: Client): Promise<void> {
  const { checks, console, target, address } = scene;
  const state = await address('system_state');
  await target.arm({ watchpoint: { address: state, bytes: 4 } });
  const run = await target.start();
  await console.command(run, 'uname -sm', 'Linux aarch64');
  await console.type('poweroff -f');
  await watchState(scene, state, POWER_OFF, await target.exitOf(run));
  await target.disarm();
  const last = await powerOff(client, console, await target.start());
  target.exits.push(last.exit!);
  checks.is('the end', last.exit?.systemEvent?.type, 'KVM_SYSTEM_EVENT_SHUTDOWN');
}

/** The history has the exits that the runs ended with, in their order, beside those that pausing made. */
export async function compareHistory(
  { checks, target }: Scene,
  client: Client,
  session: string,
): Promise<void> {
  const { items } = await client.get<Page<Exit>>(`/v1/sessions/${session}/exits?limit=1000`);
  const kept = items.filter(({ reason }) => reason !== 'KVM_EXIT_INTR');
  const facts = ({ sequence, reason, pc, debug }: Exit): unknown => [sequence, reason, pc, debug];
  checks.is('exits in the history', kept.map(facts), target.exits.map(facts));
  checks.note(`${kept.length} exits, and the history has them`);
}
