/** Writes docs/instructions.md from the decode rows: which A64 instructions there are, and which are not. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Feature, Row } from '../src/engine/decode/row.ts';
import { ROWS } from '../src/engine/semantics/rows.ts';
import { UNDECODED } from '../src/engine/semantics/undecoded.ts';

/** The Arm ARM's names of the features; Armv8.0-A without any. */
const FEATURE_NAMES: Readonly<Record<Feature, string>> = {
  base: '',
  crc32: 'FEAT_CRC32',
  lse: 'FEAT_LSE',
  pan: 'FEAT_PAN',
  uao: 'FEAT_UAO',
  lor: 'FEAT_LOR',
  fp16: 'FEAT_FP16',
  rdm: 'FEAT_RDM',
  dotprod: 'FEAT_DotProd',
  aes: 'FEAT_AES',
  pmull: 'FEAT_PMULL',
  sha1: 'FEAT_SHA1',
  sha256: 'FEAT_SHA256',
  bti: 'FEAT_BTI',
  pauth: 'FEAT_PAuth',
  flagm: 'FEAT_FlagM',
  rcpc: 'FEAT_LRCPC',
};

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
  feature: FEATURE_NAMES[feature],
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
    'is UNDEFINED. `npm run generate` makes this page from `src/engine/semantics`.',
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
