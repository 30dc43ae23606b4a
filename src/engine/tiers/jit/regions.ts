/**
 * The compiled regions of one VM: made when a record is hot, entered through the opcode of their first record,
 * dropped when the code that they were made from changes. Nothing here is architectural state.
 */
import { HEAT, HOST, OPCODE, RECORD } from '../../host-map.ts';
import { STATE } from '../../layout.ts';
import { type InterpreterExports, REGION_SLOTS } from '../interpreter/abi.ts';
import { assert } from '../../../base/assert.ts';
import { type Compiled, CompiledRegions } from './compiled-regions.ts';
import { allowsFastPaths } from './floating-point/emitter.ts';
import { multiplyAddIsFused } from './floating-point/fused.ts';
import { SMALL } from './formation.ts';
import { Growth } from './growth.ts';
import { moduleOf } from './modules.ts';
import { Refusals } from './refusals.ts';
import { formRegion, type Region } from './region.ts';
import { type CodeSource, pageOf } from './source.ts';
import { WindowPolicy } from './windows.ts';

const HEAT_LIMIT = 0x1_0000;
/** Shorter ones do not pay for entering and leaving. */
const FEWEST_INSTRUCTIONS = 3;

/** How often a page of code that keeps changing is passed over, at most. */
const MOST_PATIENCE = 1023;
/** Regions made with and without fast paths in turn, at one place. */
const MOST_CHANGES = 4;

export interface RegionEnvironment {
  readonly memory: WebAssembly.Memory;
  readonly source: CodeSource;
  readonly interpreter: InterpreterExports;
  /** Opcodes of tier 1: those of regions follow. */
  readonly opcodes: number;
  /** Arrivals at a record that make it hot, 1..65535. */
  readonly threshold: number;
}

export class Regions {
  readonly #environment: RegionEnvironment;
  readonly #u16: Uint16Array;
  readonly #i32: Int32Array;
  readonly #u64: BigUint64Array;
  readonly #compiled = new CompiledRegions();
  readonly #free: number[];
  readonly #refusals = new Refusals();
  readonly #windows: WindowPolicy;
  readonly #growth: Growth;
  /** By first record: how often a region was made anew because fast paths were allowed, or no longer. */
  readonly #changes = new Map<number, number>();
  /** By page of records: hot records still to be passed over, because code there has changed after it was compiled. */
  readonly #patience = new Map<number, { left: number; next: number }>();

  constructor(environment: RegionEnvironment) {
    this.#environment = environment;
    this.#u16 = new Uint16Array(environment.memory.buffer);
    this.#i32 = new Int32Array(environment.memory.buffer);
    this.#u64 = new BigUint64Array(environment.memory.buffer);
    this.#windows = new WindowPolicy(environment.memory.buffer, environment.interpreter);
    this.#growth = new Growth(environment.threshold);
    this.#free = Array.from({ length: REGION_SLOTS }, (_, n) => environment.opcodes + REGION_SLOTS - 1 - n);
    this.#u16.fill(HEAT_LIMIT - environment.threshold, HOST.HEAT / 2, HOST.HEAT / 2 + HEAT.ENTRIES);
  }

