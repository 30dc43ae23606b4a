/** `HOST.RECENT`: what regions remember of the pages that they have accessed. */
import { HOST, RECENT } from '../../host-map.ts';
import { STATE } from '../../layout.ts';
import { bin, cmp, k32, k64, ld } from '../../semantics/build.ts';
import type { I32 } from '../../semantics/ir.ts';
import type { ModuleWriter } from '../../wasm/module.ts';
import { lower } from '../lower.ts';

/** No page: neither half of the address space reaches it, nor does a physical address. */
const NOWHERE = 1n << 54n;

/** (): forget all; from now on they are those of the context that is in force. */
export function writeForgetRecent(m: ModuleWriter): number {
  const f = m.function([], []);
  const index = f.local('i32');
  const at: I32 = { o: 'local', t: 'i32', index };
  f.loop('more', () => {
    lower(f, at);
    lower(f, k64(NOWHERE));
    f.store('i64', 64, HOST.RECENT + RECENT.PAGE);
    lower(f, bin('add', at, k32(RECENT.ENTRY)));
    f.set(index);
    lower(f, cmp('ltu', at, k32(RECENT.BASES * RECENT.STRIDE)));
    f.brIf('more');
  });
  lower(f, k32(0));
  lower(f, ld('i32', 32, k32(0), STATE.CONTEXT));
  f.store('i32', 32, HOST.RECENT_CONTEXT);
  return f.index;
}
