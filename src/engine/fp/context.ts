/** FPCR as it steers an operation, and the cumulative exception bits of FPSR that it collects. */
import type { Format } from './format.ts';

export const FPCR = { FZ16: 1 << 19, RMODE_SHIFT: 22, FZ: 1 << 24, DN: 1 << 25, AHP: 1 << 26 } as const;

/** Cumulative exception bits, FPSR layout. */
export const FPSR = {
  INVALID: 1 << 0,
  DIVIDE_BY_ZERO: 1 << 1,
  OVERFLOW: 1 << 2,
  UNDERFLOW: 1 << 3,
  INEXACT: 1 << 4,
  INPUT_DENORMAL: 1 << 7,
} as const;

/** The rounding modes of FPCR.RMode, then the two that only instructions ask for. */
export type Rounding = 'tieEven' | 'positive' | 'negative' | 'zero' | 'tieAway' | 'odd';
const ROUNDING_MODES = ['tieEven', 'positive', 'negative', 'zero'] as const;

export class FpContext {
  fpcr = 0;
  /** What was raised since the caller last cleared it. */
  flags = 0;

  raise(flag: number): void {
    this.flags |= flag;
  }
  /** Arm ARM pseudocode FPRoundingMode. */
  get rounding(): Rounding {
    return ROUNDING_MODES[((this.fpcr >>> FPCR.RMODE_SHIFT) & 3) as 0 | 1 | 2 | 3];
  }
  /** Denormal inputs and results of a format become zero. */
  flushes({ size }: Format): boolean {
    return (this.fpcr & (size === 16 ? FPCR.FZ16 : FPCR.FZ)) !== 0;
  }
  get defaultNaN(): boolean {
    return (this.fpcr & FPCR.DN) !== 0;
  }
  get alternativeHalf(): boolean {
    return (this.fpcr & FPCR.AHP) !== 0;
  }
}