  /** A record is hot, about this budget being left: compile the region that starts there, unless there is one. */
  hot(record: number, budget: number): void {
    this.#cool(record);
    if (this.#grow(record, budget)) return;
    const opcode = this.#u16[(record + RECORD.OPCODE) >> 1]!;
    const strict = this.#i32[STATE.ALIGN_STRICT / 4]!;
    const known = this.#compiled.at(opcode);
    if (known !== undefined) {
      const fast = this.#isFast(record);
      const fits = known.fast === null || known.fast === fast;
      if (fits && (known.strict === null || known.strict === strict)) return;
      if (!fits) this.#changes.set(record, (this.#changes.get(record) ?? 0) + 1);
      this.#drop(known);
    } else if (opcode < OPCODE.FIRST) {
      return;
    }
    if (this.#mustWait(pageOf(record))) return;
    const { source } = this.#environment;
    const extent = this.#growth.extentOf(record);
    const region = formRegion(source, record, extent, (other) => this.#entered(other) !== undefined);
    if (region === null || region.instructions < FEWEST_INSTRUCTIONS) return;
    this.#install(record, region, strict);
  }
  /** The region that starts at a record. */
  #entered(record: number): Compiled | undefined {
    return this.#compiled.at(this.#u16[(record + RECORD.OPCODE) >> 1]!);
  }
  /** Whether a region that starts at this record is to have fast paths: not when that changes again and again. */
  #isFast(head: number): boolean {
    const [fpcr, fpsr] = [this.#i32[STATE.FPCR / 4]!, this.#i32[STATE.FPSR / 4]!];
    return allowsFastPaths(fpcr, fpsr) && (this.#changes.get(head) ?? 0) < MOST_CHANGES;
  }
  #mustWait(page: number): boolean {
    const patience = this.#patience.get(page);
    if (patience === undefined || patience.left === 0) return false;
    patience.left--;
    return true;
  }
  /**
   * Regions that end before this record and are left there all the time are to be made anew: larger, or with this way, which is no
   * longer rare. False when there are none.
   */
  #grow(record: number, budget: number): boolean {
    const lacking = this.#compiled
      .endingBefore(record)
      .filter(({ head, rare }) => rare.has(record) || this.#growth.extentOf(head) === SMALL);
    if (lacking.length === 0 || !this.#growth.isDue(record, this.#retired(budget))) return false;
    for (const compiled of lacking) {
      const branch = compiled.rare.get(record);
      if (branch === undefined) this.#growth.grow(compiled.head);
      else this.#environment.source.forgetWays(branch);
      this.#drop(compiled);
      this.#kindle(compiled.head);
    }
    return true;
  }
  /** Instructions retired so far. */
  #retired(budget: number): number {
    return Number(this.#u64[STATE.COUNT / 8]) - budget;
  }
  /** Be asked about a record when control comes there next. */
  #kindle(record: number): void {
    this.#u16[this.#heatOf(record)] = HEAT_LIMIT - 1;
  }
  #cool(record: number): void {
    this.#u16[this.#heatOf(record)] = HEAT_LIMIT - this.#environment.threshold;
  }
  #heatOf(record: number): number {
    return HOST.HEAT / 2 + ((record >> 5) & (HEAT.ENTRIES - 1));
  }
  #install(head: number, region: Region, strict: number): void {
    const { memory, source, interpreter } = this.#environment;
    const fast = this.#isFast(head);
    const windows = this.#windows.windowsOf(region.records);
    const code = moduleOf(source, region, {
      strict: strict !== 0,
      fast,
      fused: multiplyAddIsFused(),
      refused: this.#refusals.slow,
      windows,
    });
    const instance = new WebAssembly.Instance(code.module, {
      host: { memory },
      tier: { ...interpreter },
    });
    if (this.#free.length === 0) this.#drop(this.#compiled.oldest());
    const opcode = this.#free.pop()!;
    const original = this.#u16[(head + RECORD.OPCODE) >> 1]!;
    const { records, brinks, rare } = region;
    const compiled = {
      opcode,
      head,
      original,
      records,
      brinks,
      rare,
      strict: code.dependsOnAlignment ? strict : null,
      fast: code.dependsOnFloating ? fast : null,
      windows,
    };
    this.#compiled.add(compiled);
    // Control comes there in this region from now on: what has been counted is no reason to compile it once more.
    for (const block of region.blocks.values()) this.#cool(block.record);
    interpreter.table.set(opcode, (instance.exports as { readonly region: unknown }).region);
    this.#u16[(head + RECORD.OPCODE) >> 1] = opcode;
  }
  #drop(compiled: Compiled): void {
    const { head, opcode, original } = compiled;
    const at = (head + RECORD.OPCODE) >> 1;
    if (this.#u16[at] === opcode) this.#u16[at] = original;
    this.#compiled.remove(compiled);
    this.#environment.interpreter.table.set(opcode, null);
    this.#free.push(opcode);
  }

  /** Code in place has refused the instruction of a record, with this budget left: returns the opcode that runs it. */
  refused(record: number, budget: number): number {
    const kind = this.#windows.kindOf(this.#refusals);
    const entered = this.#entered(record);
    if (entered !== undefined && this.#windows.isIdle(entered.windows)) {
      this.#drop(entered);
      this.#kindle(record);
    } else if (kind?.note(record, this.#retired(budget))) this.#remake(record);
    const instruction = this.#environment.source.instructionAt(record);
    assert(instruction !== null, 'what a region ran is an instruction');
    return instruction.opcode;
  }
  /** Tier 1 has compared an access of the instruction of a record with what is watched, with this budget left. */
  compared(record: number, budget: number): void {
    if (!this.#windows.compared(record, this.#retired(budget))) return;
    const those = this.#compiled.dependingOn(record, record);
    if (those.some(({ windows }) => windows === 'none')) this.#remake(record);
  }
  /** Regions that depend on a record are to be made anew when control comes there next. */
  #remake(record: number): void {
    const heads = this.#compiled.inPageOf(record).map(({ head }) => head);
    this.#dropThose(record, record);
    for (const head of heads) this.#kindle(head);
  }

  /** A breakpoint comes to a record, or goes: regions end before it. */
  planted(record: number): void {
    this.#dropThose(record, record);
  }
  /** The records `first` to `last` of a page are about to change: drop the regions that depend on them. */
  changed(first: number, last: number): void {
    this.#refusals.forget(first, last);
    this.#windows.forget(first, last);
    if (!this.#dropThose(first, last)) return;
    const page = pageOf(first);
    const next = this.#patience.get(page)?.next ?? 0;
    this.#patience.set(page, { left: next, next: Math.min(2 * next + 1, MOST_PATIENCE) });
  }
  #dropThose(first: number, last: number): boolean {
    const those = this.#compiled.dependingOn(first, last);
    for (const compiled of those) this.#drop(compiled);
    return those.length > 0;
  }
  /** All records are about to go. */
  clear(): void {
    for (const compiled of this.#compiled.all()) this.#drop(compiled);
    this.#patience.clear();
    this.#changes.clear();
    this.#growth.clear();
    this.#refusals.forget(0, Number.MAX_SAFE_INTEGER);
    this.#windows.forget(0, Number.MAX_SAFE_INTEGER);
  }
}
