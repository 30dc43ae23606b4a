/** Tier 1: one WebAssembly module with a handler for every form of every row. */
import { assert } from '../../../base/assert.ts';
import type { OperandFields, Row } from '../../decode/row.ts';
import { OPCODE, REASON, RECORD } from '../../host-map.ts';
import { STATE } from '../../layout.ts';
import { extu, k32, k64, ld } from '../../semantics/build.ts';
import { FLAG_KIND } from '../../semantics/flags.ts';
import type { I32, Ty, Val } from '../../semantics/ir.ts';
import { ModuleWriter } from '../../wasm/module.ts';
import {
  BUDGET,
  HANDLER_PARAMETERS,
  type Helpers,
  type InterpreterExports,
  type InterpreterHost,
  RECORD_POINTER,
  REGION_SLOTS,
} from './abi.ts';
import { lower } from '../lower.ts';
import { InterpreterEmitter } from './emitter.ts';
import type { Control, FormUse } from './form-use.ts';
import { writeHelpers } from './helpers.ts';
import { OFFERED, type Offered, sealed } from './offers.ts';
import { writeForgetRecent, writeForgetWindows } from './recent-pages.ts';

const FIELDS: OperandFields = {
  rd: 'rd',
  rn: 'rn',
  rm: 'rm',
  ra: 'ra',
  cond: 'cond',
  imm: 'imm',
  imm2: 'imm2',
  target: 'target',
};
const MEMORY_LIMIT = { minimum: 1, maximum: 65536 };

/** What the predecoder has to know about one form of a row. */
export interface Form {
  readonly opcode: number;
  /** Opcode of the same form with the stack pointer as rn; equal to `opcode` when that makes no difference. */
  readonly stackOpcode: number;
  /** Its target goes into the record. */
  readonly branches: boolean;
  readonly control: Control;
  /** It may leave generated code before it is done. */
  readonly leaves: boolean;
  readonly flags: FormUse['flags'];
}

export interface InterpreterCode {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** By row, then by variant. */
  readonly forms: readonly (readonly Form[])[];
  /** Opcodes in use; those of regions follow. */
  readonly opcodes: number;
}

function writeForm<V>(m: ModuleWriter, helpers: Helpers, row: Row<V>, variant: V, stackBase: boolean) {
  const f = m.function(HANDLER_PARAMETERS, ['i32']);
  const e = new InterpreterEmitter(f, helpers, stackBase);
  if (row.fp) e.requireFp();
  if (stackBase) e.requireAlignedStack();
  row.emit(e, variant, FIELDS);
  e.finish();
  return { index: f.index, use: e.use };
}

/** Handlers of the opcodes that are no instruction's, in the order of `OPCODE`. */
function writeSpecial(m: ModuleWriter, helpers: Helpers): number[] {
  const call = (f: number, ...more: I32[]): I32 => ({
    o: 'call',
    t: 'i32',
    f,
    args: [RECORD_POINTER, ...more],
  });
  const bodies: ((e: InterpreterEmitter) => void)[] = [];
  bodies[OPCODE.DECODE] = (e) => e.dispatch(call(helpers.decode));
  bodies[OPCODE.PAGE_END] = (e) => e.goTo(ld('i64', 64, RECORD_POINTER, RECORD.IMM));
  bodies[OPCODE.BREAKPOINT] = (e) => {
    const opcode = e.let(call(helpers.breakpoint));
    e.if(
      opcode,
      () => e.dispatch(opcode),
      () => e.leave(REASON.BREAKPOINT),
    );
  };
  bodies[OPCODE.REFUSED] = (e) => e.dispatch(call(helpers.refused, BUDGET));
  bodies[OPCODE.UNALLOCATED] = (e) => e.leave(REASON.UNALLOCATED);
  return bodies.map((body) => {
    const f = m.function(HANDLER_PARAMETERS, ['i32']);
    const e = new InterpreterEmitter(f, helpers, false);
    body(e);
    e.finish();
    return f.index;
  });
}

