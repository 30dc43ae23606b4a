/** Expression trees to WebAssembly code. */
import { assert, assertNever } from '../../base/assert.ts';
import type { I32, Load, ReplaceLane, Val } from '../semantics/ir.ts';
import type { FunctionWriter } from '../wasm/function.ts';
import { FLOAT, NUMERIC, VECTOR } from '../wasm/opcodes.ts';

function numeric(type: string, op: string): number {
  assert(type === 'i32' || type === 'i64', () => `no ${type}.${op}`);
  const code = (NUMERIC[type] as Readonly<Record<string, number>>)[op];
  assert(code !== undefined, () => `no ${type}.${op}`);
  return code;
}

/** A load into the low bits of a vector of zeros, which is one instruction. */
function loadsZeroExtended(v: ReplaceLane): v is ReplaceLane & { a: Load & { bits: 32 | 64 } } {
  const { a, index, lane } = v;
  const isZero = v.v.o === 'const' && v.v.k === 0n;
  return isZero && lane === 'i64x2' && index === 0 && a.o === 'load' && !a.signed && a.bits >= 32;
}

/** Append code that stores the low `bits` of a value. */
export function lowerStore(f: FunctionWriter, bits: number, at: I32, offset: number, v: Val): void {
  lower(f, at);
  // Low bits of a vector need not go through another register.
  if (v.o === 'extract' && v.lane === 'i64x2' && v.index === 0 && bits >= 32) {
    lower(f, v.v);
    f.storeLane(bits as 32 | 64, offset);
    return;
  }
  lower(f, v);
  f.store(v.t, bits, offset);
}

/** Append code that leaves the value on the stack. */
export function lower(f: FunctionWriter, v: Val): void {
  switch (v.o) {
    case 'const':
      if (v.t === 'i32') f.i32(Number(BigInt.asIntN(32, v.k)));
      else if (v.t === 'i64') f.i64(v.k);
      else if (v.t === 'v128') f.v128(v.k);
      else assert(false, 'no floating-point constants');
      return;
    case 'local':
      f.get(v.index);
      return;
    case 'unary':
      lower(f, v.a);
      f.op(numeric(v.a.t, v.op));
      return;
    case 'binary':
      lower(f, v.a);
      lower(f, v.b);
      f.op(numeric(v.a.t, v.op));
      return;
    case 'select':
      lower(f, v.a);
      lower(f, v.b);
      lower(f, v.c);
      f.select(v.t);
      return;
    case 'load':
      lower(f, v.at);
      f.load(v.t, v.bits, v.signed, v.offset);
      return;
    case 'call':
      for (const argument of v.args) lower(f, argument);
      f.call(v.f);
      return;
    case 'float':
      for (const argument of v.args) lower(f, argument);
      f.op(FLOAT[v.op]);
      return;
    case 'splat':
      lower(f, v.a);
      f.vector(VECTOR[`${v.lane}.splat`]);
      return;
    case 'extract': {
      lower(f, v.v);
      const narrow = v.lane === 'i8x16' || v.lane === 'i16x8';
      f.vector(narrow && v.signed ? VECTOR[`${v.lane}.extract_s`] : VECTOR[`${v.lane}.extract`], v.index);
      return;
    }
    case 'replace':
      if (loadsZeroExtended(v)) {
        lower(f, v.a.at);
        f.loadZero(v.a.bits, v.a.offset);
        return;
      }
      lower(f, v.v);
      lower(f, v.a);
      f.vector(VECTOR[`${v.lane}.replace`], v.index);
      return;
    case 'vector':
      lower(f, v.a);
      if (v.b) lower(f, v.b);
      f.vector(VECTOR[v.op]);
      return;
    case 'multiplyAdd':
      lower(f, v.a);
      lower(f, v.b);
      lower(f, v.c);
      f.vector(VECTOR[`${v.lane}.relaxed_madd`]);
      return;
    case 'vectorShift':
      lower(f, v.a);
      lower(f, v.by);
      f.vector(VECTOR[v.op]);
      return;
    case 'bitselect':
      lower(f, v.a);
      lower(f, v.b);
      lower(f, v.mask);
      f.vector(VECTOR.bitselect);
      return;
    case 'shuffle':
      lower(f, v.a);
      lower(f, v.b);
      f.shuffle(v.bytes);
      return;
    case 'anyTrue':
      lower(f, v.v);
      f.vector(VECTOR.anyTrue);
      return;
    default:
      assertNever(v, 'expression');
  }
}
