/** Functions of the interpreter module for floating-point operations, written when the first row asks for them. */
import { codeOf, type FpOperation } from '../../fp/operation.ts';
import type { FpSize } from '../../fp/format.ts';
import { STATE } from '../../layout.ts';
import { writeFastPath } from '../fast-floating-point/table.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import type { ModuleWriter } from '../../wasm/module.ts';
import type { ValueType } from '../../wasm/opcodes.ts';

export class FloatingPointFunctions {
  readonly #module: ModuleWriter;
  readonly #callExact: (f: FunctionWriter) => void;
  readonly #written = new Map<string, number>();

  /** `callExact`: append the call of the host's function for the exact path. */
  constructor(module: ModuleWriter, callExact: (f: FunctionWriter) => void) {
    this.#module = module;
    this.#callExact = callExact;
  }

  /** Index of a function from operands to the result, bit patterns all of them. */
  indexOf(operation: FpOperation, size: FpSize, operands: number): number {
    const key = `${operation} ${size}`;
    const index = this.#written.get(key) ?? this.#write(operation, size, operands);
    this.#written.set(key, index);
    return index;
  }

  #write(operation: FpOperation, size: FpSize, operands: number): number {
    const f = this.#module.function(Array<ValueType>(operands).fill('i64'), ['i64']);
    writeFastPath(f, operation, size);
    for (let i = 0; i < operands; i++) {
      f.i32(0);
      f.get(i);
      f.store('i64', 64, STATE.SCRATCH + 8 * i);
    }
    f.i32(codeOf(operation, size));
    this.#callExact(f);
    f.drop();
    f.i32(0);
    f.load('i64', 64, false, STATE.SCRATCH);
    return f.index;
  }
}
