/** Arm ARM pseudocode FPProcessNaN, FPProcessNaNs, FPProcessNaNs3. */
import { FPSR, type FpContext } from './context.ts';
import { type Format, fpDefaultNaN } from './format.ts';
import type { Unpacked } from './unpack.ts';

/** An operand with its bits. */
export type Operand = readonly [unpacked: Unpacked, bits: bigint];

/** The result of an operation on a NaN. */
export function fpProcessNaN(cx: FpContext, f: Format, { kind }: Unpacked, op: bigint): bigint {
  if (kind === 'signalling') cx.raise(FPSR.INVALID);
  return cx.defaultNaN ? fpDefaultNaN(f) : op | f.quietBit;
}

/** The first signalling NaN counts, then the first quiet one; undefined when there is none. */
export function fpProcessNaNs(cx: FpContext, f: Format, ...operands: readonly Operand[]): bigint | undefined {
  for (const kind of ['signalling', 'quiet'] as const) {
    for (const [unpacked, bits] of operands) {
      if (unpacked.kind === kind) return fpProcessNaN(cx, f, unpacked, bits);
    }
  }
  return undefined;
}

/** An invalid operation without a NaN operand. */
export function fpInvalid(cx: FpContext, f: Format): bigint {
  cx.raise(FPSR.INVALID);
  return fpDefaultNaN(f);
}
