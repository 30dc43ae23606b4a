/**
 * Accesses that the inline check refuses although all their bytes are in the software TLB: unaligned ones, ones whose bytes lie in
 * two pages, and ones to pages of which a watchpoint watches other bytes. Regions call these as well, where such accesses are frequent.
 */
import { HOST, KNOWN, TLB, WATCHED } from '../../host-map.ts';
import { STATE } from '../../layout.ts';
import { ACCESS, SIZE_SHIFT } from '../../memory/access-word.ts';
import { bin, cmp, eqz, extu, k32, k64, ld, sel, wrap } from '../../semantics/build.ts';
import type { I32, I64 } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import type { ModuleWriter } from '../../wasm/module.ts';
import { lower } from '../lower.ts';
import type { Helpers, InterpreterHost } from './abi.ts';
import { call, giveBack, local, ORIGIN, pinIn, put, set } from './function-code.ts';
import { forEachWatched, isBeside, writeWindow } from './watched-pages.ts';

const PAGE = 4096;
/** Parameters of all these functions: the address, and an `AccessWord` (of it only the bytes where nothing is checked). */
const ADDRESS = local('i64', 0);
const WORD = local('i32', 1);
const BYTES = bin('and', WORD, k32(ACCESS.BYTES));
const SCRATCH = k32(STATE.SCRATCH);
const NO = k32(0);

const entryOf = (at: I64): I32 =>
  bin('and', wrap(bin('shr', at, k64(7))), k32((TLB.ENTRIES - 1) * TLB.ENTRY));
const hostOf = (at: I64): I32 => bin('add', wrap(at), ld('i32', 32, entryOf(at), HOST.TLB + TLB.ADDEND));
const lastByte = bin('add', ADDRESS, bin('sub', extu(BYTES), k64(1)));
const pageOf = (at: I64): I64 => bin('and', at, k64(-PAGE));
/** Bytes of an access up to the end of its first page. */
const room = bin('sub', k32(PAGE), bin('and', wrap(ADDRESS), k32(PAGE - 1)));
const context = sel(
  bin('and', WORD, k32(ACCESS.UNPRIVILEGED)),
  ld('i64', 64, ORIGIN, STATE.CONTEXT_UNPRIVILEGED),
  ld('i64', 64, ORIGIN, STATE.CONTEXT),
);
/** Non-zero where every unaligned access faults and this is one. */
const isStrictlyMisaligned = ((): I32 => {
  const size = bin('shl', k32(1), bin('and', bin('shr', WORD, k32(SIZE_SHIFT)), k32(7)));
  const misaligned = bin('and', wrap(ADDRESS), bin('sub', size, k32(1)));
  return sel(ld('i32', 32, ORIGIN, STATE.ALIGN_STRICT), misaligned, k32(0));
})();
/** Non-zero where an access has to be aligned as a whole and is not. */
const isNotAsAligned = sel(
  bin('and', WORD, k32(ACCESS.ALIGNED)),
  bin('and', wrap(ADDRESS), bin('sub', BYTES, k32(1))),
  k32(0),
);

const giveBackIf = (f: FunctionWriter, c: I32, v: I32): void => {
  lower(f, c);
  f.if(() => giveBack(f, v));
};
/** Host address of the bytes, SCRATCH when they are in two pages, `otherwise` when a page is not there as it has to be. */
function giveBackHost(f: FunctionWriter, isMissing: (page: I64) => I32, otherwise: I32): void {
  giveBackIf(f, isMissing(pageOf(ADDRESS)), otherwise);
  const last = pinIn(f)(lastByte);
  giveBackIf(f, cmp('eq', pageOf(last), pageOf(ADDRESS)), hostOf(ADDRESS));
  giveBackIf(f, isMissing(pageOf(last)), otherwise);
  giveBack(f, SCRATCH);
}

