/** Compare random instructions with Unicorn: `npx tsx test/oracle/fuzz.ts [programs] [seed] [pattern of encoding classes]`. */
import { ROWS } from '../../src/engine/semantics/rows.ts';
import { BareInterpreter } from './bare-interpreter.ts';
import { isKnownDifference } from './known-differences.ts';
import { formatOutcome, isComparable, makeProgram } from './program.ts';
import { runInUnicorn } from './unicorn.ts';

const BATCH = 5000;
const [count = '10000', seedText = String(Date.now() % 1_000_000), filter = ''] = process.argv.slice(2);
const rows = ROWS.flatMap((row, i) => {
  return isComparable(row) && new RegExp(filter).test(row.encodingClass) ? [i] : [];
});
const seed = Number(seedText);
console.log(`${count} programs, seed ${seed}, ${rows.length} rows`);

const engine = new BareInterpreter();
const differences = new Map<string, number>();
let faults = 0;
let skipped = 0;
for (let done = 0; done < Number(count); done += BATCH) {
  const programs = Array.from({ length: Math.min(BATCH, Number(count) - done) }, (_, i) => {
    return makeProgram(rows[(done + i) % rows.length]!, seed + done + i);
  });
  const expected = runInUnicorn(programs);
  for (const [i, program] of programs.entries()) {
    const want = formatOutcome(expected[i]!);
    const got = formatOutcome(engine.run(program));
    if (want === 'fault') faults++;
    if (want === got) continue;
    if (isKnownDifference(program)) {
      skipped++;
      continue;
    }
    const { name } = ROWS[program.row]!;
    const known = differences.get(name) ?? 0;
    differences.set(name, known + 1);
    if (known > 2) continue;
    const words = program.words.map((word) => word.toString(16).padStart(8, '0')).join(' ');
    console.log(
      `${name}: ${words} at ${program.pc.toString(16)}, seed ${program.seed}, nzcv ${program.nzcv}`,
    );
    console.log(`  Unicorn ${want}\n  engine  ${got}`);
  }
}
console.log(
  `${faults} faults, ${skipped} known differences; differences: ${JSON.stringify(Object.fromEntries(differences))}`,
);
process.exitCode = differences.size === 0 ? 0 : 1;
