/** The WebAssembly of small regions, for each kind of instruction: golden files, so that code generation is reviewed. */
import { describe, expect, it } from 'vitest';
import { HOST, RECORD } from '../../../src/engine/host-map.ts';
import { generateRegion } from '../../../src/engine/tiers/jit/compile.ts';
import type { MadeFor } from '../../../src/engine/tiers/jit/made-for.ts';
import { SMALL } from '../../../src/engine/tiers/jit/formation.ts';
import { formRegion } from '../../../src/engine/tiers/jit/region.ts';
import type { CodeSource } from '../../../src/engine/tiers/jit/source.ts';
import { firstFunction } from '../wasm/disassemble.ts';
import { sourceOf } from './region-source.ts';

/** Opcodes change with every new row: a number that stays stands for them. */
function withStableOpcodes(source: CodeSource): CodeSource {
  return {
    ...source,
    instructionAt: (record) => {
      const instruction = source.instructionAt(record);
      if (instruction === null) return null;
      const { form, operands } = instruction;
      return {
        ...instruction,
        form: { ...form, opcode: 1, stackOpcode: form.stackOpcode === form.opcode ? 1 : 2 },
        opcode: operands.rn === 32 ? 2 : 1,
      };
    },
  };
}
function code(words: readonly number[], strict: boolean, floating: Floating): string {
  const source = withStableOpcodes(sourceOf(words));
  const { bytes } = generateRegion(source, formRegion(source, HOST.POOL, SMALL, () => false)!, {
    strict,
    ...floating,
  });
  // Hosts that lack relaxed SIMD are never given it.
  if (!floating.fused) expect(WebAssembly.validate(bytes)).toBe(true);
  return `${firstFunction(bytes).join('\n')}\n`;
}

type Floating = Omit<MadeFor, 'strict'>;

const SLOW: Floating = { fast: false, fused: false, refused: new Set(), windows: 'none' };
const FAST: Floating = { ...SLOW, fast: true };
const FUSED: Floating = { ...FAST, fused: true };
const WINDOWS: Floating = { ...SLOW, windows: 'exits' };
const MOVING: Floating = { ...SLOW, windows: 'calls' };
const CROSSING: Floating = { ...SLOW, refused: new Set([HOST.POOL, HOST.POOL + RECORD.SIZE]) };

