/** Locals for the values that instructions pin, used again when nothing refers to them any more. */
import type { Ty, Val } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';

export class Temporaries {
  readonly #f: FunctionWriter;
  readonly #free: Record<Ty, number[]> = { i32: [], i64: [], f32: [], f64: [], v128: [] };
  #taken: { readonly t: Ty; readonly index: number }[] = [];

  constructor(f: FunctionWriter) {
    this.#f = f;
  }
  take(t: Ty): number {
    const index = this.#free[t].pop() ?? this.#f.local(t);
    this.#taken.push({ t, index });
    return index;
  }
  /** All are free again but those that hold `kept`. */
  release(kept: readonly (Val | undefined)[]): void {
    const still = this.#taken.filter(({ index }) => kept.some((v) => v?.o === 'local' && v.index === index));
    for (const { t, index } of this.#taken) {
      if (!still.some((s) => s.index === index)) this.#free[t].push(index);
    }
    this.#taken = still;
  }
}
