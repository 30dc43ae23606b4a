/** The interpreter module's own functions: everything that handlers share. */
import { HOST, POOL_PAGE, TLB } from '../../host-map.ts';
import { STATE } from '../../layout.ts';
import { ACCESS } from '../../memory/access-word.ts';
import { bin, cmp, eqz, k32, k64, ld, sel, wrap } from '../../semantics/build.ts';
import { FLAG_KIND, type FlagKindNumber, nzcvOfTriple } from '../../semantics/flags.ts';
import type { I32, I64, Ty, Val } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import type { ModuleWriter } from '../../wasm/module.ts';
import type { ValueType } from '../../wasm/opcodes.ts';
import { lower } from '../lower.ts';
import { HANDLER_PARAMETERS, type Helpers, HOST_FUNCTIONS, type InterpreterHost } from './abi.ts';
import { FloatingPointFunctions } from './floating-point.ts';

const ORIGIN = k32(0);
const local = <T extends Ty>(t: T, index: number): Val<T> => ({ o: 'local', t, index, pinned: true });
const call = (f: number, ...args: Val[]): I32 => ({ o: 'call', t: 'i32', f, args });

function set(f: FunctionWriter, index: number, v: Val): void {
  lower(f, v);
  f.set(index);
}
function pinIn(f: FunctionWriter): <T extends Ty>(v: Val<T>) => Val<T> {
  return (v) => {
    if (v.o === 'local' || v.o === 'const') return v;
    const index = f.local(v.t);
    set(f, index, v);
    return local(v.t, index) as typeof v;
  };
}
function put(f: FunctionWriter, bits: 32 | 64, at: I32, offset: number, v: Val): void {
  lower(f, at);
  lower(f, v);
  f.store(v.t as ValueType, bits, offset);
}
function giveBack(f: FunctionWriter, v: Val): void {
  lower(f, v);
  f.return();
}

/** (kind, a, b) to NZCV in bits 3..0. */
function writeNzcv(m: ModuleWriter): number {
  const f = m.function(['i32', 'i64', 'i64'], ['i32']);
  const kinds = Object.values(FLAG_KIND);
  const nest = (depth: number): void => {
    if (depth < 0) {
      lower(f, local('i32', 0));
      f.brTable(
        kinds.map((k) => `kind${k}`),
        `kind${FLAG_KIND.PACKED}`,
      );
      return;
    }
    f.block(`kind${depth}`, () => nest(depth - 1));
    giveBack(f, nzcvOfTriple(depth as FlagKindNumber, local('i64', 1), local('i64', 2), pinIn(f)));
  };
  nest(kinds.length - 1);
  f.unreachable();
  return f.index;
}

/** (condition, kind, a, b) to 0 or 1. */
function writeCondition(m: ModuleWriter, nzcv: number): number {
  const f = m.function(['i32', 'i32', 'i64', 'i64'], ['i32']);
  const truth = ld('i32', 32, bin('shl', local('i32', 0), k32(2)), HOST.TRUTH);
  const flags = call(nzcv, local('i32', 1), local('i64', 2), local('i64', 3));
  lower(f, bin('and', bin('shr', truth, flags), k32(1)));
  return f.index;
}

/** (record, budget, kind, a, b): PC of the record, NZCV, BUDGET and the record itself to memory. */
function writeSpill(m: ModuleWriter, nzcv: number): number {
  const f = m.function(HANDLER_PARAMETERS, []);
  const pin = pinIn(f);
  const record = local('i32', 0);
  const inPool = pin(bin('sub', record, k32(HOST.POOL)));
  const page = pin(bin('mul', bin('divu', inPool, k32(POOL_PAGE.STRIDE)), k32(POOL_PAGE.STRIDE)));
  const va = ld('i64', 64, page, HOST.POOL + POOL_PAGE.VA);
  const within: I64 = { o: 'unary', t: 'i64', op: 'extu', a: bin('shr', bin('sub', inPool, page), k32(3)) };
  put(f, 64, ORIGIN, STATE.PC, bin('add', va, within));
  put(f, 32, ORIGIN, STATE.NZCV, call(nzcv, local('i32', 2), local('i64', 3), local('i64', 4)));
  put(f, 32, ORIGIN, STATE.BUDGET, local('i32', 1));
  put(f, 32, ORIGIN, HOST.RECORD, record);
  return f.index;
}

function writeLeave(m: ModuleWriter, spill: number): number {
  const f = m.function([...HANDLER_PARAMETERS, 'i32'], ['i32']);
  for (const [index, t] of HANDLER_PARAMETERS.entries()) lower(f, local(t, index));
  f.call(spill);
  put(f, 32, ORIGIN, STATE.REASON, local('i32', 5));
  lower(f, local('i32', 1));
  return f.index;
}