/** Words of the GNU assembler. */
const PROGRAMS: readonly {
  readonly name: string;
  readonly words: readonly number[];
  readonly strict?: boolean;
  readonly floating?: Floating;
}[] = [
  // add x0, x1, x2; sub w3, w4, #5; b
  { name: 'arithmetic', words: [0x8b020020, 0x51001483, 0x17fffffe] },
  // subs x0, x0, #1; csel w1, w2, w3, hi; b.ne
  { name: 'flags', words: [0xf1000400, 0x1a838041, 0x54ffffc1] },
  // ands w0, w0, w1; b.mi
  { name: 'logical-flags', words: [0x6a010000, 0x54ffffe4] },
  // adds x0, x1, x2; cset x3, cs; sbcs x4, x5, x6; b
  { name: 'carry', words: [0xab020020, 0x9a9f37e3, 0xfa0600a4, 0x17fffffd] },
  // cmp x27, #0; ccmp x1, x2, #4, ne; b.hi
  { name: 'conditional-compare', words: [0xf100037f, 0xfa421024, 0x54ffffc8] },
  // ror w0, w1, #7; lsr w2, w3, #3; lsl w4, w5, #3; sxtw x6, w7; asr w8, w9, #4; sxtb w10, w11; b
  {
    name: 'shifts',
    words: [0x13811c20, 0x53037c62, 0x531d70a4, 0x93407ce6, 0x13047d28, 0x13001d6a, 0x17fffffa],
  },
  // udiv x0, x1, x2; b
  { name: 'division', words: [0x9ac20820, 0x17ffffff] },
  // crc32x w0, w0, x1; crc32cb w2, w3, w4; b
  { name: 'checksum', words: [0x9ac14c00, 0x1ac45062, 0x17fffffe] },
  // ldr x0, [x1], #8; str w0, [x2, #4]!; b
  { name: 'load-store', words: [0xf8408420, 0xb8004c40, 0x17fffffe] },
  { name: 'load-store-aligned', words: [0xf8408420, 0xb8004c40, 0x17fffffe], strict: true },
  // ldrsw x0, [x1]; ldrsb w2, [x1, #4]; rev w3, w4; b
  { name: 'load-signed', words: [0xb9800020, 0x39c01022, 0x5ac00883, 0x17fffffd] },
  // stp x29, x30, [sp, #-16]!; ldp x29, x30, [sp], #16; b
  { name: 'stack', words: [0xa9bf7bfd, 0xa8c17bfd, 0x17fffffe] },
  // The same pair where each crosses pages again and again.
  { name: 'load-store-crossing', words: [0xa9bf7bfd, 0xa8c17bfd, 0x17fffffe], floating: CROSSING },
  // The same where watchpoints watch other bytes of the pages; ldtr x0, [x1]
  {
    name: 'load-store-watched',
    words: [0xf8408420, 0xb8004c40, 0xf8400820, 0x17fffffd],
    floating: WINDOWS,
  },
  {
    name: 'load-store-around-watched',
    words: [0xf8408420, 0xb8004c40, 0xf8400820, 0x17fffffd],
    floating: MOVING,
  },
  // ldxr w0, [x1]; stxr w2, w0, [x1]; cbnz w2
  { name: 'exclusive', words: [0x885f7c20, 0x88027c20, 0x35ffffc2] },
  // ldadd x0, x1, [x2]; b
  { name: 'atomic', words: [0xf8200041, 0x17ffffff] },
  // bl 2f; 1: b 1b; 2: ret
  { name: 'call', words: [0x94000002, 0x17ffffff, 0xd65f03c0] },
  // add v0.4s, v1.4s, v2.4s; ldr q3, [x0]; b
  { name: 'vector', words: [0x4ea28420, 0x3dc00003, 0x17fffffe] },
  // fadd d0, d1, d2; b
  { name: 'floating-point', words: [0x1e622820, 0x17ffffff] },
  { name: 'floating-point-fast', words: [0x1e622820, 0x17ffffff], floating: FAST },
  // fmul s0, s1, s2; fdiv d3, d4, d5; fsqrt d6, d7; b
  { name: 'floating-product', words: [0x1e220820, 0x1e651883, 0x1e61c0e6, 0x17fffffd], floating: FAST },
  // fmadd d0, d1, d2, d3; b
  { name: 'floating-fused', words: [0x1f420c20, 0x17ffffff], floating: FUSED },
  { name: 'floating-not-fused', words: [0x1f420c20, 0x17ffffff], floating: FAST },
  // fmla v0.4s, v1.4s, v2.s[1]; fadd v3.2d, v4.2d, v5.2d; fcmgt v6.4s, v7.4s, v8.4s; b
  { name: 'floating-lanes', words: [0x4fa21020, 0x4e65d483, 0x6ea8e4e6, 0x17fffffd], floating: FAST },
  // scvtf d0, w1; fcvtzs x2, d0; fcvt s3, d0; fcmpe d0, #0.0; b.gt
  {
    name: 'floating-conversion',
    words: [0x1e620020, 0x9e780002, 0x1e624003, 0x1e602018, 0x54ffff8c],
    floating: FAST,
  },
  // ldr d0, [x0]; str s0, [x1]; fmov d1, d0; b
  { name: 'floating-memory', words: [0xfd400000, 0xbd000020, 0x1e604001, 0x17fffffd], floating: FAST },
  // mrs x0, cntvct_el0; mrs x1, tpidr_el0; b
  { name: 'system-register', words: [0xd53be040, 0xd53bd041, 0x17fffffe] },
  // mrs x0, midr_el1; mrs x1, mpidr_el1; msr contextidr_el1, x1; b
  { name: 'kernel-register', words: [0xd5380000, 0xd53800a1, 0xd518d021, 0x17fffffd] },
  // dc zva, x3; dc cvau, x3; b
  { name: 'cache-maintenance', words: [0xd50b7423, 0xd50b7b23, 0x17fffffe] },
  // add x0, x0, #1; svc #0; b
  { name: 'system-instruction', words: [0x91000400, 0xd4000001, 0x17fffffe] },
];

describe('the code of a region', () => {
  it.each(PROGRAMS)('of $name is as reviewed', async ({ name, words, strict = false, floating = SLOW }) => {
    await expect(code(words, strict, floating)).toMatchFileSnapshot(`regions/${name}.golden`);
  });
});
