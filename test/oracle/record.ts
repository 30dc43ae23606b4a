/** Record Unicorn's judgement of a few programs of every row: `npx tsx test/oracle/record.ts`. */
import { writeFileSync } from 'node:fs';
import { ROWS } from '../../src/engine/semantics/rows.ts';
import { formatRecorded, GOLDEN } from './golden.ts';
import { isKnownDifference } from './known-differences.ts';
import { isComparable, makeProgram } from './program.ts';
import { runInUnicorn } from './unicorn.ts';

const PROGRAMS_OF_A_ROW = 16;

const programs = ROWS.flatMap((row, index) => {
  if (!isComparable(row)) return [];
  return Array.from({ length: PROGRAMS_OF_A_ROW }, (_, i) =>
    makeProgram(index, 1 + index * PROGRAMS_OF_A_ROW + i),
  );
}).filter((program) => !isKnownDifference(program));
const outcomes = runInUnicorn(programs);
const lines = programs.map((program, i) => formatRecorded(program, outcomes[i]!));
writeFileSync(GOLDEN, `${lines.join('\n')}\n`);
