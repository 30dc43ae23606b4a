/** A chain that fails, made small: the first instruction that fails, and what it needs before it. */
import type { Program } from '../program.ts';
import { chainOf, misjudgedWords } from './chain.ts';

/** Indices of the programs that fail. */
export type Judge = (programs: readonly Program[]) => readonly number[];

export function shrinkChain(chain: Program, judge: Judge): Program {
  // Branches lead elsewhere when a word is missing.
  if (!chain.chain || chain.branches) return chain;
  let smallest = chain;
  const tryAll = (candidates: readonly (readonly number[])[]): boolean => {
    const programs = candidates
      .filter((words) => words.length > 0)
      .map((words) => chainOf(words, chain.seed))
      .filter((program) => misjudgedWords(program).length === 0);
    const [first] = judge(programs);
    if (first !== undefined) smallest = programs[first]!;
    return first !== undefined;
  };
  tryAll(chain.words.map((_, n) => chain.words.slice(0, n + 1)));
  while (tryAll(smallest.words.map((_, n) => smallest.words.toSpliced(n, 1))));
  return smallest;
}
