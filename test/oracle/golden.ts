/** The recorded judgement of Unicorn: one line for each program, `word seed outcome`. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatOutcome, type Outcome, type Program, programOf } from './program.ts';

export const GOLDEN = fileURLToPath(new URL('../engine/semantics/unicorn.golden', import.meta.url));

export interface Recorded {
  readonly program: Program;
  /** As `formatOutcome` writes it. */
  readonly outcome: string;
}

export const formatRecorded = ({ words, seed }: Program, outcome: Outcome): string =>
  `${words.at(-1)!.toString(16).padStart(8, '0')} ${seed} ${formatOutcome(outcome)}`;

export function readGolden(): readonly Recorded[] {
  const lines = readFileSync(GOLDEN, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [, word = '', seed = '', outcome = ''] = /^(\S+) (\S+) (.*)$/.exec(line) ?? [];
    return { program: programOf(Number.parseInt(word, 16), Number(seed)), outcome };
  });
}
