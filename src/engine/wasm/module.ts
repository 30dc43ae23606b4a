/** A WebAssembly module: types, imports, functions, exports, one table of functions. */
import { assert } from '../../base/assert.ts';
import { ByteWriter } from './bytes.ts';
import { FunctionWriter } from './function.ts';
import { CONTROL, FUNCREF, VALUE_TYPE } from './opcodes.ts';
import type { ValueType } from './opcodes.ts';

const KIND = { function: 0, table: 1, memory: 2 } as const;
const SECTION = { type: 1, import: 2, function: 3, table: 4, export: 7, element: 9, code: 10 } as const;
const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

export class ModuleWriter {
  readonly #types: { key: string; parameters: readonly ValueType[]; results: readonly ValueType[] }[] = [];
  readonly #imports: ((out: ByteWriter) => void)[] = [];
  readonly #functions: FunctionWriter[] = [];
  readonly #exports: { name: string; kind: number; index: number }[] = [];
  #importedFunctions = 0;
  #table: readonly number[] | null = null;
  #spare = 0;

  /** Index of a function type, shared by equal types. */
  type(parameters: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${parameters.join()}>${results.join()}`;
    const at = this.#types.findIndex((t) => t.key === key);
    return at >= 0 ? at : this.#types.push({ key, parameters, results }) - 1;
  }

  /** Imports come before functions. Returns the function's index. */
  importFunction(
    module: string,
    name: string,
    parameters: readonly ValueType[],
    results: readonly ValueType[],
  ): number {
    assert(this.#functions.length === 0, 'imports come first');
    const type = this.type(parameters, results);
    this.#imports.push((out) => {
      out.name(module);
      out.name(name);
      out.byte(KIND.function);
      out.unsigned(type);
    });
    return this.#importedFunctions++;
  }

  /** The memory, with limits in 64 KiB pages. */
  importMemory(module: string, name: string, minimum: number, maximum: number): void {
    this.#imports.push((out) => {
      out.name(module);
      out.name(name);
      out.bytes([KIND.memory, 1]);
      out.unsigned(minimum);
      out.unsigned(maximum);
    });
  }

  function(parameters: readonly ValueType[], results: readonly ValueType[]): FunctionWriter {
    const index = this.#importedFunctions + this.#functions.length;
    const writer = new FunctionWriter(index, this.type(parameters, results), parameters.length);
    this.#functions.push(writer);
    return writer;
  }

  export(name: string, functionIndex: number): void {
    this.#exports.push({ name, kind: KIND.function, index: functionIndex });
  }

  /** Table 0, holding these functions and then `spare` empty elements; exported when it has a name. */
  table(functionIndices: readonly number[], spare = 0, name?: string): void {
    this.#table = functionIndices;
    this.#spare = spare;
    if (name !== undefined) this.#exports.push({ name, kind: KIND.table, index: 0 });
  }

  build(): Uint8Array<ArrayBuffer> {
    const out = new ByteWriter(1 << 16);
    const section = (id: number, entries: readonly ((part: ByteWriter) => void)[]): void => {
      if (entries.length === 0) return;
      const part = new ByteWriter();
      part.unsigned(entries.length);
      for (const entry of entries) entry(part);
      out.byte(id);
      out.sized(part);
    };
    out.bytes(HEADER);
    section(
      SECTION.type,
      this.#types.map((t) => (part) => {
        part.byte(0x60);
        for (const list of [t.parameters, t.results]) {
          part.unsigned(list.length);
          for (const type of list) part.byte(VALUE_TYPE[type]);
        }
      }),
    );
    section(SECTION.import, this.#imports);
    section(
      SECTION.function,
      this.#functions.map((f) => (part) => part.unsigned(f.type)),
    );
    const table = this.#table;
    if (table) {
      section(SECTION.table, [
        (part) => {
          part.bytes([FUNCREF, 1]);
          part.unsigned(table.length + this.#spare);
          part.unsigned(table.length + this.#spare);
        },
      ]);
    }
    section(
      SECTION.export,
      this.#exports.map((e) => (part) => {
        part.name(e.name);
        part.byte(e.kind);
        part.unsigned(e.index);
      }),
    );
    if (table) {
      section(SECTION.element, [
        (part) => {
          part.unsigned(0);
          part.byte(CONTROL.i32Const);
          part.signed32(0);
          part.byte(CONTROL.end);
          part.unsigned(table.length);
          for (const index of table) part.unsigned(index);
        },
      ]);
    }
    section(
      SECTION.code,
      this.#functions.map((f) => (part) => part.sized(f.body())),
    );
    return new Uint8Array(out.view());
  }
}
