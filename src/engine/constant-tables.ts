/** What generated code looks up in a VM's WebAssembly memory and nothing ever changes. */
import { CRC_HOST, HOST } from './host-map.ts';
import { CRC_TABLES } from './semantics/crc-tables.ts';
import { TRUTH } from './semantics/flags.ts';
import type { CpuState } from './state.ts';

/** Write the tables, once for each memory. */
export function writeConstantTables({ i32 }: CpuState): void {
  i32.set(TRUTH, HOST.TRUTH / 4);
  i32.set(CRC_TABLES, CRC_HOST / 4);
}
