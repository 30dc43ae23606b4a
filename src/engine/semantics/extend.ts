/** Arm ARM pseudocode ExtendReg, without the shift. */
import { bin, exts, extu, k64, un } from './build.ts';
import type { Emitter, RegisterField } from './emitter.ts';
import type { I64 } from './ir.ts';

/** In the order of the `option` field. */
export const EXTENDS = ['uxtb', 'uxth', 'uxtw', 'uxtx', 'sxtb', 'sxth', 'sxtw', 'sxtx'] as const;
export type Extend = (typeof EXTENDS)[number];

export function extended(e: Emitter, extend: Extend, r: RegisterField): I64 {
  switch (extend) {
    case 'uxtb':
      return bin('and', e.X(r), k64(0xff));
    case 'uxth':
      return bin('and', e.X(r), k64(0xffff));
    case 'uxtw':
      return extu(e.W(r));
    case 'sxtb':
      return un('ext8', e.X(r));
    case 'sxth':
      return un('ext16', e.X(r));
    case 'sxtw':
      return exts(e.W(r));
    case 'uxtx':
    case 'sxtx':
      return e.X(r);
  }
}
