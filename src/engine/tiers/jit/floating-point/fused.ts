/** Whether WebAssembly's relaxed multiply-add is here, and rounds once: a matter of the host's processor and V8. */
import { ModuleWriter } from '../../../wasm/module.ts';
import { VECTOR } from '../../../wasm/opcodes.ts';

const LANES = ['f64x2', 'f32x4'] as const;
/** a * b + c that two roundings spoil: (1 + 2^-n)(1 - 2^-n) - 1 = -2^-2n. */
const SPOILT = { f64x2: 30, f32x4: 13 } as const;

function probe(): Uint8Array<ArrayBuffer> {
  const m = new ModuleWriter();
  m.importMemory('host', 'memory', 1, 1);
  for (const lane of LANES) {
    const f = m.function([], []);
    f.i32(48);
    for (const at of [0, 16, 32]) {
      f.i32(at);
      f.load('v128', 128, false, 0);
    }
    f.vector(VECTOR[`${lane}.relaxed_madd`]);
    f.store('v128', 128, 0);
    m.export(lane, f.index);
  }
  return m.build();
}

function rounding(): boolean {
  const bytes = probe();
  if (!WebAssembly.validate(bytes)) return false;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: { memory } });
  return LANES.every((lane) => {
    const numbers = lane === 'f64x2' ? new Float64Array(memory.buffer) : new Float32Array(memory.buffer);
    const count = lane === 'f64x2' ? 2 : 4;
    const small = 2 ** -SPOILT[lane];
    numbers
      .fill(1 + small, 0, count)
      .fill(1 - small, count, 2 * count)
      .fill(-1, 2 * count, 3 * count);
    (instance.exports as Record<string, () => void>)[lane]!();
    return numbers.subarray(3 * count, 4 * count).every((result) => result === -small * small);
  });
}

let known: boolean | undefined;
/** Asked of the host once. */
export function multiplyAddIsFused(): boolean {
  known ??= rounding();
  return known;
}
