/** Record Unicorn's judgement of a few programs of every row: `npx tsx test/oracle/record.ts [part of a file's name]`. */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ROWS } from '../../src/engine/semantics/rows.ts';
import { formatRecorded, GOLDEN, type Golden } from './golden.ts';
import { isKnownDifference } from './known-differences.ts';
import { isComparable, makeProgram } from './program.ts';
import { runInUnicorn } from './unicorn.ts';

function record({ path, programsOfARow, has }: Golden): void {
  const programs = ROWS.flatMap((row, index) => {
    if (!isComparable(row) || !has(row)) return [];
    return Array.from({ length: programsOfARow }, (_, i) =>
      makeProgram(index, 1 + index * programsOfARow + i),
    );
  }).filter((program) => !isKnownDifference(program));
  const outcomes = runInUnicorn(programs);
  const lines = programs.map((program, i) => formatRecorded(program, outcomes[i]!));
  writeFileSync(path, `${lines.join('\n')}\n`);
}

const [part = ''] = process.argv.slice(2);
for (const golden of GOLDEN) if (basename(golden.path).includes(part)) record(golden);
