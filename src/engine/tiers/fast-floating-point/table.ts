/**
 * The fast path of floating-point operations: the host's own instructions, where they give the same bits and every
 * flag that they would raise is known. FPCR asks for round to nearest; NaNs, infinities and tiny results leave for
 * the exact path, and with FPCR.FZ denormal operands; Inexact is set already, or the result is shown to be exact.
 */
import type { FpSize } from '../../fp/format.ts';
import type { FpOperation, RoundingLetter } from '../../fp/operation.ts';
import { STATE } from '../../layout.ts';
import { bin, eqz, k32, ld } from '../../semantics/build.ts';
import type { I64 } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import { compare, extreme, product, quotient, relation, root, sum } from './arithmetic.ts';
import { fromInteger, roundToIntegral, toDouble, toInteger, toSingle } from './conversion.ts';
import { multiplyAddDouble, multiplyAddSingle } from './multiply-add.ts';
import { EXACT, Path, type Size, type Write } from './path.ts';

/** FPCR.RMode: anything but zeros is for the exact path. DN matters to NaNs only. */
const RMODE = 0x00c0_0000;
const FZ = 0x0100_0000;
const argument = (i: number): I64 => ({ o: 'local', t: 'i64', index: i, pinned: true });

const LETTERS: readonly RoundingLetter[] = ['n', 'p', 'm', 'z', 'a'];
const SIGNS = ['s', 'u'] as const;
const SIZES: readonly Size[] = [32, 64];
const FAST: ReadonlyMap<FpOperation, Write> = new Map<FpOperation, Write>([
  ['add', sum('add')],
  ['sub', sum('sub')],
  ['mul', product],
  ['mulx', product],
  ['div', quotient],
  ['sqrt', root],
  ['max', extreme('max')],
  ['maxnm', extreme('max')],
  ['min', extreme('min')],
  ['minnm', extreme('min')],
  ['cmp', compare],
  ['cmpe', compare],
  ['cmeq', relation('eq')],
  ['cmge', relation('ge')],
  ['cmgt', relation('gt')],
  ['rintx', roundToIntegral('n', true)],
  ['rinti', roundToIntegral('n', false)],
  ...LETTERS.map((letter) => [`rint${letter}`, roundToIntegral(letter, false)] as const),
  ...SIGNS.flatMap((sign) =>
    SIZES.flatMap((bits) => [
      [`${sign}cvtf${bits}`, fromInteger(sign, bits)] as const,
      ...LETTERS.map((letter) => [`cvt${letter}${sign}${bits}`, toInteger(letter, sign, bits)] as const),
    ]),
  ),
]);

function fastPathOf(operation: FpOperation, size: Size): Write | undefined {
  if (operation === 'madd') return size === 64 ? multiplyAddDouble : multiplyAddSingle;
  if (operation === 'cvt32' && size === 64) return toSingle;
  if (operation === 'cvt64' && size === 32) return toDouble;
  return FAST.get(operation);
}

const BINARY = /^(add|sub|mulx?|div|max|min|maxnm|minnm|cmp|cmpe|cmeq|cmge|cmgt)$/;
/** How many operands, the first ones, are floating-point numbers. */
function numbersOf(operation: FpOperation): number {
  if (operation === 'madd') return 3;
  if (/^[su]cvtf/.test(operation)) return 0;
  return BINARY.test(operation) ? 2 : 1;
}

/** Write the fast path of a function from operands to the result: it returns, or goes on behind. */
export function writeFastPath(f: FunctionWriter, operation: FpOperation, size: FpSize): void {
  const write = size === 16 ? undefined : fastPathOf(operation, size as Size);
  if (write === undefined) return;
  const p = new Path(f, size as Size);
  f.block(EXACT, () => {
    const fpcr = p.pin(ld('i32', 32, k32(0), STATE.FPCR));
    p.require(eqz(bin('and', fpcr, k32(RMODE))));
    p.when(bin('and', fpcr, k32(FZ)), () => {
      for (let i = 0; i < numbersOf(operation); i++) p.require(p.isNotDenormal(argument(i)));
    });
    write(p, argument(0), argument(1), argument(2));
  });
}
