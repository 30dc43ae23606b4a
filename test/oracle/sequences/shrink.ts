/** Make a failing program small: take units out while it still fails. */
import type { Sequence, Unit } from './sequence.ts';

const NOTHING: Unit = { words: [] };

export interface Failure {
  readonly sequence: Sequence;
  readonly count: number;
}

/**
 * The smallest program that is found with at most `attempts` calls of `fails`. Units that are taken out stay as empty
 * ones: what others branch to does not move.
 */
export function shrink(
  { sequence, count }: Failure,
  fails: (sequence: Sequence, count: number) => boolean,
  attempts: number,
): Failure {
  let units = [...sequence.units];
  let length = count;
  let left = attempts;
  const stillFails = (candidate: readonly Unit[], instructions: number): boolean => {
    left--;
    return left >= 0 && fails({ ...sequence, units: candidate }, instructions);
  };
  while (length > 1 && stillFails(units, (length >> 1) | 1)) length = (length >> 1) | 1;
  for (let size = units.length >> 1; size > 0 && left > 0; size >>= 1) {
    for (let at = 0; at < units.length && left > 0; at += size) {
      const part = units.slice(at, at + size);
      if (part.every(({ words }) => words.length === 0)) continue;
      const candidate = units.map((unit, n) => (n >= at && n < at + size ? NOTHING : unit));
      if (stillFails(candidate, length)) units = candidate;
    }
  }
  while (length > 1 && stillFails(units, length >> 1)) length >>= 1;
  return { sequence: { ...sequence, units: compact(units) }, count: length };
}

/** Without the empty units. */
function compact(units: readonly Unit[]): Unit[] {
  const kept = units.flatMap((unit, n) => (unit.words.length === 0 ? [] : [n]));
  const moved = (target: number): number => {
    const next = kept.findIndex((n) => n >= target);
    return next < 0 ? kept.length - 1 : next;
  };
  return kept.map((n) => {
    const { words, fixups = [] } = units[n]!;
    return { words, fixups: fixups.map((fixup) => ({ ...fixup, target: moved(fixup.target) })) };
  });
}
