/** Fast paths of addition, multiplication, division, square root, extremes and comparisons. */
import { bin, extu, k64, sel } from '../../semantics/build.ts';
import { isProduct, isZero, twoSum } from './error-free.ts';
import { type Relation, SIGN, type Write } from './path.ts';

/** Sums are exact when they are tiny, but FPCR.FZ would flush them. */
export const sum =
  (op: 'add' | 'sub'): Write =>
  (p, a, b) => {
    const x = p.number(a);
    const y = p.number(op === 'add' ? b : bin('xor', b, k64(SIGN[p.size])));
    const r = p.binary('add', x, y);
    const result = p.bits(r);
    p.require(bin('and', p.isFinite(result), p.isNotDenormal(result)));
    p.requireExact(() => isZero(p, twoSum(p, x, y).error));
    p.giveBack(result);
  };

export const product: Write = (p, a, b) => {
  const result = p.bits(p.binary('mul', p.number(a), p.number(b)));
  const zero = bin('and', p.isZero(result), bin('or', p.isZero(a), p.isZero(b)));
  p.giveBackIf(zero, result);
  p.require(p.isNormal(result));
  p.requireExact(() => isProduct(p, a, b, result));
  p.giveBack(result);
};

export const quotient: Write = (p, a, b) => {
  const result = p.bits(p.binary('div', p.number(a), p.number(b)));
  p.giveBackIf(bin('and', p.isZero(a), bin('and', p.isZero(result), p.isFinite(b))), result);
  p.require(p.isNormal(result));
  p.requireExact(() => isProduct(p, result, b, a));
  p.giveBack(result);
};

export const root: Write = (p, a) => {
  const result = p.bits(p.unary('sqrt', p.number(a)));
  p.require(p.isFinite(result));
  p.requireExact(() => isProduct(p, result, result, a));
  p.giveBack(result);
};

/** WebAssembly orders zeros as Arm does. */
export const extreme =
  (op: 'min' | 'max'): Write =>
  (p, a, b) => {
    const r = p.binary(op, p.number(a), p.number(b));
    p.require(p.is('eq', r, r));
    p.giveBack(p.bits(r));
  };

/** NZCV of ordered operands. */
export const compare: Write = (p, a, b) => {
  const [x, y] = [p.number(a), p.number(b)];
  p.require(bin('and', p.is('eq', x, x), p.is('eq', y, y)));
  const unequal = sel(p.is('lt', x, y), k64(0b1000), k64(0b0010));
  p.giveBack(sel(p.is('eq', x, y), k64(0b0110), unequal));
};
export const relation =
  (op: Relation): Write =>
  (p, a, b) => {
    const [x, y] = [p.number(a), p.number(b)];
    p.require(bin('and', p.is('eq', x, x), p.is('eq', y, y)));
    p.giveBack(extu(p.is(op, x, y)));
  };
