/** `npm run bench`, `npm run bench -- --quick`: tables of measurements. Nothing here passes or fails by time. */
import { cpus } from 'node:os';
import { allowRelaxedSimd } from '../../src/relaxed-simd.ts';
import { boots } from './boot.ts';
import { debugging } from './debugging.ts';
import { footprint } from './footprint.ts';
import { service } from './service.ts';
import { speed } from './speed.ts';

allowRelaxedSimd();
const quick = process.argv.includes('--quick');
const [cpu] = cpus();
const print = (text: string): boolean => process.stdout.write(`${text}\n`);

print(
  `${cpu?.model ?? 'unknown CPU'}, ${cpus().length} CPUs, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
);
print(`command: npm run bench${quick ? ' -- --quick' : ''}\n`);
print(`${speed(quick)}\n`);
print(`${debugging(quick)}\n`);
print(`${await service(quick)}\n`);
print(`${await boots(quick)}\n`);
print(await footprint(quick));
