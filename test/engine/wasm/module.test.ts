import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/engine/wasm/bytes.ts';
import { ModuleWriter } from '../../../src/engine/wasm/module.ts';
import { FLOAT, NUMERIC, VECTOR } from '../../../src/engine/wasm/opcodes.ts';

function written(write: (out: ByteWriter) => void): number[] {
  const out = new ByteWriter(1);
  write(out);
  return [...out.view()];
}
function exportsOf(m: ModuleWriter, imports: object = {}): Record<string, (...a: never[]) => unknown> {
  const bytes = m.build();
  expect(WebAssembly.validate(bytes)).toBe(true);
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports as Record<
    string,
    () => unknown
  >;
}

describe('number encodings of the binary format', () => {
  // Examples of the DWARF 4 standard, appendix on LEB128, and the limits of the types.
  it.each([
    [2, [0x02]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [12857, [0xb9, 0x64]],
    [0xffff_ffff, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])('unsigned %d', (value, bytes) => {
    expect(written((out) => out.unsigned(value))).toEqual(bytes);
  });
  it.each([
    [2, [0x02]],
    [-2, [0x7e]],
    [127, [0xff, 0x00]],
    [-127, [0x81, 0x7f]],
    [128, [0x80, 0x01]],
    [-128, [0x80, 0x7f]],
    [-0x8000_0000, [0x80, 0x80, 0x80, 0x80, 0x78]],
  ])('signed %d', (value, bytes) => {
    expect(written((out) => out.signed32(value))).toEqual(bytes);
    expect(written((out) => out.signed64(BigInt(value)))).toEqual(bytes);
  });
  it('signed 64 bits', () => {
    const least = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f];
    expect(written((out) => out.signed64(1n << 63n))).toEqual(least);
  });
});

describe('modules', () => {
  it('is byte for byte what the specification prescribes', () => {
    const m = new ModuleWriter();
    const f = m.function(['i32', 'i32'], ['i32']);
    f.get(0);
    f.get(1);
    f.op(NUMERIC.i32.add);
    m.export('sum', f.index);
    expect(Buffer.from(m.build()).toString('hex')).toBe(
      '0061736d01000000' + // magic, version
        '01070160027f7f017f' + // type (i32, i32) -> i32
        '03020100' + // one function of type 0
        '0707010373756d0000' + // export "sum"
        '0a09010700200020016a0b', // code
    );
  });

  it('branches by table, loops and locals', () => {
    const m = new ModuleWriter();
    const f = m.function(['i32'], ['i32']);
    const sum = f.local('i32');
    f.block('end', () => {
      f.loop('again', () => {
        f.get(0);
        f.op(NUMERIC.i32.eqz);
        f.brIf('end');
        f.get(sum);
        f.get(0);
        f.op(NUMERIC.i32.add);
        f.set(sum);
        f.get(0);
        f.i32(1);
        f.op(NUMERIC.i32.sub);
        f.set(0);
        f.br('again');
      });
    });
    f.get(sum);
    m.export('triangle', f.index);
    const g = m.function(['i32'], ['i32']);
    g.block('other', () => {
      g.block('one', () => {
        g.block('zero', () => {
          g.get(0);
          g.brTable(['zero', 'one'], 'other');
        });
        g.i32(100);
        g.return();
      });
      g.i32(101);
      g.return();
    });
    g.i32(-1);
    m.export('pick', g.index);
    const { triangle, pick } = exportsOf(m) as Record<string, (n: number) => number>;
    expect(triangle!(10)).toBe(55);
    expect([0, 1, 2, 99].map((n) => pick!(n))).toEqual([100, 101, -1, -1]);
  });

  it('tail-calls through its table without growing the stack', () => {
    const m = new ModuleWriter();
    const type = m.type(['i32'], ['i32']);
    const f = m.function(['i32'], ['i32']);
    f.get(0);
    f.op(NUMERIC.i32.eqz);
    f.if(() => {
      f.i32(7);
      f.return();
    });
    f.get(0);
    f.i32(1);
    f.op(NUMERIC.i32.sub);
    f.i32(0);
    f.tailCallIndirect(type);
    m.table([f.index]);
    m.export('down', f.index);
    expect((exportsOf(m) as Record<string, (n: number) => number>)['down']!(1_000_000)).toBe(7);
  });

  it('writes floating-point instructions, with their prefix where they have one', () => {
    const m = new ModuleWriter();
    const f = m.function(['f64'], ['i64']);
    f.get(0);
    f.op(FLOAT['f64.sqrt']);
    f.op(FLOAT['i64.trunc_sat_f64_s']);
    m.export('root', f.index);
    const root = exportsOf(m)['root'] as unknown as (x: number) => bigint;
    expect([root(144), root(-1), root(Infinity)]).toEqual([12n, 0n, 0x7fff_ffff_ffff_ffffn]);
  });

  it('imports functions and memory, and moves vectors', () => {
    const m = new ModuleWriter();
    m.importMemory('e', 'memory', 1, 65536);
    const seen = m.importFunction('e', 'seen', ['i32'], ['i32']);
    const f = m.function([], ['i64']);
    f.i32(16);
    f.v128(0x0123_4567_89ab_cdef_fedc_ba98_7654_3210n);
    f.vector(VECTOR.not);
    f.store('v128', 128, 0);
    f.i32(5);
    f.call(seen);
    f.drop();
    f.i32(16);
    f.load('v128', 128, false, 0);
    f.vector(VECTOR['i64x2.extract'], 1);
    m.export('go', f.index);
    const calls: number[] = [];
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const go = exportsOf(m, { e: { memory, seen: (n: number) => calls.push(n) } })['go'] as () => bigint;
    expect(BigInt.asUintN(64, go())).toBe(0xfedc_ba98_7654_3210n);
    expect(calls).toEqual([5]);
    expect(new DataView(memory.buffer).getBigUint64(16, true)).toBe(0x0123_4567_89ab_cdefn);
  });
});