/** (address, access): as `giveBackHost` where all bytes of the pages may be accessed in place, else as another function. */
function writeOpen(m: ModuleWriter, tagOffset: number, another: number): number {
  const f = m.function(['i64', 'i32'], ['i32']);
  const otherwise = call(another, ADDRESS, WORD);
  giveBackIf(f, bin('or', bin('and', WORD, k32(ACCESS.ALIGNED)), isStrictlyMisaligned), otherwise);
  const mine = pinIn(f)(context);
  const isMissing = (page: I64): I32 =>
    cmp('ne', bin('add', page, mine), ld('i64', 64, entryOf(page), HOST.TLB + tagOffset));
  giveBackHost(f, isMissing, otherwise);
  return f.index;
}

/** (address, access): the same where the pages may be accessed but for the bytes that are watched, and these are others; else 0. */
function writeWatched(m: ModuleWriter, known: number, list: number): number {
  const f = m.function(['i64', 'i32'], ['i32']);
  const pin = pinIn(f);
  giveBackIf(f, eqz(ld('i32', 32, ORIGIN, HOST.WATCHED + list)), NO);
  giveBackIf(f, bin('or', isNotAsAligned, isStrictlyMisaligned), NO);
  forEachWatched(f, list, (range) => giveBackIf(f, eqz(isBeside(range, ADDRESS, extu(BYTES))), NO));
  const mine = pin(context);
  const isMissing = (page: I64): I32 => {
    const tag = ld('i64', 64, entryOf(page), HOST.TLB + TLB.KNOWN_TAG);
    const bits = pin(bin('xor', bin('add', page, mine), tag));
    return bin('or', cmp('gtu', bits, k64(KNOWN.BITS)), eqz(bin('and', wrap(bits), k32(known))));
  };
  giveBackHost(f, isMissing, NO);
  return f.index;
}

/** (address, access): what the function says, but now and then 0, so that the host learns where it is called. */
function writeCounted(m: ModuleWriter, watched: number): number {
  const f = m.function(['i64', 'i32'], ['i32']);
  const pin = pinIn(f);
  const host = pin(call(watched, ADDRESS, WORD));
  giveBackIf(f, eqz(host), NO);
  const left = pin(bin('sub', ld('i32', 32, ORIGIN, HOST.UNASKED), k32(1)));
  put(f, 32, ORIGIN, HOST.UNASKED, left);
  lower(f, sel(left, host, k32(0)));
  return f.index;
}

/** (to, from, bytes). */
function writeCopy(m: ModuleWriter): number {
  const f = m.function(['i32', 'i32', 'i32'], []);
  const [to, from, left] = [local('i32', 0), local('i32', 1), local('i32', 2)] as const;
  const whileAtLeast = (unit: 8 | 1): void => {
    f.block(`end${unit}`, () => {
      f.loop(`more${unit}`, () => {
        lower(f, cmp('ltu', left, k32(unit)));
        f.brIf(`end${unit}`);
        lower(f, to);
        lower(f, ld('i64', (unit * 8) as 8 | 64, from, 0));
        f.store('i64', unit * 8, 0);
        set(f, 0, bin('add', to, k32(unit)));
        set(f, 1, bin('add', from, k32(unit)));
        set(f, 2, bin('sub', left, k32(unit)));
        f.br(`more${unit}`);
      });
    });
  };
  whileAtLeast(8);
  whileAtLeast(1);
  return f.index;
}
const copied = (f: FunctionWriter, copy: number, to: I32, from: I32, bytes: I32): void => {
  for (const v of [to, from, bytes]) lower(f, v);
  f.call(copy);
};

/** What an access has in its first page, then what it has in the second: where in memory, where in SCRATCH, how many bytes. */
function inBothPages(f: FunctionWriter, part: (host: I32, scratch: I32, bytes: I32) => void): void {
  const inFirst = pinIn(f)(room);
  part(hostOf(ADDRESS), SCRATCH, inFirst);
  const second = bin('add', ADDRESS, extu(inFirst));
  part(hostOf(second), bin('add', SCRATCH, inFirst), bin('sub', BYTES, inFirst));
}

