/** Results half as wide as their sources: into the lower half of Vd, or into its upper half beside what it has. */
import { k128, shuffle } from '../build.ts';
import type { V128 } from '../ir.ts';
import type { LaneSize } from '../lanes.ts';
import { bytesOf } from './lane-arithmetic.ts';

/** Which half of the narrow register: the forms without and with "2" in the name. */
export type Half = 'low' | 'high';
export const HALVES: readonly Half[] = ['low', 'high'];

/** The even or odd lanes of `size` of `v` in one half; d: the destination as it was. */
export function narrowInto(size: LaneSize, half: Half, which: 'even' | 'odd', v: V128, d: V128): V128 {
  const first = which === 'odd' ? 1 : 0;
  const picked = bytesOf(
    size,
    Array.from({ length: 8 / size }, (_, i) => 2 * i + first),
  );
  const zerosOrOld = Array.from({ length: 8 }, (_, i) => i);
  if (half === 'low') return shuffle([...picked, ...zerosOrOld.map((i) => 16 + i)], v, k128(0n));
  return shuffle([...zerosOrOld, ...picked.map((i) => 16 + i)], d, v);
}
