/** A register file as 32-bit halves, for matching without bigints. */
import type { DebugRegisterFile } from '../hardware.ts';

/** Views of the same bytes: register n is [2n] (bits 31..0) and [2n + 1] (bits 63..32). */
export interface RegisterHalves {
  readonly bcr: Int32Array;
  readonly bvr: Int32Array;
  readonly wcr: Int32Array;
  readonly wvr: Int32Array;
}

const views = new WeakMap<DebugRegisterFile, RegisterHalves>();
let lastFile: DebugRegisterFile | null = null;
let lastHalves: RegisterHalves | null = null;

function halves(registers: BigUint64Array): Int32Array {
  return new Int32Array(registers.buffer, registers.byteOffset, registers.length * 2);
}

/** The views of a file; made once per file, live ever after. */
export function halvesOf(file: DebugRegisterFile): RegisterHalves {
  if (file === lastFile && lastHalves !== null) return lastHalves;
  let found = views.get(file);
  if (found === undefined) {
    found = { bcr: halves(file.bcr), bvr: halves(file.bvr), wcr: halves(file.wcr), wvr: halves(file.wvr) };
    views.set(file, found);
  }
  lastFile = file;
  lastHalves = found;
  return found;
}
