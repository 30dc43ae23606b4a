/** Programs that one of the tiers once got wrong, one in each line of a file: the form, and reading it. */
import { readFileSync } from 'node:fs';
import type { Failure } from './shrink.ts';
import type { Fixup } from './sequence.ts';

const FILE = new URL('../../engine/tiers/sequences.golden', import.meta.url);

/** `kind seed start count unit unit ...`; a unit is words in hex, each with `>field:unit` when it has a displacement. */
export function formatRegression({ sequence: { rough, seed, start, units }, count }: Failure): string {
  const texts = units.map(({ words, fixups = [] }) =>
    words
      .map((word, at) => {
        const fixup = fixups.find((one) => one.word === at);
        const text = word.toString(16).padStart(8, '0');
        return fixup === undefined ? text : `${text}>${fixup.field}:${fixup.target}`;
      })
      .join(','),
  );
  return `${rough ? 'rough' : 'plain'} ${seed} ${start} ${count} ${texts.join(' ')}`;
}

export function parseRegression(line: string): Failure {
  const [kind, seed, start, count, ...units] = line.split(' ');
  return {
    sequence: {
      rough: kind === 'rough',
      seed: Number(seed),
      start: Number(start),
      units: units.map((unit) => {
        const parts = unit.split(',').map((part) => part.split('>') as [string, string?]);
        const fixups = parts.flatMap(([, displacement], word): Fixup[] => {
          if (displacement === undefined) return [];
          const [field, target] = displacement.split(':') as [Fixup['field'], string];
          return [{ word, field, target: Number(target) }];
        });
        return { words: parts.map(([word]) => Number.parseInt(word, 16)), fixups };
      }),
    },
    count: Number(count),
  };
}

/** What each line is a regression of is said in a line above it that starts with `#`. */
export const readRegressions = (): Failure[] =>
  readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseRegression);
