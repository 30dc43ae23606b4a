/**
 * The preemption levels at which a CPU interface has interrupts in progress: the APR registers, one bit per level, the
 * lowest bit the highest priority. Source: IHI 0069, 4.8.5; IHI 0048, 3.3.3.
 */
import { lowestSetBit } from '../../../base/bits.ts';

/** One bit per level, 32 levels to a word. */
export type ActivePriorities = Uint32Array;

/** The highest active level; -1 when none is. */
export function highestActive(levels: ActivePriorities): number {
  for (const [word, bits] of levels.entries()) if (bits !== 0) return word * 32 + lowestSetBit(bits);
  return -1;
}

export function setActive(levels: ActivePriorities, level: number): void {
  levels[level >>> 5]! |= 1 << (level & 31);
}

/** Priority drop: the highest active level ends. */
export function clearHighestActive(levels: ActivePriorities): void {
  const level = highestActive(levels);
  if (level >= 0) levels[level >>> 5]! &= ~(1 << (level & 31));
}