/** (address, access): the bytes in SCRATCH to the two pages that they belong to. */
function writeScatter(m: ModuleWriter, copy: number): number {
  const f = m.function(['i64', 'i32'], []);
  inBothPages(f, (host, scratch, bytes) => copied(f, copy, host, scratch, bytes));
  return f.index;
}

const askHost = (f: number): I32 => call(f, wrap(ADDRESS), wrap(bin('shr', ADDRESS, k64(32))), WORD);

/** (address, access): what `find` says, the bytes gathered in SCRATCH when they are in two pages, and `otherwise` instead of 0. */
function writeGathered(m: ModuleWriter, find: number, copy: number, otherwise: I32): number {
  const f = m.function(['i64', 'i32'], ['i32']);
  const host = pinIn(f)(call(find, ADDRESS, WORD));
  giveBackIf(f, cmp('gtu', host, SCRATCH), host);
  giveBackIf(f, eqz(host), otherwise);
  inBothPages(f, (host, scratch, bytes) => copied(f, copy, scratch, host, bytes));
  lower(f, SCRATCH);
  return f.index;
}

function writeSlowAtomic(m: ModuleWriter, find: number, atomic: number): number {
  const f = m.function(['i64', 'i32'], ['i32']);
  const host = pinIn(f)(call(find, ADDRESS, WORD));
  giveBackIf(f, host, host);
  lower(f, askHost(atomic));
  return f.index;
}

function writeSlowWrite(
  m: ModuleWriter,
  parts: { find: number; scatter: number; copy: number },
  write: number,
): number {
  const f = m.function(['i64', 'i32'], ['i32']);
  const host = pinIn(f)(call(parts.find, ADDRESS, WORD));
  giveBackIf(f, eqz(host), askHost(write));
  lower(f, cmp('eq', host, SCRATCH));
  f.if(
    () => {
      lower(f, ADDRESS);
      lower(f, WORD);
      f.call(parts.scatter);
    },
    () => copied(f, parts.copy, host, SCRATCH, BYTES),
  );
  lower(f, k32(1));
  return f.index;
}

type MemoryHelpers = Pick<
  Helpers,
  | 'slowRead'
  | 'slowWrite'
  | 'slowAtomic'
  | 'nearRead'
  | 'nearWrite'
  | 'windowRead'
  | 'windowWrite'
  | 'scatter'
>;

/** Write them all; `host` has the functions that are imported. */
export function writeMemoryHelpers(
  m: ModuleWriter,
  host: Readonly<Record<keyof InterpreterHost, number>>,
): MemoryHelpers {
  const copy = writeCopy(m);
  const scatter = writeScatter(m, copy);
  const watchedRead = writeWatched(m, KNOWN.READABLE, WATCHED.LOADS);
  const watchedWrite = writeWatched(m, KNOWN.STORABLE, WATCHED.ALL);
  const nearRead = writeGathered(m, writeOpen(m, TLB.READ_TAG, watchedRead), copy, NO);
  const nearWrite = writeOpen(m, TLB.WRITE_TAG, watchedWrite);
  // Tier 1's.
  const findRead = writeOpen(m, TLB.READ_TAG, writeCounted(m, watchedRead));
  const findAtomic = writeCounted(m, watchedWrite);
  const findWrite = writeOpen(m, TLB.WRITE_TAG, findAtomic);
  return {
    nearRead,
    nearWrite,
    windowRead: writeWindow(m, nearRead, WATCHED.LOADS),
    windowWrite: writeWindow(m, nearWrite, WATCHED.ALL),
    scatter,
    slowRead: writeGathered(m, findRead, copy, askHost(host.read)),
    slowWrite: writeSlowWrite(m, { find: findWrite, scatter, copy }, host.write),
    slowAtomic: writeSlowAtomic(m, findAtomic, host.atomic),
  };
}
