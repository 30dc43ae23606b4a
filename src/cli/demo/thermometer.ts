/**
 * Debugging examples/guests/thermometer.elf over HTTP, scene by scene. What each scene must see is checked: the demo is
 * also a test that the service does its main job.
 */
import type { Client, Exit, Image, Page, Run, SymbolEntry, Vm } from '../client.ts';
import { place, type Story } from './story.ts';

/** DBGBCR: enabled, EL0 and EL1, all bytes of the instruction. */
const BREAKPOINT = '0x1e7';
/** DBGWCR: enabled, EL0 and EL1, stores, the four low bytes of the doubleword. */
const STORE_WATCHPOINT_4 = '0x1f7';
const HARDWARE = ['KVM_GUESTDBG_ENABLE', 'KVM_GUESTDBG_USE_HW'];
const SINGLE_STEP = ['KVM_GUESTDBG_ENABLE', 'KVM_GUESTDBG_SINGLESTEP'];
const SAMPLES = 8;
const TRUE_ALARMS = 3;
/** `cmp w1, #9`, and what it should be: `cmp w1, #8`. */
const WRONG_COMPARE = 0x7100_243f;
const RIGHT_COMPARE = 0x7100_203f;

/** What a stop shows: the exit, some registers, and the program's variables read at the same moment. */
interface Stop {
  readonly exit: Exit;
  readonly registers: Readonly<Record<string, bigint>>;
  readonly variables: { readonly samples: readonly number[]; readonly limit: number; readonly head: number };
}

export class Thermometer {
  private readonly client: Client;
  private readonly story: Story;
  private symbols: ReadonlyMap<string, bigint> = new Map();
  private vm = 'thermometer';
  private session = '';

  constructor(client: Client, story: Story) {
    this.client = client;
    this.story = story;
  }

  async create(elf: Uint8Array): Promise<void> {
    const { client, story } = this;
    story.scene('Upload the program, create a VM');
    story.asked(
      'POST',
      '/v1/images',
      '--data-binary @examples/guests/thermometer.elf -H content-type:application/octet-stream',
    );
    const image = (await (await client.send('POST', '/v1/images', { bytes: elf })).json()) as Image;
    const page = await client.get<Page<SymbolEntry>>(`/v1/images/${image.id}/symbols?limit=1000`);
    this.symbols = new Map(page.items.map(({ name, address }) => [name, BigInt(address)]));
    story.fact('image', `${image.id.slice(0, 20)}..., entry ${image.entry}, ${image.symbols} symbols`);
    const spec = { name: this.vm, image: image.id };
    story.asked('POST', '/v1/vms', { ...spec, image: `${image.id.slice(0, 12)}...` });
    const vm = await client.post<Vm>('/v1/vms', spec);
    this.session = vm.session;
    story.fact('vm', `${vm.id}, ${vm.vcpus.length} vcpu, 64 MiB, ${vm.runState}`);
  }

  /** Runs to the end as a VMM would: the guest's UART is ours. */
  async runToEnd(expected: (alarms: number) => boolean): Promise<number> {
    const { story } = this;
    const path = `/v1/vms/${this.vm}/vcpus/0/runs?wait=30`;
    story.asked('POST', path, {});
    let text = '';
    for (;;) {
      const { exit } = await this.step({});
      if (exit?.mmio?.isWrite === true) text += String.fromCharCode(Number(BigInt(exit.mmio.data) & 0xffn));
      if (exit?.reason === 'KVM_EXIT_MMIO') continue;
      story.fact('uart', `${JSON.stringify(text)}, one KVM_EXIT_MMIO a character`);
      story.check('the guest switches itself off', exit?.systemEvent?.type === 'KVM_SYSTEM_EVENT_SHUTDOWN');
      if (exit !== null && exit !== undefined) story.exit(exit);
      break;
    }
    const alarms = Number(/^alarms: (\d+)\n$/.exec(text)?.[1] ?? Number.NaN);
    story.check('the guest reports its alarms', expected(alarms));
    return alarms;
  }

  async symptom(): Promise<void> {
    this.story.scene('Run it: the symptom');
    this.story.say(
      `Three of its forty samples are above the limit of 900, so it should count ${TRUE_ALARMS} alarms.`,
    );
    const alarms = await this.runToEnd((n) => n > TRUE_ALARMS);
    this.story.say(
      `It counts ${alarms}. Something is wrong with the limit, yet no line of the program writes it.`,
    );
  }

  async breakAtFunction(): Promise<void> {
    const { story } = this;
    story.scene('A hardware breakpoint: what does memory look like when all is well?');
    await this.reset();
    const bvr = this.hex('log_sample');
    await this.setGuestDebug({ control: HARDWARE, bcr: { 0: BREAKPOINT }, bvr: { 0: bvr } });
    const { exit, registers, variables } = await this.stop();
    story.exit(exit);
    this.show(variables);
    story.check(
      'a breakpoint exit (EC 0x30) at log_sample',
      ec(exit) === 0x30 && BigInt(exit.pc) === BigInt(bvr),
    );
    story.check('the first sample, 200, in x0', registers['x0'] === 200n);
    story.check('the limit is still 900', variables.limit === 900);
  }

  async watchVariable(): Promise<void> {
    const { story } = this;
    story.scene('A watchpoint on the variable: who writes `limit`?');
    const wvr = this.hex('limit');
    await this.setGuestDebug({ control: HARDWARE, wcr: { 0: STORE_WATCHPOINT_4 }, wvr: { 0: wvr } });
    const { exit, registers, variables } = await this.stop();
    story.exit(exit);
    story.fact(
      'registers',
      ['x0', 'x2', 'x3'].map((name) => `${name} = 0x${(registers[name] ?? 0n).toString(16)}`).join(', '),
    );
    this.show(variables);
    story.check('a watchpoint exit (EC 0x34)', ec(exit) === 0x34);
    story.check('far is the address of limit', BigInt(exit.debug?.far ?? 0) === BigInt(wvr));
    story.check('the store is in log_sample, with index 8 in x3', registers['x3'] === BigInt(SAMPLES));
    story.say(
      `The store at ${place(exit)} has not happened yet. Its index, x3, is ${SAMPLES}: one past the end of samples[${SAMPLES}].`,
    );
  }

