/** Compare random instructions with Unicorn: `npx tsx test/oracle/fuzz.ts [programs] [seed] [pattern of encoding classes]`. */
import { ROWS } from '../../src/engine/semantics/rows.ts';
import { comparableClasses, compareWithUnicorn } from './compare.ts';

const [count = '10000', seedText = String(Date.now() % 1_000_000), filter = ''] = process.argv.slice(2);
const seed = Number(seedText);
const pattern = new RegExp(filter);
const rows = [...comparableClasses()].flatMap(([name, indices]) => (pattern.test(name) ? indices : []));
console.log(`${count} programs, seed ${seed}, ${rows.length} rows`);

const { faults, known, failed, differences } = compareWithUnicorn(rows, Number(count), seed);
for (const { program, expected, actual, line } of differences) {
  const words = program.words.map((word) => word.toString(16).padStart(8, '0')).join(' ');
  const { pc, nzcv } = program;
  console.log(
    `${ROWS[program.row]!.name}: ${words} at ${pc.toString(16)}, seed ${program.seed}, nzcv ${nzcv}`,
  );
  console.log(`  Unicorn ${expected}\n  engine  ${actual}\n  ${line}`);
}
console.log(`${faults} faults, ${known} known differences, ${failed} differ`);
process.exitCode = failed === 0 ? 0 : 1;
