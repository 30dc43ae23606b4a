/** The recorded judgement of Unicorn: one line for each program, `word seed outcome`, or `chain:word,word seed outcome`. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Row } from '../../src/engine/decode/row.ts';
import { chainOf } from './chains/chain.ts';
import { isFloatingPoint } from './floating-operands.ts';
import { isVectorInteger } from './integer-operands.ts';
import { formatOutcome, type Outcome } from './outcome.ts';
import { type Program, programOf } from './program.ts';

/** One file of programs. */
export interface Golden {
  readonly path: string;
  readonly programsOfARow: number;
  /** Whether a row's programs are in this file. */
  readonly has: (row: Row) => boolean;
}
const pathOf = (name: string): string =>
  fileURLToPath(new URL(`../engine/semantics/${name}.golden`, import.meta.url));

export const GOLDEN: readonly Golden[] = [
  {
    path: pathOf('unicorn'),
    programsOfARow: 16,
    has: (row) => !isFloatingPoint(row) && !isVectorInteger(row),
  },
  { path: pathOf('unicorn-floating-point'), programsOfARow: 16, has: isFloatingPoint },
  {
    path: pathOf('unicorn-vector-integer'),
    programsOfARow: 16,
    has: (row) => isVectorInteger(row) && !isFloatingPoint(row),
  },
];

/** What the fuzzer found, as it printed it; never made again. */
const REGRESSIONS = pathOf('regressions');

export interface Recorded {
  readonly program: Program;
  /** As `formatOutcome` writes it. */
  readonly outcome: string;
}

export const formatRecorded = (program: Program, outcome: Outcome): string =>
  `${wordsText(program)} ${program.seed} ${formatOutcome(program, outcome)}`;

const CHAIN = 'chain:';
const hex = (word: number): string => word.toString(16).padStart(8, '0');
/** The last word, which the others follow from; of a chain all of them. */
const wordsText = ({ chain, words }: Program): string =>
  chain ? CHAIN + words.map(hex).join(',') : hex(words.at(-1)!);

function programFrom(text: string, seed: number): Program {
  if (!text.startsWith(CHAIN)) return programOf(Number.parseInt(text, 16), seed);
  const words = text.slice(CHAIN.length).split(',');
  return chainOf(
    words.map((word) => Number.parseInt(word, 16)),
    seed,
  );
}

export function readGolden(): readonly Recorded[] {
  const files = [...GOLDEN.map(({ path }) => path), REGRESSIONS];
  const lines = files.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );
  return lines.map(parseRecorded);
}

/** What `formatRecorded` wrote. */
export function parseRecorded(line: string): Recorded {
  const [, words = '', seed = '', outcome = ''] = /^(\S+) (\S+) (.*)$/.exec(line) ?? [];
  return { program: programFrom(words, Number(seed)), outcome };
}
