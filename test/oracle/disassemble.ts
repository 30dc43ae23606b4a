/** GNU binutils as a judge of which words are instructions: objdump says what a word is, as whether a feature set has it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blankOperands, createDecoder, UNALLOCATED } from '../../src/engine/decode/decoder.ts';
import { randomWord } from '../../src/engine/decode/encoder.ts';
import type { Feature } from '../../src/engine/decode/row.ts';
import { ROWS } from '../../src/engine/semantics/rows.ts';
import { UNDECODED } from '../../src/engine/semantics/undecoded.ts';
import type { Rng } from './numbers.ts';

const BUFFER = 1 << 30;
const NOTHING = /^\.(inst|word)|undefined/;
/** A comment, and the address that a displacement leads to: it may be out of reach for `as`, here is not. */
const COMMENT = /\s*\/\/.*$/;
const ADDRESS = /(?<=\s)0x[0-9a-f]+$/;

/** A feature set, in the decoder's words and in those of `as`. */
export interface FeatureSet {
  readonly name: string;
  readonly march: string;
  readonly features: readonly Feature[];
}
const V8_0: readonly Feature[] = ['base', 'crc32', 'aes', 'pmull', 'sha1', 'sha256'];
/** What is listed as missing, by its mnemonics. */
const MISSING = new Set(UNDECODED.flatMap(({ instructions }) => instructions.toLowerCase().split(', ')));
const V8_2: readonly Feature[] = [...V8_0, 'lse', 'lor', 'rdm', 'fp16', 'dotprod', 'pan', 'uao'];
export const FEATURE_SETS: readonly FeatureSet[] = [
  { name: 'Armv8.0-A', march: 'armv8-a+crc+aes+sha2', features: V8_0 },
  { name: 'Armv8.2-A', march: 'armv8.2-a+fp16+dotprod+aes+sha2', features: V8_2 },
  {
    name: 'Armv8.2-A with FEAT_LRCPC',
    march: 'armv8.2-a+fp16+dotprod+aes+sha2+rcpc',
    features: [...V8_2, 'rcpc'],
  },
  {
    name: 'what profile max reports',
    march: 'armv8.2-a+fp16fml+dotprod+aes+sha3+sm4+flagm',
    features: [...V8_2, 'bti'],
  },
];

interface Rule {
  /** Why the two differ, and the decoder is right. */
  readonly reason: string;
  /** `text` is objdump's; `isOurs`: the decoder takes the word. */
  readonly applies: (text: string, row: string, isOurs: boolean) => boolean;
}
/** Where binutils 2.40 is not the Arm ARM's decoding tables. */
const KNOWN: readonly Rule[] = [
  {
    reason: 'on the coverage page, with the reason why it is not implemented',
    applies: (text, _, isOurs) => !isOurs && MISSING.has(text.split('\t')[0]!),
  },
  {
    reason: 'MSR and MRS with op0 of 0 or 1 are unallocated; objdump prints them as registers',
    applies: (text, _, isOurs) => !isOurs && /^m(sr|rs)\s.*\bs[01]_/.test(text),
  },
  {
    reason: 'any register or PSTATE field name decodes; which ones there are the system floor says',
    applies: (_, row, isOurs) => isOurs && /^(MSR|MRS|SYS|SYSL)\b/.test(row),
  },
  {
    reason:
      'CONSTRAINED UNPREDICTABLE: fields that should be one, and loads of a register twice or over their base',
    applies: (text, row, isOurs) =>
      isOurs && NOTHING.test(text) && /^(LDL?AR|STL?LR|LD[AX]+R|ST[LX]+R|LDPSW|LDP|LD[AX]+P)\b/.test(row),
  },
];

interface Difference {
  readonly word: number;
  /** objdump's. */
  readonly text: string;
  /** Name of our row, or nothing. */
  readonly row: string;
}
export interface Decoding {
  readonly agreed: number;
  /** Instructions of the feature set among them. */
  readonly instructions: number;
  readonly known: ReadonlyMap<string, number>;
  readonly differences: readonly Difference[];
}

export const binutilsAreInstalled = ['objdump', 'as'].every(
  (tool) => spawnSync(`aarch64-linux-gnu-${tool}`, ['--version'], { stdio: 'ignore' }).error === undefined,
);

/** objdump's text of each word. */
function disassemble(words: Uint32Array): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'disassemble-'));
  try {
    const image = join(directory, 'bin');
    writeFileSync(image, new Uint8Array(words.buffer));
    const options = ['-D', '-z', '-b', 'binary', '-m', 'aarch64', '-M', 'no-aliases', image];
    const { stdout, stderr, status } = spawnSync('aarch64-linux-gnu-objdump', options, {
      encoding: 'utf8',
      maxBuffer: BUFFER,
    });
    if (status !== 0) throw new Error(`objdump failed: ${stderr}`);
    const texts = [...stdout.matchAll(/^\s*[0-9a-f]+:\t[0-9a-f]{8} \t(.*)$/gm)].map(([, text]) => text!);
    if (texts.length !== words.length) throw new Error('objdump left words out');
    return texts;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Whether each text is an instruction of a feature set. */
function accepted(texts: readonly string[], march: string): boolean[] {
  const input = texts
    .map((text) => (NOTHING.test(text) ? 'nop' : text.replace(COMMENT, '').replace(ADDRESS, '.')))
    .join('\n');
  const args = [`-march=${march}`, '-o', '/dev/null', '-'];
  const { stderr } = spawnSync('aarch64-linux-gnu-as', args, {
    input: `${input}\n`,
    encoding: 'utf8',
    maxBuffer: BUFFER,
  });
  const result = texts.map((text) => !NOTHING.test(text));
  for (const [, line] of stderr.matchAll(/:(\d+): Error: /g)) result[Number(line) - 1] = false;
  return result;
}

/** Words to ask about: any, instructions, and instructions with a bit or two changed. */
export function randomWords(rng: Rng, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, () => {
    const kind = rng() % 3;
    let word = kind === 0 ? rng() : randomWord(rng() % ROWS.length, rng);
    for (let changes = kind === 0 ? 0 : (rng() % 3) + kind - 1; changes > 0; changes--)
      word ^= 1 << (rng() % 32);
    return word;
  });
}

/** Where the decoder and binutils differ. */
export function compareDecoding(words: Uint32Array, { features, march }: FeatureSet): Decoding {
  const texts = disassemble(words);
  const judged = accepted(texts, march);
  const decoder = createDecoder(features);
  const out = blankOperands();
  const known = new Map<string, number>();
  const differences: Difference[] = [];
  let [agreed, instructions] = [0, 0];
  for (const [n, word] of words.entries()) {
    const index = decoder.decode(word, 0, 0, out);
    const isOurs = index !== UNALLOCATED;
    if (isOurs) instructions++;
    if (isOurs === judged[n]) {
      agreed++;
      continue;
    }
    const row = isOurs ? ROWS[index]!.name : '';
    const rule = KNOWN.find(({ applies }) => applies(texts[n]!, row, isOurs));
    if (rule === undefined) differences.push({ word, text: texts[n]!, row });
    else known.set(rule.reason, (known.get(rule.reason) ?? 0) + 1);
  }
  return { agreed, instructions, known, differences };
}
