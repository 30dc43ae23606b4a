/** What watchpoints watch (`HOST.WATCHED`), as generated code looks at it, and the runs of bytes beside it (`HOST.WINDOWS`). */
import { HOST, WATCHED, WINDOW } from '../../host-map.ts';
import { STATE } from '../../layout.ts';
import { ACCESS } from '../../memory/access-word.ts';
import { bin, cmp, k32, k64, ld, sel, wrap } from '../../semantics/build.ts';
import type { I32, I64 } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import type { ModuleWriter } from '../../wasm/module.ts';
import { lower } from '../lower.ts';
import { call, giveBack, local, ORIGIN, pinIn, put, set } from './function-code.ts';

const PAGE = 4096;
/** Addresses compare on VA[52:0]. */
const COMPARED = k64(2n ** 53n - 1n);

interface Range {
  /** The first watched byte, and the first one behind. */
  readonly start: I64;
  readonly end: I64;
}

/** Do something about each range of a list, of which there is at least one. */
export function forEachWatched(f: FunctionWriter, list: number, use: (range: Range) => void): void {
  const index = f.local('i32');
  const at = local('i32', index);
  const first = HOST.WATCHED + list + WATCHED.LIST;
  set(f, index, k32(0));
  f.loop('more', () => {
    use({ start: ld('i64', 64, at, first), end: ld('i64', 64, at, first + WATCHED.END) });
    set(f, index, bin('add', at, k32(WATCHED.RANGE)));
    lower(f, cmp('ltu', at, ld('i32', 32, ORIGIN, HOST.WATCHED + list)));
    f.brIf('more');
  });
}

/** 1 when none of the bytes is in the range. */
export function isBeside({ start, end }: Range, address: I64, bytes: I64): I32 {
  const at = bin('and', address, COMPARED);
  return bin('or', cmp('geu', start, bin('add', at, bytes)), cmp('geu', at, end));
}

/**
 * (address, access, slot): what `near` says; where that is host memory in one page, the slot of `HOST.WINDOWS` then has the
 * run of bytes around the access that are in the page and not watched, unless that is short. Slots are of privileged accesses only.
 */
export function writeWindow(m: ModuleWriter, near: number, list: number): number {
  const f = m.function(['i64', 'i32', 'i32'], ['i32']);
  const pin = pinIn(f);
  const [address, slot] = [local('i64', 0), local('i32', 2)];
  const host = pin(call(near, address, local('i32', 1)));
  const isUnprivileged = bin('and', local('i32', 1), k32(ACCESS.UNPRIVILEGED));
  lower(f, bin('or', cmp('leu', host, k32(STATE.SCRATCH)), isUnprivileged));
  f.if(() => giveBack(f, host));
  const at = pin(bin('and', address, COMPARED));
  // Bytes of the run before the address, and from it on.
  const [before, from] = [f.local('i64'), f.local('i64')];
  const [isBefore, isFrom] = [local('i64', before), local('i64', from)];
  set(f, before, bin('and', address, k64(PAGE - 1)));
  set(f, from, bin('sub', k64(PAGE), isBefore));
  lower(f, ld('i32', 32, ORIGIN, HOST.WATCHED + list));
  f.if(() =>
    forEachWatched(f, list, ({ start, end }) => {
      const least = (index: number, distance: I64): void => {
        const [there, now] = [pin(distance), local('i64', index)];
        set(f, index, sel(cmp('ltu', there, now), there, now));
      };
      lower(f, cmp('gtu', start, at));
      f.if(
        () => least(from, bin('sub', start, at)),
        () => least(before, bin('sub', at, end)),
      );
    }),
  );
  const bytes = pin(bin('add', isBefore, isFrom));
  lower(f, cmp('geu', bytes, k64(WINDOW.LEAST)));
  f.if(() => {
    put(f, 64, slot, WINDOW.START, bin('sub', address, isBefore));
    put(f, 64, slot, WINDOW.LIMIT, bin('sub', bytes, k64(WINDOW.LEAST)));
    put(f, 32, slot, WINDOW.ADDEND, bin('sub', host, wrap(address)));
  });
  lower(f, host);
  return f.index;
}
