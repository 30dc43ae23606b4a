/** Operations on the lanes of V registers, one lane after the other. */
import { k128 } from '../semantics/build.ts';
import type { FpShape } from '../semantics/emitter.ts';
import type { I64, V128 } from '../semantics/ir.ts';
import { extractLane, type LaneSize, replaceLane } from '../semantics/lanes.ts';

/**
 * The lowest lanes of the result are `operation` of those of the operands, zero-extended, the others zero. An i64
 * operand is that of every lane. Operands are evaluated once for each lane.
 */
export function lanewise(
  { size, lanes }: FpShape,
  operands: readonly (V128 | I64)[],
  operation: (operands: readonly I64[]) => I64,
): V128 {
  const bytes = (size / 8) as LaneSize;
  const lane = (i: number) => (operand: V128 | I64) =>
    operand.t === 'i64' ? (operand as I64) : extractLane(bytes, i, operand as V128);
  let result: V128 = k128(0n);
  for (let i = 0; i < lanes; i++) result = replaceLane(bytes, i, result, operation(operands.map(lane(i))));
  return result;
}