/** `run(budget)`: enter at the PC of the state block. */
function writeRun(m: ModuleWriter, helpers: Helpers): void {
  const entry = m.function(HANDLER_PARAMETERS, ['i32']);
  const e = new InterpreterEmitter(entry, helpers, false);
  e.goTo(ld('i64', 64, k32(0), STATE.PC), false);
  e.finish();
  const run = m.function(['i32'], ['i32']);
  run.i32(0);
  run.get(0);
  lower(run, k32(FLAG_KIND.PACKED));
  lower(run, extu(ld('i32', 32, k32(0), STATE.NZCV)));
  lower(run, k64(0));
  run.tailCall(entry.index);
  m.export('run', run.index);
}

/**
 * Where regions go on. They call these instead of the table: a table that many instances import is copied for
 * each of them.
 */
function writeContinuations(m: ModuleWriter, helpers: Helpers): void {
  const argument = <T extends Ty>(t: T): Val<T> => ({
    o: 'local',
    t,
    index: HANDLER_PARAMETERS.length,
    pinned: true,
  });
  const write = (name: Offered, go: (e: InterpreterEmitter) => void) => {
    const f = m.function(sealed(OFFERED[name][0]), ['i32']);
    const e = new InterpreterEmitter(f, helpers, false);
    go(e);
    e.finish();
    m.export(name, f.index);
  };
  write('arrive', (e) => e.arrive());
  write('goTo', (e) => e.goTo(argument('i64')));
  write('land', (e) => e.land(argument('i64')));
  write('dispatch', (e) => e.dispatch(argument('i32')));
}

/** The helpers that regions call. */
function writeOffers(m: ModuleWriter, helpers: Helpers): void {
  const offer = (name: Offered, index: number): void => {
    const [parameters, results] = OFFERED[name];
    const f = m.function(sealed(parameters), results);
    for (const n of parameters.keys()) f.get(n);
    f.tailCall(index);
    m.export(name, f.index);
  };
  offer('floatingPoint', helpers.floatingPoint);
  offer('nzcv', helpers.nzcv);
  offer('condition', helpers.condition);
  offer('forgetRecent', writeForgetRecent(m));
  offer('nearRead', helpers.nearRead);
  offer('nearWrite', helpers.nearWrite);
  offer('scatter', helpers.scatter);
  offer('forgetWindows', writeForgetWindows(m));
  offer('windowRead', helpers.windowRead);
  offer('windowWrite', helpers.windowWrite);
  m.export('findRead', helpers.windowRead);
  m.export('findWrite', helpers.windowWrite);
}

/** Generate the module for a list of rows. */
export function generateInterpreter(rows: readonly Row[]): InterpreterCode {
  const m = new ModuleWriter();
  m.importMemory('host', 'memory', MEMORY_LIMIT.minimum, MEMORY_LIMIT.maximum);
  const helpers = writeHelpers(m);
  const table = writeSpecial(m, helpers);
  const forms = rows.map((row) =>
    row.variants.map((variant): Form => {
      const plain = writeForm(m, helpers, row, variant, false);
      const opcode = table.push(plain.index) - 1;
      const stackOpcode = plain.use.memory
        ? table.push(writeForm(m, helpers, row, variant, true).index) - 1
        : opcode;
      const { target, control, memory, system, flags } = plain.use;
      const leaves = memory || system || row.fp === true;
      return { opcode, stackOpcode, branches: target, control, leaves, flags };
    }),
  );
  assert(table.length + REGION_SLOTS <= 0x10000, 'opcodes fit 16 bits');
  m.table(table, REGION_SLOTS, 'table');
  writeRun(m, helpers);
  writeContinuations(m, helpers);
  writeOffers(m, helpers);
  return { bytes: m.build(), forms, opcodes: table.length };
}

/** A generated module, compiled; V8 compiles each handler when it first runs. */
export interface CompiledInterpreter {
  readonly module: WebAssembly.Module;
  readonly forms: InterpreterCode['forms'];
  readonly opcodes: number;
}
export function compileInterpreter(rows: readonly Row[]): CompiledInterpreter {
  const { bytes, forms, opcodes } = generateInterpreter(rows);
  return { module: new WebAssembly.Module(bytes), forms, opcodes };
}

/** An interpreter over one VM's memory. */
export function instantiateInterpreter(
  code: CompiledInterpreter,
  memory: WebAssembly.Memory,
  host: InterpreterHost,
): InterpreterExports {
  const imports = { host: { memory, ...host } };
  return new WebAssembly.Instance(code.module, imports).exports as unknown as InterpreterExports;
}
