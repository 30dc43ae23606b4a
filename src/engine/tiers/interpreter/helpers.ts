/** The interpreter module's own functions: everything that handlers share. */
import { HOST, POOL_PAGE } from '../../host-map.ts';
import { STATE } from '../../layout.ts';
import { bin, k32, ld } from '../../semantics/build.ts';
import { FLAG_KIND, type FlagKindNumber, nzcvOfTriple } from '../../semantics/flags.ts';
import type { I64 } from '../../semantics/ir.ts';
import type { ModuleWriter } from '../../wasm/module.ts';
import type { ValueType } from '../../wasm/opcodes.ts';
import { lower } from '../lower.ts';
import { HANDLER_PARAMETERS, type Helpers, HOST_FUNCTIONS, type InterpreterHost } from './abi.ts';
import { FloatingPointFunctions } from './floating-point.ts';
import { call, giveBack, local, ORIGIN, pinIn, put } from './function-code.ts';
import { writeMemoryHelpers } from './memory-helpers.ts';

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
    ...writeMemoryHelpers(m, host),
    fp: new FloatingPointFunctions(m, (f) => f.call(host.floatingPoint)),
    handlerType: m.type(HANDLER_PARAMETERS, ['i32']),
  };
}
