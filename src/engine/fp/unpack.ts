/** Arm ARM pseudocode FPUnpackBase, FPUnpack, FPUnpackCV. */
import { FPSR, type FpContext } from './context.ts';
import { biasedExponentOf, type Format, type Sign, signOf } from './format.ts';

export interface Unpacked {
  readonly kind: 'zero' | 'number' | 'infinity' | 'quiet' | 'signalling';
  readonly sign: Sign;
  /** A number is mantissa * 2^exponent; otherwise the mantissa is 0. */
  readonly mantissa: bigint;
  readonly exponent: number;
}

const special = (kind: Unpacked['kind'], sign: Sign): Unpacked => ({ kind, sign, mantissa: 0n, exponent: 0 });
const hiddenBit = (f: Format): bigint => 1n << f.fractionShift;

/** Take an operand of an arithmetic instruction apart; raises Input Denormal when it is flushed. */
export function fpUnpack(cx: FpContext, f: Format, op: bigint): Unpacked {
  const sign = signOf(f, op);
  const biased = biasedExponentOf(f, op);
  const fraction = op & f.fractionMask;
  if (biased === f.maximumBiased) {
    if (fraction === 0n) return special('infinity', sign);
    return special((fraction & f.quietBit) === 0n ? 'signalling' : 'quiet', sign);
  }
  if (biased === 0) {
    if (fraction === 0n) return special('zero', sign);
    if (cx.flushes(f)) {
      if (f.size !== 16) cx.raise(FPSR.INPUT_DENORMAL);
      return special('zero', sign);
    }
  }
  return finite(f, sign, biased, fraction);
}

/** The same for conversions: half precision is never flushed, and has no infinities nor NaNs when FPCR.AHP is set. */
export function fpUnpackConvert(cx: FpContext, f: Format, op: bigint): Unpacked {
  if (f.size !== 16) return fpUnpack(cx, f, op);
  const biased = biasedExponentOf(f, op);
  const fraction = op & f.fractionMask;
  if (biased === f.maximumBiased && !cx.alternativeHalf) return fpUnpack(cx, f, op);
  if (biased === 0 && fraction === 0n) return special('zero', signOf(f, op));
  return finite(f, signOf(f, op), biased, fraction);
}

function finite(f: Format, sign: Sign, biased: number, fraction: bigint): Unpacked {
  const normal = biased !== 0;
  return {
    kind: 'number',
    sign,
    mantissa: normal ? fraction | hiddenBit(f) : fraction,
    exponent: (normal ? biased - 1 : 0) + f.minimumExponent - f.fractionBits,
  };
}

export const isNan = ({ kind }: Unpacked): boolean => kind === 'quiet' || kind === 'signalling';