/** (pc, budget, kind, a, b, reason). */
function writeLeaveAt(m: ModuleWriter, nzcv: number): number {
  const f = m.function(['i64', 'i32', 'i32', 'i64', 'i64', 'i32'], ['i32']);
  put(f, 64, ORIGIN, STATE.PC, local('i64', 0));
  put(f, 32, ORIGIN, STATE.NZCV, call(nzcv, local('i32', 2), local('i64', 3), local('i64', 4)));
  put(f, 32, ORIGIN, STATE.BUDGET, local('i32', 1));
  put(f, 32, ORIGIN, STATE.REASON, local('i32', 5));
  lower(f, local('i32', 1));
  return f.index;
}

/**
 * Run `found(host)` when an access that failed the inline check is only unaligned: permitted, within the
 * page, and in the TLB.
 */
function whenOnlyUnaligned(
  f: FunctionWriter,
  tagOffset: number,
  found: (host: I32, bytes: I32) => void,
): void {
  const pin = pinIn(f);
  const address = local('i64', 0);
  const word = local('i32', 1);
  const bytes = pin(bin('and', word, k32(ACCESS.BYTES)));
  const strict = bin('or', bin('and', word, k32(ACCESS.ALIGNED)), ld('i32', 32, ORIGIN, STATE.ALIGN_STRICT));
  lower(f, eqz(strict));
  f.if(() => {
    const entry = pin(bin('and', wrap(bin('shr', address, k64(7))), k32((TLB.ENTRIES - 1) * TLB.ENTRY)));
    const context = sel(
      bin('and', word, k32(ACCESS.UNPRIVILEGED)),
      ld('i64', 64, ORIGIN, STATE.CONTEXT_UNPRIVILEGED),
      ld('i64', 64, ORIGIN, STATE.CONTEXT),
    );
    const lastByte = bin('sub', bin('add', address, { o: 'unary', t: 'i64', op: 'extu', a: bytes }), k64(1));
    const tag = bin('add', bin('and', lastByte, k64(-4096)), context);
    lower(f, cmp('eq', tag, ld('i64', 64, entry, HOST.TLB + tagOffset)));
    f.if(() => found(pin(bin('add', wrap(address), ld('i32', 32, entry, HOST.TLB + TLB.ADDEND))), bytes));
  });
}
const hostArguments = (): Val[] => [
  wrap(local('i64', 0)),
  wrap(bin('shr', local('i64', 0), k64(32))),
  local('i32', 1),
];

function writeSlowRead(m: ModuleWriter, read: number): number {
  const f = m.function(['i64', 'i32'], ['i32']);
  whenOnlyUnaligned(f, TLB.READ_TAG, (host) => giveBack(f, host));
  lower(f, call(read, ...hostArguments()));
  return f.index;
}

function writeSlowWrite(m: ModuleWriter, write: number): number {
  const f = m.function(['i64', 'i32'], ['i32']);
  whenOnlyUnaligned(f, TLB.WRITE_TAG, (host, bytes) => {
    copyScratch(f, host, bytes);
    giveBack(f, k32(1));
  });
  lower(f, call(write, ...hostArguments()));
  return f.index;
}

/** Copy `bytes` (a power of two up to 8, or a multiple of 4 or 8) from SCRATCH. */
function copyScratch(f: FunctionWriter, host: I32, bytes: I32): void {
  const done = f.local('i32');
  const at = local('i32', done);
  const to = bin('add', host, at);
  set(f, done, k32(0));
  for (const unit of [8, 4, 2, 1] as const) {
    f.block(`end${unit}`, () => {
      f.loop(`more${unit}`, () => {
        lower(f, cmp('ltu', bin('sub', bytes, at), k32(unit)));
        f.brIf(`end${unit}`);
        lower(f, to);
        lower(f, ld('i64', (unit * 8) as 8 | 16 | 32 | 64, at, STATE.SCRATCH));
        f.store('i64', unit * 8, 0);
        set(f, done, bin('add', at, k32(unit)));
        f.br(`more${unit}`);
      });
    });
  }
}

/** Import the host's functions and write the helpers. */
export function writeHelpers(m: ModuleWriter): Helpers {
  const host = {} as Record<keyof InterpreterHost, number>;
  for (const [name, arity] of Object.entries(HOST_FUNCTIONS) as [keyof InterpreterHost, number][]) {
    host[name] = m.importFunction('host', name, Array<ValueType>(arity).fill('i32'), ['i32']);
  }
  const nzcv = writeNzcv(m);
  const spill = writeSpill(m, nzcv);
  return {
    ...host,
    nzcv,
    spill,
    condition: writeCondition(m, nzcv),
    leave: writeLeave(m, spill),
    leaveAt: writeLeaveAt(m, nzcv),
    slowRead: writeSlowRead(m, host.read),
    slowWrite: writeSlowWrite(m, host.write),
    fp: new FloatingPointFunctions(m, host.floatingPoint),
    handlerType: m.type(HANDLER_PARAMETERS, ['i32']),
  };
}
