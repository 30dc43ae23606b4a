/**
 * Landing pads of FEAT_BTI: which branch types (PSTATE.BTYPE, 1..3) the first instruction after an indirect branch
 * accepts in a guarded page. Source: Arm ARM, PSTATE.BTYPE, BTypeCompatible_BTI and BTypeCompatible_PACIXSP.
 */

const HINT_NUMBER = 0x7f << 5;
const HINT = 0xd503201f;
const PACIASP = 25;
const PACIBSP = 27;
/** BTI, BTI c, BTI j, BTI jc, by hint number. Bit n of a mask: BTYPE n is accepted. */
const BTI: ReadonlyMap<number, number> = new Map([
  [32, 0],
  [34, 0b0110],
  [36, 0b1010],
  [38, 0b1110],
]);
const ANY = 0b1110;
/** PACIASP and PACIBSP take calls; and jumps (3) when SCTLR_EL1.BT0 or BT1 is clear. */
const CALLS = 0b0110;

/** BRK and HLT: they stop, whoever jumped to them. */
function stops(word: number): boolean {
  const top = (word & 0xffe0_001f) >>> 0;
  return top === 0xd420_0000 || top === 0xd440_0000;
}

/**
 * Branch types that `word` accepts, bit n for BTYPE n. `jumps`: the SCTLR_EL1.BT bit of the Exception level is
 * clear, so that PACIASP and PACIBSP accept type 3 as well.
 */
export function landingPad(word: number, jumps: boolean): number {
  if (stops(word)) return ANY;
  if ((word & ~HINT_NUMBER) >>> 0 !== HINT) return 0;
  const number = (word >>> 5) & 0x7f;
  if (number === PACIASP || number === PACIBSP) return jumps ? ANY : CALLS;
  return BTI.get(number) ?? 0;
}
