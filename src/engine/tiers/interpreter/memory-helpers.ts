/**
 * Accesses that the inline check refuses although all their bytes are in the software TLB: unaligned ones, and ones whose bytes
 * lie in two pages. Regions call these as well, where an instruction crosses pages again and again.
 */
import { HOST, TLB } from '../../host-map.ts';
import { STATE } from '../../layout.ts';
import { ACCESS, SIZE_SHIFT } from '../../memory/access-word.ts';
import { bin, cmp, eqz, extu, k32, k64, ld, sel, wrap } from '../../semantics/build.ts';
import type { I32, I64 } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import type { ModuleWriter } from '../../wasm/module.ts';
import { lower } from '../lower.ts';
import type { Helpers, InterpreterHost } from './abi.ts';
import { call, giveBack, local, ORIGIN, pinIn, set } from './function-code.ts';

const PAGE = 4096;
/** Parameters of all these functions: the address, and an `AccessWord` (of it only the bytes where nothing is checked). */
const ADDRESS = local('i64', 0);
const WORD = local('i32', 1);
const BYTES = bin('and', WORD, k32(ACCESS.BYTES));
const SCRATCH = k32(STATE.SCRATCH);

const entryOf = (at: I64): I32 =>
  bin('and', wrap(bin('shr', at, k64(7))), k32((TLB.ENTRIES - 1) * TLB.ENTRY));
const hostOf = (at: I64): I32 => bin('add', wrap(at), ld('i32', 32, entryOf(at), HOST.TLB + TLB.ADDEND));
const lastByte = bin('add', ADDRESS, bin('sub', extu(BYTES), k64(1)));
const pageOf = (at: I64): I64 => bin('and', at, k64(-PAGE));
/** Bytes of an access up to the end of its first page. */
const room = bin('sub', k32(PAGE), bin('and', wrap(ADDRESS), k32(PAGE - 1)));

/** (address, access): host address of the bytes, SCRATCH when they are in two pages, 0 when it takes the host to tell. */
function writeLookup(m: ModuleWriter, tagOffset: number): number {
  const f = m.function(['i64', 'i32'], ['i32']);
  const pin = pinIn(f);
  const isNot = (c: I32): void => {
    lower(f, c);
    f.if(() => giveBack(f, k32(0)));
  };
  const size = bin('shl', k32(1), bin('and', bin('shr', WORD, k32(SIZE_SHIFT)), k32(7)));
  const misaligned = bin('and', wrap(ADDRESS), bin('sub', size, k32(1)));
  const strict = sel(ld('i32', 32, ORIGIN, STATE.ALIGN_STRICT), misaligned, k32(0));
  isNot(bin('or', bin('and', WORD, k32(ACCESS.ALIGNED)), strict));
  const context = pin(
    sel(
      bin('and', WORD, k32(ACCESS.UNPRIVILEGED)),
      ld('i64', 64, ORIGIN, STATE.CONTEXT_UNPRIVILEGED),
      ld('i64', 64, ORIGIN, STATE.CONTEXT),
    ),
  );
  const isMissing = (at: I64): I32 =>
    cmp('ne', bin('add', pageOf(at), context), ld('i64', 64, entryOf(at), HOST.TLB + tagOffset));
  isNot(isMissing(ADDRESS));
  const last = pin(lastByte);
  lower(f, cmp('eq', pageOf(last), pageOf(ADDRESS)));
  f.if(() => giveBack(f, hostOf(ADDRESS)));
  isNot(isMissing(last));
  giveBack(f, SCRATCH);
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

/** (address, access): host address of bytes to load, gathered in SCRATCH when they are in two pages; 0: ask the host. */
function writeNearRead(m: ModuleWriter, copy: number): number {
  const lookup = writeLookup(m, TLB.READ_TAG);
  const f = m.function(['i64', 'i32'], ['i32']);
  const host = pinIn(f)(call(lookup, ADDRESS, WORD));
  lower(f, cmp('eq', host, SCRATCH));
  f.if(() => inBothPages(f, (host, scratch, bytes) => copied(f, copy, scratch, host, bytes)));
  lower(f, host);
  return f.index;
}

const askHost = (f: number): I32 => call(f, wrap(ADDRESS), wrap(bin('shr', ADDRESS, k64(32))), WORD);

function writeSlowRead(m: ModuleWriter, nearRead: number, read: number): number {
  const f = m.function(['i64', 'i32'], ['i32']);
  const host = pinIn(f)(call(nearRead, ADDRESS, WORD));
  lower(f, host);
  f.if(() => giveBack(f, host));
  lower(f, askHost(read));
  return f.index;
}

function writeSlowWrite(
  m: ModuleWriter,
  parts: { nearWrite: number; scatter: number; copy: number },
  write: number,
): number {
  const f = m.function(['i64', 'i32'], ['i32']);
  const host = pinIn(f)(call(parts.nearWrite, ADDRESS, WORD));
  lower(f, eqz(host));
  f.if(() => giveBack(f, askHost(write)));
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

/** Write them all; `host` has the functions that are imported. */
export function writeMemoryHelpers(
  m: ModuleWriter,
  host: Readonly<Record<keyof InterpreterHost, number>>,
): Pick<Helpers, 'slowRead' | 'slowWrite' | 'nearRead' | 'nearWrite' | 'scatter'> {
  const copy = writeCopy(m);
  const nearRead = writeNearRead(m, copy);
  const nearWrite = writeLookup(m, TLB.WRITE_TAG);
  const scatter = writeScatter(m, copy);
  return {
    nearRead,
    nearWrite,
    scatter,
    slowRead: writeSlowRead(m, nearRead, host.read),
    slowWrite: writeSlowWrite(m, { nearWrite, scatter, copy }, host.write),
  };
}
