/** Words of `instructions.s` by the GNU assembler. Run as a script, writes `instructions.golden`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../engine/decode/instructions.s', import.meta.url));
export const GOLDEN = fileURLToPath(new URL('../engine/decode/instructions.golden', import.meta.url));

export interface Assembled {
  readonly word: number;
  readonly text: string;
  /** Name of the row that the line is about. */
  readonly row: string;
}

export function assemblerIsInstalled(): boolean {
  try {
    execFileSync('aarch64-linux-gnu-as', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Assemble the source; one word per instruction line. */
export function assemble(): readonly Assembled[] {
  const directory = mkdtempSync(join(tmpdir(), 'assemble-'));
  try {
    const object = join(directory, 'o');
    const image = join(directory, 'bin');
    execFileSync('aarch64-linux-gnu-as', ['-o', object, SOURCE]);
    execFileSync('aarch64-linux-gnu-objcopy', ['-O', 'binary', '-j', '.text', object, image]);
    const words = readFileSync(image);
    const lines = readFileSync(SOURCE, 'utf8')
      .split('\n')
      .filter((line) => /^[a-z]/.test(line));
    return lines.map((line, i) => {
      const [text = '', row = ''] = line.split(' // ');
      return { word: words.readUInt32LE(4 * i), text, row };
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export const format = ({ word, text, row }: Assembled): string =>
  `${word.toString(16).padStart(8, '0')}\t${text}\t${row}`;

export function readGolden(): readonly Assembled[] {
  const lines = readFileSync(GOLDEN, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [word = '', text = '', row = ''] = line.split('\t');
    return { word: Number.parseInt(word, 16), text, row };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(GOLDEN, `${assemble().map(format).join('\n')}\n`);
}
