/** `HOST.RECENT` and `HOST.WINDOWS`: what regions remember of the pages that they have accessed. */
import { HOST, NOWHERE, RECENT, WINDOW } from '../../host-map.ts';
import { STATE } from '../../layout.ts';
import { bin, cmp, k32, k64, ld } from '../../semantics/build.ts';
import type { I32 } from '../../semantics/ir.ts';
import type { ModuleWriter } from '../../wasm/module.ts';
import { lower } from '../lower.ts';

/**
 * (): forget all entries of a table, whose first doubleword is where the bytes begin. From now on what is there is of the context that is in
 * force, which is noted.
 */
function writeForget(
  m: ModuleWriter,
  table: number,
  { ENTRY, STRIDE }: { ENTRY: number; STRIDE: number },
  contextOf: number,
): number {
  const f = m.function([], []);
  const index = f.local('i32');
  const at: I32 = { o: 'local', t: 'i32', index };
  f.loop('more', () => {
    lower(f, at);
    lower(f, k64(NOWHERE));
    f.store('i64', 64, table);
    lower(f, bin('add', at, k32(ENTRY)));
    f.set(index);
    lower(f, cmp('ltu', at, k32(RECENT.BASES * STRIDE)));
    f.brIf('more');
  });
  lower(f, k32(0));
  lower(f, ld('i32', 32, k32(0), STATE.CONTEXT));
  f.store('i32', 32, contextOf);
  return f.index;
}

export function writeForgetRecent(m: ModuleWriter): number {
  return writeForget(m, HOST.RECENT, RECENT, HOST.RECENT_CONTEXT);
}
export function writeForgetWindows(m: ModuleWriter): number {
  return writeForget(m, HOST.WINDOWS, WINDOW, HOST.WINDOW_CONTEXT);
}
