/** MRS and MSR of the ICC_*_EL1 registers. Rights are decided before. Source: Arm IHI 0069, 12.2. */
import { ICC } from '../../../abi/arm/gic-sysregs.ts';
import type { SysregKey } from '../../../abi/arm/sysreg-key.ts';
import { type Candidate, SPURIOUS } from '../gic/selection.ts';
import { acknowledge, CONTROL, deactivate, endOfInterrupt, runningPriority } from './cpu-interface.ts';
import { generateSgi } from './sgi.ts';
import { type GicV3Cpu, type GicV3State, MINIMUM_BINARY_POINT, PRIORITY_MASK } from './state.ts';

/** SRE, DFB and DIB: system registers always, no bypass. */
const SRE_VALUE = 7;
/** A3V (bit 15): Aff3 may be non-zero; IDbits 0: 16 bits; PRIbits 4: five bits of priority. */
const CONTROL_FIXED = (1 << 15) | (4 << 8);

/** A read with its effect; undefined: no such register. `candidate` is what the vcpu is offered now. */
export function readIcc(
  state: GicV3State,
  owner: GicV3Cpu,
  candidate: Candidate,
  key: SysregKey,
): bigint | undefined {
  const value = readNumber(state, owner, candidate, key);
  return value === undefined ? undefined : BigInt(value);
}

function readNumber(
  state: GicV3State,
  owner: GicV3Cpu,
  candidate: Candidate,
  key: SysregKey,
): number | undefined {
  const { cpu } = owner;
  switch (key) {
    case ICC.PMR_EL1:
      return cpu.priorityMask;
    case ICC.IAR0_EL1:
      return acknowledge(state, owner, candidate, 0);
    case ICC.IAR1_EL1:
      return acknowledge(state, owner, candidate, 1);
    case ICC.HPPIR0_EL1:
      return highestPending(candidate, 0);
    case ICC.HPPIR1_EL1:
      return highestPending(candidate, 1);
    case ICC.BPR0_EL1:
      return cpu.binaryPoint[0];
    case ICC.BPR1_EL1:
      return binaryPoint1(owner);
    case ICC.AP0R0_EL1:
      return cpu.active[0][0]!;
    case ICC.AP1R0_EL1:
      return cpu.active[1][0]!;
    case ICC.RPR_EL1:
      return runningPriority(cpu);
    case ICC.CTLR_EL1:
      return cpu.control | CONTROL_FIXED;
    case ICC.SRE_EL1:
      return SRE_VALUE;
    case ICC.IGRPEN0_EL1:
      return cpu.groupEnabled[0];
    case ICC.IGRPEN1_EL1:
      return cpu.groupEnabled[1];
    default:
      return undefined;
  }
}

/** ICC_HPPIRn: priority mask and running priority do not matter. */
function highestPending(candidate: Candidate, group: 0 | 1): number {
  return candidate.group === group ? candidate.id : SPURIOUS;
}

/** With CBPR, BPR1 reads as BPR0 plus one (7 at most) and ignores writes. Source: IHI 0069, ICC_BPR1_EL1. */
function binaryPoint1({ cpu }: GicV3Cpu): number {
  return (cpu.control & CONTROL.CBPR) === 0 ? cpu.binaryPoint[1] : Math.min(cpu.binaryPoint[0] + 1, 7);
}

/** A write with its effect. False: no such register. */
export function writeIcc(state: GicV3State, owner: GicV3Cpu, key: SysregKey, value: bigint): boolean {
  const word = Number(BigInt.asUintN(32, value));
  const { cpu } = owner;
  switch (key) {
    case ICC.PMR_EL1:
      cpu.priorityMask = word & PRIORITY_MASK;
      return true;
    case ICC.EOIR0_EL1:
      endOfInterrupt(state, owner, word & 0xff_ffff, 0);
      return true;
    case ICC.EOIR1_EL1:
      endOfInterrupt(state, owner, word & 0xff_ffff, 1);
      return true;
    case ICC.DIR_EL1:
      deactivate(state, owner, word & 0xff_ffff);
      return true;
    case ICC.BPR0_EL1:
      cpu.binaryPoint[0] = Math.max(word & 7, MINIMUM_BINARY_POINT[0]);
      return true;
    case ICC.BPR1_EL1:
      if ((cpu.control & CONTROL.CBPR) === 0) {
        cpu.binaryPoint[1] = Math.max(word & 7, MINIMUM_BINARY_POINT[1]);
      }
      return true;
    case ICC.AP0R0_EL1:
      cpu.active[0][0] = word;
      return true;
    case ICC.AP1R0_EL1:
      cpu.active[1][0] = word;
      return true;
    case ICC.CTLR_EL1:
      cpu.control = word & (CONTROL.CBPR | CONTROL.EOI_MODE);
      return true;
    case ICC.SRE_EL1:
      return true;
    case ICC.IGRPEN0_EL1:
      cpu.groupEnabled[0] = word & 1;
      return true;
    case ICC.IGRPEN1_EL1:
      cpu.groupEnabled[1] = word & 1;
      return true;
    case ICC.SGI0R_EL1:
    case ICC.ASGI1R_EL1:
      generateSgi(state, owner, value, false);
      return true;
    case ICC.SGI1R_EL1:
      generateSgi(state, owner, value, true);
      return true;
    default:
      return false;
  }
}
