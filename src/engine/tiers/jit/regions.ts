/**
 * The compiled regions of one VM: made when a record is hot, entered through the opcode of their first record,
 * dropped when the code that they were made from changes. Nothing here is architectural state.
 */
import { HEAT, HOST, OPCODE, RECORD } from '../../host-map.ts';
import { STATE } from '../../layout.ts';
import { type InterpreterExports, REGION_SLOTS } from '../interpreter/abi.ts';
import { generateRegion } from './compile.ts';
import { formRegion, type Region } from './region.ts';
import type { RecordSet } from './record-set.ts';
import { type CodeSource, pageOf } from './source.ts';

const HEAT_LIMIT = 0x1_0000;
/** Shorter ones do not pay for entering and leaving. */
const FEWEST_INSTRUCTIONS = 3;

/** How often a page of code that keeps changing is passed over, at most. */
const MOST_PATIENCE = 1023;

interface Compiled {
  readonly opcode: number;
  readonly head: number;
  /** Opcode of the first record without the region. */
  readonly original: number;
  readonly records: RecordSet;
  /** STATE.ALIGN_STRICT that it needs, or null. */
  readonly strict: number | null;
}

export interface RegionEnvironment {
  readonly memory: WebAssembly.Memory;
  readonly source: CodeSource;
  readonly interpreter: InterpreterExports;
  /** Opcodes of tier 1: those of regions follow. */
  readonly opcodes: number;
  readonly floatingPoint: (code: number) => number;
  /** Arrivals at a record that make it hot, 1..65535. */
  readonly threshold: number;
}

export class Regions {
  readonly #environment: RegionEnvironment;
  readonly #u16: Uint16Array;
  readonly #i32: Int32Array;
  /** By opcode, the oldest first. */
  readonly #compiled = new Map<number, Compiled>();
  readonly #byPage = new Map<number, Set<Compiled>>();
  readonly #free: number[];
  /** By page of records: hot records still to be passed over, because code there has changed after it was compiled. */
  readonly #patience = new Map<number, { left: number; next: number }>();

  constructor(environment: RegionEnvironment) {
    this.#environment = environment;
    this.#u16 = new Uint16Array(environment.memory.buffer);
    this.#i32 = new Int32Array(environment.memory.buffer);
    this.#free = Array.from({ length: REGION_SLOTS }, (_, n) => environment.opcodes + REGION_SLOTS - 1 - n);
    this.#u16.fill(HEAT_LIMIT - environment.threshold, HOST.HEAT / 2, HOST.HEAT / 2 + HEAT.ENTRIES);
  }

  /** A record is hot: compile the region that starts there, unless there is one. */
  hot(record: number): void {
    this.#cool(record);
    const opcode = this.#u16[(record + RECORD.OPCODE) >> 1]!;
    const strict = this.#i32[STATE.ALIGN_STRICT / 4]!;
    const known = this.#compiled.get(opcode);
    if (known !== undefined) {
      if (known.strict === null || known.strict === strict) return;
      this.#drop(known);
    } else if (opcode < OPCODE.FIRST) {
      return;
    }
    if (this.#mustWait(pageOf(record))) return;
    const { source } = this.#environment;
    const region = formRegion(source, record);
    if (region === null || region.instructions < FEWEST_INSTRUCTIONS) return;
    this.#install(record, region, strict);
  }
  #mustWait(page: number): boolean {
    const patience = this.#patience.get(page);
    if (patience === undefined || patience.left === 0) return false;
    patience.left--;
    return true;
  }
  #cool(record: number): void {
    const index = (record >> 5) & (HEAT.ENTRIES - 1);
    this.#u16[HOST.HEAT / 2 + index] = HEAT_LIMIT - this.#environment.threshold;
  }
  #install(head: number, region: Region, strict: number): void {
    const { memory, source, interpreter, floatingPoint } = this.#environment;
    const { bytes, dependsOnAlignment } = generateRegion(source, region, strict !== 0);
    const module = new WebAssembly.Module(bytes);
    const instance = new WebAssembly.Instance(module, {
      host: { memory, floatingPoint },
      tier: { ...interpreter },
    });
    if (this.#free.length === 0) this.#drop(this.#compiled.values().next().value!);
    const opcode = this.#free.pop()!;
    const original = this.#u16[(head + RECORD.OPCODE) >> 1]!;
    const { records } = region;
    const compiled = { opcode, head, original, records, strict: dependsOnAlignment ? strict : null };
    this.#compiled.set(opcode, compiled);
    for (const page of records.pages) {
      const here = this.#byPage.get(page);
      if (here) here.add(compiled);
      else this.#byPage.set(page, new Set([compiled]));
    }
    interpreter.table.set(opcode, (instance.exports as { readonly region: unknown }).region);
    this.#u16[(head + RECORD.OPCODE) >> 1] = opcode;
  }
  #drop(compiled: Compiled): void {
    const { head, opcode, original } = compiled;
    const at = (head + RECORD.OPCODE) >> 1;
    if (this.#u16[at] === opcode) this.#u16[at] = original;
    this.#compiled.delete(opcode);
    for (const page of compiled.records.pages) {
      const here = this.#byPage.get(page);
      here?.delete(compiled);
      if (here?.size === 0) this.#byPage.delete(page);
    }
    this.#environment.interpreter.table.set(opcode, null);
    this.#free.push(opcode);
  }

  /** A breakpoint comes to a record, or goes: regions end before it. */
  planted(record: number): void {
    this.#dropThose(record, record);
  }
  /** The records `first` to `last` of a page are about to change: drop the regions that depend on them. */
  changed(first: number, last: number): void {
    if (!this.#dropThose(first, last)) return;
    const page = pageOf(first);
    const next = this.#patience.get(page)?.next ?? 0;
    this.#patience.set(page, { left: next, next: Math.min(2 * next + 1, MOST_PATIENCE) });
  }
  #dropThose(first: number, last: number): boolean {
    const page = pageOf(first);
    let dropped = false;
    for (const compiled of this.#byPage.get(page) ?? []) {
      if (!compiled.records.hasAny(first, last)) continue;
      this.#drop(compiled);
      dropped = true;
    }
    return dropped;
  }
  /** All records are about to go. */
  clear(): void {
    for (const compiled of this.#compiled.values()) this.#drop(compiled);
    this.#patience.clear();
  }
}
