/** `count` of them, evenly spread over all; all when there are no more, or when no number is given. */
export function spread<T>(all: readonly T[], count: number | undefined): readonly T[] {
  if (count === undefined || count >= all.length) return all;
  return Array.from({ length: count }, (_, n) => all[Math.floor((n * all.length) / count)]!);
}