  async stepOver(): Promise<void> {
    const { story } = this;
    story.scene('Single-step that one instruction');
    await this.setGuestDebug({ control: SINGLE_STEP });
    const { exit, variables } = await this.stop();
    story.exit(exit);
    this.show(variables);
    story.check('a software step exit (EC 0x32)', ec(exit) === 0x32);
    story.check('the sample is now the limit', variables.limit !== 900);
    const samples = this.hex('samples');
    story.say(
      `samples[${SAMPLES}] is at ${samples} + ${SAMPLES} * 4 = ${this.hex('limit')}: that is \`limit\`. It was 900 and is ${variables.limit}.`,
    );
  }

  async proveFix(): Promise<void> {
    const { client, story } = this;
    story.scene('Prove it: correct the one comparison in guest memory and run again');
    await this.reset();
    await this.setGuestDebug({ control: 0 });
    const address = this.symbols.get('log_sample') ?? 0n;
    const code = await client.bytes(`/v1/vms/${this.vm}/memory?address=0x${address.toString(16)}&length=64`);
    const at = words(code).indexOf(WRONG_COMPARE);
    story.check('the comparison with 9 is in log_sample', at >= 0);
    const where = `0x${(address + BigInt(at * 4)).toString(16)}`;
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, RIGHT_COMPARE, true);
    story.asked(
      'PUT',
      `/v1/vms/${this.vm}/memory?address=${where}`,
      '--data-binary @cmp_w1_8 -H content-type:application/octet-stream',
    );
    await client.command('PUT', `/v1/vms/${this.vm}/memory?address=${where}`, { bytes });
    const alarms = await this.runToEnd((n) => n === TRUE_ALARMS);
    story.say(
      `${alarms} alarms, as it should be. The bug: \`if (head > SAMPLES)\` must be \`if (head >= SAMPLES)\`.`,
    );
  }

  async history(): Promise<void> {
    const { client, story } = this;
    story.scene('Everything is on record');
    const path = `/v1/sessions/${this.session}/exits?limit=1000`;
    story.asked('GET', path);
    const page = await client.get<Page<Exit>>(path);
    const counts = new Map<string, number>();
    for (const { reason } of page.items)
      counts.set(reason ?? 'error', (counts.get(reason ?? 'error') ?? 0) + 1);
    story.fact('exits', [...counts].map(([reason, count]) => `${count} ${reason}`).join(', '));
    story.check(
      `${story.exits} exits in the history, as many as were seen`,
      page.items.length === story.exits,
    );
    await client.command('DELETE', `/v1/vms/${this.vm}`);
  }

  private hex(symbol: string): string {
    const address = this.symbols.get(symbol);
    this.story.check(`the image has a symbol ${symbol}`, address !== undefined);
    return `0x${(address ?? 0n).toString(16)}`;
  }

  private async reset(): Promise<void> {
    this.story.asked('POST', `/v1/vms/${this.vm}/reset`, '-X POST');
    await this.client.command('POST', `/v1/vms/${this.vm}/reset`);
  }

  private async setGuestDebug(debug: unknown): Promise<void> {
    const path = `/v1/vms/${this.vm}/vcpus/0/guest-debug`;
    this.story.asked('PUT', path, debug);
    await this.client.command('PUT', path, { json: debug });
  }

  private async step(spec: unknown): Promise<Run> {
    const run = await this.client.run(this.vm, 0, spec);
    this.story.check(
      `KVM_RUN returns with an exit (it ended with ${run.end?.reason})`,
      run.end?.reason === 'exit' && run.exit !== null,
    );
    this.story.exits++;
    return run;
  }

  /** Runs to the next exit and reads registers and variables at that moment. */
  private async stop(): Promise<Stop> {
    const spec = {
      collect: [
        { kind: 'registers', names: ['pc', 'x0', 'x1', 'x2', 'x3'] },
        { kind: 'memory', address: this.hex('samples'), length: (SAMPLES + 2) * 4 },
      ],
    };
    this.story.asked('POST', `/v1/vms/${this.vm}/vcpus/0/runs?wait=30`, spec);
    const { exit, collected } = await this.step(spec);
    const values = Object.entries(collected[0]?.values ?? {}).map(([name, value]) => [name, BigInt(value)]);
    const all = words(Buffer.from(collected[1]?.base64 ?? '', 'base64'));
    const [limit, head] = [all[SAMPLES] ?? 0, all[SAMPLES + 1] ?? 0];
    this.story.check('registers and memory were collected', values.length > 0 && all.length === SAMPLES + 2);
    if (exit === null) throw new Error('a run that ended with an exit has none');
    return {
      exit,
      registers: Object.fromEntries(values),
      variables: { samples: all.slice(0, SAMPLES), limit, head },
    };
  }

  private show({ samples, limit, head }: Stop['variables']): void {
    this.story.fact('memory', `samples = [${samples.join(', ')}]`);
    this.story.fact('', `limit = ${limit}, head = ${head}`);
  }
}

/** Exception class of a debug exit's syndrome. */
function ec(exit: Exit): number {
  return Number(BigInt(exit.debug?.hsr ?? 0) >> 26n);
}

function words(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, n) => view.getUint32(n * 4, true));
}
