/**
 * What the vcpus of a machine share: memory, RAM, TLB, decoded code, the interpreter, and which of them is
 * switched in. The switched-in vcpu's state is the first page of the WebAssembly memory.
 */
import { assert } from '../base/assert.ts';
import { CodeCache } from './code-cache.ts';
import { writeConstantTables } from './constant-tables.ts';
import { createDecoder, type Decoder } from './decode/decoder.ts';
import type { Feature } from './decode/row.ts';
import { RAM_HOST } from './host-map.ts';
import { STATE } from './layout.ts';
import { ContextTable } from './memory/contexts.ts';
import { GuestRam, type MemoryRange } from './memory/ram.ts';
import { SlowPath } from './memory/slow-path.ts';
import { SoftwareTlb } from './memory/tlb.ts';
import { translate } from './memory/translate.ts';
import { WatchedBytes } from './memory/watched-bytes.ts';
import { createTranslationResult } from './memory/walk.ts';
import { Monitors } from './monitors.ts';
import { ROWS } from './semantics/rows.ts';
import { FEATURE_NAMES } from './decode/features.ts';
import { CpuState } from './state.ts';
import type { Pe } from './system/pe.ts';
import { updateRegime } from './system/regime.ts';
import { type CompiledInterpreter, compileInterpreter } from './tiers/interpreter/module.ts';

function decoderFeatures(names: ReadonlySet<string>): Feature[] {
  const all = Object.entries(FEATURE_NAMES) as [Exclude<Feature, 'base'>, string][];
  return ['base', ...all.filter(([, name]) => names.has(name)).map(([feature]) => feature)];
}

/** Decoders by their features: they keep nothing between two words, so machines share them. */
const decoders = new Map<string, Decoder>();
function decoderFor(names: ReadonlySet<string>): Decoder {
  const features = decoderFeatures(names);
  const key = features.join();
  const decoder = decoders.get(key) ?? createDecoder(features);
  decoders.set(key, decoder);
  return decoder;
}

const WASM_PAGE = 0x10000;
const WASM_PAGES_LIMIT = 65536;

let compiled: CompiledInterpreter | null = null;
/** The interpreter's code, made once per process. */
export function interpreterCode(): CompiledInterpreter {
  compiled ??= compileInterpreter(ROWS);
  return compiled;
}

/** A vcpu as the board moves it in and out. */
export interface Tenant extends Pe {
  readonly index: number;
  /** Where its registers are now. */
  state: CpuState;
  /** Where its registers are while it is switched out. */
  readonly parked: CpuState;
}

export class Board {
  readonly memory: WebAssembly.Memory;
  readonly live: CpuState;
  readonly ram: GuestRam;
  readonly tlb: SoftwareTlb;
  readonly cache: CodeCache;
  readonly slow: SlowPath;
  readonly watched: WatchedBytes;
  readonly contexts = new ContextTable();
  readonly monitors = new Monitors();
  /** Polled between slices. */
  readonly stopWord = new Int32Array(new SharedArrayBuffer(4));
  /** FEAT_BTI. */
  readonly branchTypes: boolean;
  current: Tenant | null = null;
  /** Instructions that all vcpus have retired. */
  retired = 0;
  /** Ticks of virtual time that passed while every vcpu waited. */
  skipped = 0;
  /** Budget of the slice that runs, 0 between slices. */
  slice = 0;
  readonly #translation = createTranslationResult();

  constructor(ram: MemoryRange, rom: MemoryRange | null, features: ReadonlySet<string>) {
    const pages = Math.ceil((RAM_HOST + ram.size + (rom?.size ?? 0)) / WASM_PAGE);
    assert(pages <= WASM_PAGES_LIMIT, 'guest memory fits the WebAssembly memory');
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const buffer = this.memory.buffer;
    this.live = new CpuState(buffer);
    this.ram = new GuestRam(buffer, ram, rom, RAM_HOST);
    this.tlb = new SoftwareTlb(buffer);
    this.branchTypes = features.has('FEAT_BTI');
    const decoder = decoderFor(features);
    this.cache = new CodeCache(buffer, this.ram, decoder, interpreterCode().forms, (page) =>
      this.tlb.protect(page),
    );
    this.slow = new SlowPath(buffer, this.ram, this.tlb, {
      watches: (page) => this.cache.hasCode(page) || this.monitors.watches(page),
      stored: (offset, length) => this.#stored(offset, length),
    });
    this.watched = new WatchedBytes(buffer);
    writeConstantTables(this.live);
  }

  #stored(offset: number, length: number): void {
    this.cache.invalidate(offset, length);
    this.monitors.stored(offset, length);
  }
  /** Exact, also while generated code runs and has called out. */
  get instructionCount(): number {
    return this.slice === 0 ? this.retired : this.retired + this.slice - this.live.i32[STATE.BUDGET / 4]!;
  }
  /** Virtual time, as exact. */
  get ticks(): number {
    return this.instructionCount + this.skipped;
  }
  flushTlb(): void {
    this.tlb.flush();
    this.contexts.forgetLarge();
  }
  flushTlbPage(vaLo: number, vaHi: number): void {
    if (this.contexts.mayBeLarge(vaLo, vaHi)) this.flushTlb();
    else this.tlb.flushPage(vaLo);
  }
  /** RAM was written by something other than the running vcpu's own stores. */
  physicalWritten(address: number, length: number): void {
    const offset = this.ram.offset(address, length);
    if (offset >= 0) this.#stored(offset, length);
  }

  /** Switch a vcpu in. */
  activate(next: Tenant): void {
    const previous = this.current;
    if (previous === next) return;
    if (previous) this.#park(previous);
    this.#copyState(next.parked, this.live);
    next.state = this.live;
    this.current = next;
    this.monitors.resume(next.index);
    updateRegime(next);
  }
  #park(tenant: Tenant): void {
    const offset = this.#reservation(tenant);
    this.#copyState(this.live, tenant.parked);
    tenant.state = tenant.parked;
    const { i32 } = tenant.parked;
    if (offset < 0) {
      i32[STATE.EXCLUSIVE_BYTES / 4] = 0;
      return;
    }
    this.monitors.park(tenant.index, offset, () => {
      i32[STATE.EXCLUSIVE_BYTES / 4] = 0;
    });
    this.tlb.protect(Math.floor(offset / 4096));
  }
  /** RAM offset of the switched-in vcpu's reservation; -1 when it has none. */
  #reservation(tenant: Tenant): number {
    const { i32 } = this.live;
    const bytes = i32[STATE.EXCLUSIVE_BYTES / 4]!;
    if (bytes === 0) return -1;
    const at = STATE.EXCLUSIVE_ADDRESS / 4;
    const found = translate(tenant, i32[at]!, i32[at + 1]!, 'read', false, this.#translation);
    return found ? this.ram.offset(this.#translation.physical, bytes) : -1;
  }
  #copyState(from: CpuState, to: CpuState): void {
    to.u8.set(from.u8.subarray(0, STATE.END));
  }
}
