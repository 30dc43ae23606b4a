/** WebAssembly code as text, for golden files: the instructions that the engine's writer can make. */
import {
  CONTROL,
  FLOAT,
  LOAD,
  NUMERIC,
  STORE,
  VECTOR,
  VECTOR_PREFIX,
} from '../../../src/engine/wasm/opcodes.ts';

const SIMPLE = new Map<number, string>();
for (const [type, ops] of Object.entries(NUMERIC)) {
  for (const [name, code] of Object.entries(ops)) SIMPLE.set(code, `${type}.${name}`);
}
for (const [name, code] of Object.entries(FLOAT)) SIMPLE.set(code, name);
for (const name of ['unreachable', 'return', 'drop', 'select'] as const) SIMPLE.set(CONTROL[name], name);
const MEMORY = new Map<number, string>();
for (const [table, verb] of [
  [LOAD, 'load'],
  [STORE, 'store'],
] as const) {
  for (const [name, [code]] of Object.entries(table)) MEMORY.set(code, `${name.replace('.', `.${verb}`)}`);
}
const VECTORS = new Map<number, string>(Object.entries(VECTOR).map(([name, code]) => [code, name]));
const INDEXED = new Map<number, string>([
  [CONTROL.localGet, 'get'],
  [CONTROL.localSet, 'set'],
  [CONTROL.localTee, 'tee'],
  [CONTROL.br, 'br'],
  [CONTROL.brIf, 'br_if'],
  [CONTROL.call, 'call'],
  [CONTROL.returnCall, 'return_call'],
]);
const NESTED = new Map<number, string>([
  [CONTROL.block, 'block'],
  [CONTROL.loop, 'loop'],
  [CONTROL.if, 'if'],
]);

/** Prefix of the conversions that saturate. */
const SATURATING_PREFIX = 0xfc;

class Reader {
  readonly #bytes: Uint8Array;
  at: number;
  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }
  byte(): number {
    return this.#bytes[this.at++]!;
  }
  unsigned(): number {
    return Number(BigInt.asUintN(32, this.#leb(false)));
  }
  signed(): bigint {
    return this.#leb(true);
  }
  #leb(signed: boolean): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return signed ? BigInt.asIntN(Number(shift) + 7, value) : value;
    }
  }
}

const hex = (value: bigint): string =>
  value >= -4096n && value <= 4096n ? `${value}` : `0x${BigInt.asUintN(64, value).toString(16)}`;

function vector(r: Reader): string {
  const name = VECTORS.get(r.unsigned()) ?? 'unknown';
  if (/^(load|store)/.test(name)) {
    r.unsigned();
    const offset = r.unsigned();
    return `v128.${name} +${offset}${name.endsWith('lane') ? ` lane ${r.byte()}` : ''}`;
  }
  const bytes = name === 'const' || name === 'shuffle' ? 16 : /extract|replace/.test(name) ? 1 : 0;
  const operands = Array.from({ length: /extend|extadd|extmul/.test(name) ? 0 : bytes }, () => r.byte());
  return ['v128', name, ...operands].join(' ');
}

/** The instructions of one function body, indented by nesting. */
function body(r: Reader, end: number): string[] {
  const lines: string[] = [];
  let depth = 0;
  while (r.at < end) {
    const first = r.byte();
    const code = first === SATURATING_PREFIX ? (first << 8) | r.byte() : first;
    if (code === CONTROL.end || code === CONTROL.else) depth--;
    const nested = NESTED.get(code);
    let text: string;
    if (nested !== undefined) {
      r.byte();
      text = nested;
    } else if (code === CONTROL.end) text = 'end';
    else if (code === CONTROL.else) text = 'else';
    else if (INDEXED.has(code)) text = `${INDEXED.get(code)} ${r.unsigned()}`;
    else if (MEMORY.has(code)) {
      r.unsigned();
      text = `${MEMORY.get(code)} +${r.unsigned()}`;
    } else if (code === CONTROL.i32Const || code === CONTROL.i64Const) {
      text = `${code === CONTROL.i32Const ? 'i32' : 'i64'} ${hex(r.signed())}`;
    } else if (code === CONTROL.brTable) {
      const count = r.unsigned();
      text = `br_table ${Array.from({ length: count + 1 }, () => r.unsigned()).join(' ')}`;
    } else if (code === VECTOR_PREFIX) text = vector(r);
    else {
      const simple = SIMPLE.get(code);
      if (simple === undefined) throw new Error(`no instruction 0x${code.toString(16)} at ${r.at}`);
      text = simple;
    }
    lines.push('  '.repeat(Math.max(depth, 0)) + text);
    if (nested !== undefined || code === CONTROL.else) depth++;
  }
  return lines;
}

/** The first function of a module, without its local declarations. */
export function firstFunction(module: Uint8Array): string[] {
  const r = new Reader(module, 8);
  for (;;) {
    const section = r.byte();
    const size = r.unsigned();
    if (section === 10) break;
    r.at += size;
  }
  r.unsigned();
  const size = r.unsigned();
  const end = r.at + size;
  for (let runs = r.unsigned(); runs > 0; runs--) {
    r.unsigned();
    r.byte();
  }
  return body(r, end - 1);
}
