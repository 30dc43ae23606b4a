/** Small words for writing a helper function: its locals, stores and returns. */
import { k32 } from '../../semantics/build.ts';
import type { I32, Ty, Val } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import type { ValueType } from '../../wasm/opcodes.ts';
import { lower } from '../lower.ts';

/** Base of addresses in the VM's memory. */
export const ORIGIN = k32(0);
export const local = <T extends Ty>(t: T, index: number): Val<T> => ({ o: 'local', t, index, pinned: true });
export const call = (f: number, ...args: Val[]): I32 => ({ o: 'call', t: 'i32', f, args });

export function set(f: FunctionWriter, index: number, v: Val): void {
  lower(f, v);
  f.set(index);
}
export function pinIn(f: FunctionWriter): <T extends Ty>(v: Val<T>) => Val<T> {
  return (v) => {
    if (v.o === 'local' || v.o === 'const') return v;
    const index = f.local(v.t);
    set(f, index, v);
    return local(v.t, index) as typeof v;
  };
}
export function put(f: FunctionWriter, bits: 32 | 64, at: I32, offset: number, v: Val): void {
  lower(f, at);
  lower(f, v);
  f.store(v.t as ValueType, bits, offset);
}
export function giveBack(f: FunctionWriter, v: Val): void {
  lower(f, v);
  f.return();
}
