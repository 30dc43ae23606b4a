/** Writes docs/instructions.md from the decode rows: which A64 instructions there are, and which are not. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Row } from '../src/engine/decode/row.ts';
import { FEATURE_NAMES } from '../src/engine/decode/features.ts';
import { ROWS } from '../src/engine/semantics/rows.ts';
import { UNDECODED } from '../src/engine/semantics/undecoded.ts';

interface Line {
  readonly encodingClass: string;
  readonly instruction: string;
  readonly implemented: string;
  readonly feature: string;
}

const lineOf = ({ encodingClass, name, feature = 'base' }: Row): Line => ({
  encodingClass,
  instruction: name,
  implemented: 'yes',
  feature: feature === 'base' ? '' : FEATURE_NAMES[feature],
});

/** Every row and every instruction without one, the classes in the order of the rows. */
function lines(): Line[] {
  const absent = UNDECODED.map(({ encodingClass, instructions, reason }) => ({
    encodingClass,
    instruction: instructions,
    implemented: `no: ${reason}`,
    feature: '',
  }));
  const classes = new Set([...ROWS, ...UNDECODED].map(({ encodingClass }) => encodingClass));
  const all = [...ROWS.map(lineOf), ...absent];
  return [...classes].flatMap((name) => all.filter(({ encodingClass }) => encodingClass === name));
}

/** The text of the page, as it is committed. */
export function instructionsText(): string {
  const rows = lines().map(
    ({ encodingClass, instruction, implemented, feature }) =>
      `| ${encodingClass} | ${instruction} | ${implemented} | ${feature} |`,
  );
  return [
    '# Instructions',
    '',
    'Every A64 encoding that the engine decodes, by the encoding class of the Arm ARM, and those that it does not, with the',
    'reason. An instruction of a feature is there in profiles whose ID registers report the feature; otherwise its encoding',
    'is UNDEFINED. `npm run suites -- decoder` compares this with GNU binutils. `npm run generate` makes this page from `src/engine/semantics`.',
    '',
    `${ROWS.length} encodings are implemented in ${new Set(ROWS.map((row) => row.encodingClass)).size} classes.`,
    '',
    '| Class | Instruction | Implemented | Feature |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

export const INSTRUCTIONS_FILE = fileURLToPath(new URL('../docs/instructions.md', import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(INSTRUCTIONS_FILE, instructionsText());
