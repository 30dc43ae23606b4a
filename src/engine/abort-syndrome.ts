/**
 * The instruction syndrome of a stage 2 data abort. Valid only for loads and stores of one general register
 * without writeback, acquire/release forms included, exclusives and atomics not. Source: Arm ARM, ISS encoding
 * for an exception from a Data Abort, ISV.
 */
import { bit, bits } from '../base/bits.ts';
import type { AbortSyndrome } from './stop.ts';

const NONE: AbortSyndrome = { isv: false };
type Size = 1 | 2 | 4 | 8;

function syndrome(word: number, log2: number, opc: number, acquireRelease: boolean): AbortSyndrome {
  return {
    isv: true,
    size: (1 << log2) as Size,
    signExtend: opc >= 2,
    register: word & 31,
    sixtyFour: opc === 2 || (opc < 2 && log2 === 3),
    acquireRelease,
  };
}

/** Load/store register: immediate, unscaled, unprivileged, register offset, and LDAPR among the atomics. */
function registerForm(word: number): AbortSyndrome {
  const log2 = word >>> 30;
  const opc = bits(word, 23, 22);
  if (bit(word, 24) === 1) return syndrome(word, log2, opc, false);
  const form = bits(word, 11, 10);
  if (bit(word, 21) === 0) return form === 0 || form === 2 ? syndrome(word, log2, opc, false) : NONE;
  if (form === 2) return syndrome(word, log2, opc, false);
  const loadAcquireRcpc = (word & 0x3fff_fc00) === 0x38bf_c000;
  return loadAcquireRcpc ? syndrome(word, log2, 1, true) : NONE;
}

function literalForm(word: number): AbortSyndrome {
  const opc = word >>> 30;
  if (opc === 2) return syndrome(word, 2, 2, false);
  return syndrome(word, 2 + opc, 1, false);
}

/** The syndrome for the load or store that `word` is. */
export function abortSyndrome(word: number): AbortSyndrome {
  if (bit(word, 26) === 1) return NONE;
  const group = bits(word, 29, 24);
  if (bits(word, 29, 27) === 0b111 && bit(word, 25) === 0) return registerForm(word);
  if (group === 0b011000) return literalForm(word);
  const ordered = group === 0b001000 && bit(word, 23) === 1 && bit(word, 21) === 0;
  return ordered ? syndrome(word, word >>> 30, bit(word, 22), bit(word, 15) === 1) : NONE;
}

/** Load/store exclusive register or pair. */
export function isExclusive(word: number): boolean {
  return bits(word, 29, 24) === 0b001000 && bit(word, 23) === 0;
}
