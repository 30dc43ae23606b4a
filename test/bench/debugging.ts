/** What debugging costs: steps and breakpoint hits, each measured in processes of its own; and armed slots that are not hit. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { armed } from './armed.ts';
import { median, rate, table } from './support/table.ts';

const SCRIPT = fileURLToPath(new URL('operation.ts', import.meta.url));
const OPERATIONS = [
  ['engineSteps', 'engine: run(1)', ''],
  ['kvmSteps', 'KVM_RUN with SINGLESTEP, a step exit each', ''],
  ['engineHits', 'engine: breakpoint hit and continue', '7-instruction loop'],
  ['kvmHits', 'KVM_RUN: breakpoint exit and continue', '7-instruction loop'],
] as const;
const PROCESSES = 5;
const PIECES = 20;

export function debugging(quick: boolean): string {
  const processes = quick ? 1 : PROCESSES;
  const figures = OPERATIONS.map((): number[] => []);
  for (let n = 0; n < processes; n++)
    for (const [i, [name]] of OPERATIONS.entries()) figures[i]!.push(inProcess(name));
  const rows = OPERATIONS.map(([, what, note], i) => {
    const values = figures[i]!;
    const range = `${rate(Math.min(...values))} to ${rate(Math.max(...values))}`;
    return [what, rate(median(values)), range, note];
  });
  return [
    `Debug operations a CPU second (median of ${processes} processes, interleaved)`,
    table(['operation', 'a CPU second', 'from process to process', ''], rows),
    '',
    armed(quick),
  ].join('\n');
}

/** A CPU second's worth of an operation in a new process, under the same loader as this one. */
function inProcess(name: string): number {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...process.execArgv, SCRIPT, name, String(PIECES)],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return Number(stdout);
}
