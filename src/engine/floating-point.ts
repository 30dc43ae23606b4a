/** The exact path of floating-point instructions: operands in SCRATCH, under FPCR, into SCRATCH and FPSR. */
import { FpContext } from './fp/context.ts';
import { runCode } from './fp/operation.ts';
import { STATE } from './layout.ts';
import type { CpuState } from './state.ts';

const context = new FpContext();

/** Run the operation with this code (see `codeOf`) on the state block. Returns 0. */
export function executeFloatingPoint({ i32, u64 }: CpuState, code: number): 0 {
  const at = STATE.SCRATCH / 8;
  context.fpcr = i32[STATE.FPCR / 4]!;
  context.flags = 0;
  u64[at] = runCode(context, code, u64[at]!, u64[at + 1]!, u64[at + 2]!);
  i32[STATE.FPSR / 4]! |= context.flags;
  return 0;
}
