/** Compare random instructions with Unicorn: `npx tsx test/oracle/fuzz.ts [instructions of each class] [seed] [pattern of encoding classes]`. */
import { comparableClasses, compareWithUnicorn } from './compare.ts';

const [count = '10000', seedText = String(Date.now() % 1_000_000), filter = ''] = process.argv.slice(2);
const seed = Number(seedText);
const pattern = new RegExp(filter);

for (const [encodingClass, rows] of comparableClasses()) {
  if (!pattern.test(encodingClass)) continue;
  const { clean, programs, faults, known, failed, differences } = compareWithUnicorn(
    rows,
    Number(count),
    seed,
  );
  for (const { title, expected, actual, line } of differences) {
    console.log(`${title}\n  Unicorn ${expected}\n  engine  ${actual}\n  ${line}`);
  }
  console.log(
    `${encodingClass}: ${clean} instructions clean in ${programs} programs, seed ${seed}, ${faults} faults, ` +
      `${known} known differences, ${failed} differ`,
  );
  if (failed > 0) process.exitCode = 1;
}
