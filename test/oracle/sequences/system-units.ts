/** What programs do with the system: exceptions, EL0, interrupt masks, registers, translation. Words are GNU as's. */
import { TABLES } from '../../engine/machine-fixture.ts';
import type { Rng } from '../numbers.ts';
import { PAGE, SPACE } from './sequence.ts';
import { REGISTER } from './words.ts';

/** Where a toggled code page leads instead: this bit of its physical address. */
export const CODE_COPY = 0x8000;

/** svc #0, #1 (back to EL1), #2; hvc; brk; smc; hlt; udf. */
const CALLS = [
  0xd400_0001, 0xd400_0021, 0xd400_0021, 0xd400_0021, 0xd400_0041, 0xd400_0002, 0xd420_00a0, 0xd400_0003,
  0xd440_0000, 0,
] as const;
/** adr x16, after; msr elr_el1, x16; msr spsr_el1, xzr; eret. */
const TO_EL0 = [0x1000_0090, 0xd518_4030, 0xd518_401f, 0xd69f_03e0] as const;
/** msr daifset or daifclr, #2 and #15; msr spsel. */
const MASKS = [
  0xd503_42df, 0xd503_42ff, 0xd503_4fdf, 0xd503_4fff, 0xd503_42ff, 0xd500_40bf, 0xd500_41bf,
] as const;
/**
 * X0: mrs of CNTVCT_EL0, CNTPCT_EL0, TPIDR_EL0, TPIDR_EL1, ELR_EL1, SPSR_EL1, DAIF, CurrentEL, ESR_EL1, FAR_EL1, DCZID_EL0, CTR_EL0; msr
 * of TPIDR_EL0, TPIDR_EL1, CONTEXTIDR_EL1.
 */
const MOVES = [
  0xd53b_e040, 0xd53b_e020, 0xd53b_d040, 0xd538_d080, 0xd538_4020, 0xd538_4000, 0xd53b_4220, 0xd538_4240,
  0xd538_5200, 0xd538_6000, 0xd53b_00e0, 0xd53b_0020, 0xd51b_d040, 0xd518_d080, 0xd518_d020,
] as const;
const ISB = 0xd503_3fdf;
/** mrs x18, register; eor x18, x18, #bits; msr register, x18; isb: CPACR_EL1.FPEN, the ASID, SCTLR_EL1.A, SCTLR_EL1.SA. */
const TOGGLES = [
  [0xd538_1052, 0xd26c_0652, 0xd518_1052, ISB],
  [0xd538_2012, 0xd250_0252, 0xd518_2012, ISB],
  [0xd538_1012, 0xd27f_0252, 0xd518_1012, ISB],
  [0xd538_1012, 0xd27d_0252, 0xd518_1012, ISB],
] as const;
/** dsb ishst; tlbi vmalle1 or vmalle1is; dsb ish; ic iallu; dsb ish; isb. */
const flush = (rng: Rng): number[] => [
  0xd503_3a9f,
  rng() % 2 === 0 ? 0xd508_871f : 0xd508_831f,
  0xd503_3b9f,
  0xd508_751f,
  0xd503_3b9f,
  ISB,
];
/** nop, yield, wfe, wfi, sev, sevl, tlbi vmalle1, tlbi aside1, tlbi vaae1is x18, ic iallu, msr oslar_el1 of zero. */
const HINTS = [
  0xd503_201f, 0xd503_203f, 0xd503_205f, 0xd503_207f, 0xd503_209f, 0xd503_20bf, 0xd508_871f, 0xd508_875f,
  0xd508_8372, 0xd508_751f, 0xd510_109f,
] as const;

const DESCRIPTORS = TABLES + 0x2000;
/** movz x16, low; movk x16, high: where a page's descriptor is. */
function descriptorAddress(va: number): number[] {
  const at = DESCRIPTORS + ((va - SPACE.code) / PAGE) * 8;
  return [0xd280_0010 | ((at & 0xffff) << 5), (0xf2a0_0010 | ((at >>> 16) << 5)) >>> 0];
}
/** ldr x18, [x16]; str x18, [x16]. */
const [LOAD, STORE] = [0xf940_0212, 0xf900_0212] as const;
/** eor x18, x18: the page's copy; read-only; not global; the access flag. */
const CHANGES = {
  copy: 0xd271_0252,
  readOnly: 0xd279_0252,
  notGlobal: 0xd275_0252,
  access: 0xd276_0252,
} as const;

function remap(rng: Rng): number[] {
  const page = SPACE.basePage + (rng() % SPACE.basePages);
  switch (rng() % 5) {
    case 0: {
      const code = rng() % (SPACE.codePages - 1);
      return [...descriptorAddress(SPACE.code + code * PAGE), LOAD, CHANGES.copy, STORE, ...flush(rng)];
    }
    case 1: {
      // Two neighbours exchanged: ldr x19, [x16, #8]; str x18, [x16, #8]; str x19, [x16].
      const both = [LOAD, 0xf940_0613, 0xf900_0612, 0xf900_0213];
      return [...descriptorAddress(SPACE.data + page * PAGE), ...both, ...flush(rng)];
    }
    default: {
      const change = [CHANGES.readOnly, CHANGES.notGlobal, CHANGES.access][rng() % 3]!;
      return [...descriptorAddress(SPACE.data + page * PAGE), LOAD, change, STORE, ...flush(rng)];
    }
  }
}
const oneOf = <T>(rng: Rng, list: readonly T[]): T => list[rng() % list.length]!;

/** A unit that needs no other one. */
export function systemWords(rng: Rng): readonly number[] {
  switch (rng() % 10) {
    case 0:
    case 1:
      return [oneOf(rng, CALLS)];
    case 2:
      return TO_EL0;
    case 3:
      return [oneOf(rng, MASKS)];
    case 4:
    case 5:
      return [oneOf(rng, MOVES) | (rng() % 16)];
    case 6:
      // Trapped SIMD is for few instructions.
      return oneOf(rng, TOGGLES.slice(rng() % 2));
    case 7:
      return remap(rng);
    case 8:
      return [oneOf(rng, HINTS)];
    default: {
      // mov x19, base; dc zva, x19.
      const base = REGISTER.base + (rng() % REGISTER.bases);
      return [0xaa00_03f3 | (base << 16), 0xd50b_7433];
    }
  }
}

/** Synchronous exceptions: SVC #odd returns to EL1h; after an instruction abort the program starts anew; all others skip. */
const SYNCHRONOUS = [
  0xd51b_d072, 0xd538_5212, 0xd35a_fe52, 0xd100_5652, 0xb400_0112, 0xd100_2e52, 0x927e_f652, 0xb400_01b2,
  0xd538_4032, 0x9100_1252, 0xd518_4032, 0x1400_000b, 0xd538_5212, 0x3600_0132, 0xd538_4012, 0x927c_ee52,
  0xb27e_0252, 0xb240_0252, 0xd518_4012, 0x1400_0003, 0x5800_0092, 0xd518_4032, 0xd53b_d072, 0xd69f_03e0,
] as const;
/** Interrupts: read the counter and go back. */
const INTERRUPT = [0xd51b_d072, 0xd53b_e052, 0xd53b_d072, 0xd69f_03e0] as const;
const VECTOR_WORDS = 32;

/** The vector table of programs that meet exceptions; `start` is where they start anew. */
export const vectorTable = (start: number): number[] =>
  Array.from({ length: 16 }, (_, n) => {
    const handler = n % 4 === 0 ? [...SYNCHRONOUS, start, 0] : [...INTERRUPT];
    return [...handler, ...new Array<number>(VECTOR_WORDS - handler.length).fill(0)];
  }).flat();
