/** A VM under KVM_SET_GUEST_DEBUG, over REST. All its vcpus are debugged alike. */
import {
  ApiError,
  type Client,
  type Exit,
  type Page,
  type Run,
  type SymbolEntry,
} from '../../src/cli/client.ts';
import { BUDGET } from './linux-guest.ts';

/** DBGBCR: enabled, BAS 1111, EL1 or EL0. */
const BREAK = { EL1: 0x1e3, EL0: 0x1e5 } as const;
/** DBGWCR: enabled, EL1, stores; BAS comes with the address. */
const WATCH_STORES = 0x13;
const BAS_SHIFT = 5;

/** Of a walk, what the scenes look at. */
interface Translation {
  readonly ok: boolean;
  readonly physical?: string;
  readonly access: { readonly kind: string; readonly el: number };
  readonly range?: { readonly register: string; readonly asid: number };
  readonly levels: readonly { readonly level: number; readonly kind: string }[];
  readonly mapping?: {
    readonly memoryType: string;
    readonly shareability: string;
    readonly notGlobal: boolean;
  };
  readonly fault?: { readonly reason: string; readonly cause: string };
  readonly permissions?: { readonly el0: string; readonly el1: string };
}

export const hex = (value: bigint): string => `0x${value.toString(16).padStart(16, '0')}`;

export interface Armed {
  readonly breakpoint?: { readonly address: bigint; readonly at: keyof typeof BREAK };
  /** Bytes of one doubleword. */
  readonly watchpoint?: { readonly address: bigint; readonly bytes: number };
}

export class Target {
  readonly #client: Client;
  readonly #vm: string;
  readonly #vcpus: number;
  /** Those that runs ended with, in order. */
  readonly exits: Exit[] = [];

  constructor(client: Client, vm: string, vcpus: number) {
    this.#client = client;
    this.#vm = vm;
    this.#vcpus = vcpus;
  }

  #vcpu(vcpu: number): string {
    return `${this.#vm}/vcpus/${vcpu}`;
  }

  async #set(guestDebug: unknown): Promise<void> {
    for (let n = 0; n < this.#vcpus; n++) {
      await this.#client.command('PUT', `${this.#vcpu(n)}/guest-debug`, { json: guestDebug });
    }
  }

  /** KVM_GUESTDBG_ENABLE and KVM_GUESTDBG_USE_HW with slot 0 of either kind. */
  arm({ breakpoint, watchpoint }: Armed): Promise<void> {
    const bcr = breakpoint && { bcr: { 0: BREAK[breakpoint.at] }, bvr: { 0: hex(breakpoint.address) } };
    const wcr = watchpoint && watch(watchpoint.address, watchpoint.bytes);
    return this.#set({ control: ['ENABLE', 'USE_HW'], ...bcr, ...wcr });
  }

  enableOnly(): Promise<void> {
    return this.#set({ control: ['ENABLE'] });
  }

  async disarm(): Promise<void> {
    for (let n = 0; n < this.#vcpus; n++) {
      await this.#client.command('DELETE', `${this.#vcpu(n)}/guest-debug`);
    }
  }

  /** Let all vcpus run; resolves at once. */
  async start(): Promise<string> {
    return (await this.#client.post<Run>(`${this.#vm}/runs`, { budget: BUDGET })).id;
  }

  async pause(): Promise<void> {
    await this.#client.post(`${this.#vm}/pause`);
  }

  /** Wait for a run to end with an exit. */
  async exitOf(id: string): Promise<Exit> {
    let run: Run;
    do run = await this.#client.get<Run>(`/v1/runs/${id}?wait=30`);
    while (run.state === 'running');
    if (run.end?.reason !== 'exit' || run.exit === null) {
      throw new Error(`the run ended with ${run.end?.reason}, not with an exit`);
    }
    this.exits.push(run.exit);
    return run.exit;
  }

  async run(): Promise<Exit> {
    return this.exitOf(await this.start());
  }

  /** KVM_GUESTDBG_SINGLESTEP for one KVM_RUN of one vcpu. */
  async step(vcpu: number): Promise<Exit> {
    const control = ['ENABLE', 'SINGLESTEP'];
    await this.#client.command('PUT', `${this.#vcpu(vcpu)}/guest-debug`, { json: { control } });
    const { id } = await this.#client.post<Run>(`${this.#vcpu(vcpu)}/runs`, { budget: BUDGET });
    return this.exitOf(id);
  }

  async registers(vcpu: number, names: readonly string[]): Promise<readonly bigint[]> {
    const path = `${this.#vcpu(vcpu)}/registers?names=${names.join(',')}`;
    const values = await this.#client.get<Readonly<Record<string, string>>>(path);
    return names.map((name) => BigInt(values[name]!));
  }

  /** A little-endian word at a virtual address. */
  async word(vcpu: number, address: bigint): Promise<number> {
    return Buffer.from(await this.memory(address, 4, vcpu), 'hex').readUInt32LE();
  }

  /** Bytes as digits, or the code of the refusal. Without `vcpu` the address is physical. */
  async memory(address: bigint, length: number, vcpu?: number): Promise<string> {
    const space = vcpu === undefined ? '' : `&space=virtual&vcpu=${vcpu}`;
    const path = `${this.#vm}/memory?address=${hex(address)}&length=${length}${space}`;
    return this.#client.get<{ hex: string }>(path).then(
      ({ hex: digits }) => digits,
      (error: unknown) => {
        if (error instanceof ApiError) return error.problem.code;
        throw error;
      },
    );
  }

  /** `query`: further members of it, each with its &. */
  translation(vcpu: number, address: bigint, query = ''): Promise<Translation> {
    return this.#client.get(`${this.#vcpu(vcpu)}/translation?address=${hex(address)}${query}`);
  }
}

function watch(address: bigint, bytes: number): { wcr: object; wvr: object } {
  const offset = Number(address & 7n);
  const bas = ((1 << bytes) - 1) << offset;
  return { wcr: { 0: WATCH_STORES | (bas << BAS_SHIFT) }, wvr: { 0: hex(address & ~7n) } };
}

/** Every symbol of an image, by address. */
export async function allSymbols(client: Client, image: string): Promise<readonly SymbolEntry[]> {
  const all: SymbolEntry[] = [];
  for (let after = ''; ; ) {
    const page = await client.get<Page<SymbolEntry>>(`/v1/images/${image}/symbols?limit=1000${after}`);
    all.push(...page.items);
    if (page.next === null) return all;
    after = `&after=${page.next}`;
  }
}

/** Where an image says that a symbol is. */
export async function symbolAddress(client: Client, image: string, name: string): Promise<bigint> {
  const { items } = await client.get<Page<SymbolEntry>>(`/v1/images/${image}/symbols?name=${name}`);
  if (items[0] === undefined) throw new Error(`the kernel's image has no symbol ${name}`);
  return BigInt(items[0].address);
}
