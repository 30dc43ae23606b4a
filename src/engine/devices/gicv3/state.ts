/**
 * A GICv3 as plain data: what the distributor, the redistributors and the CPU interfaces remember. One security state
 * (GICD_CTLR.DS is 1), affinity routing always on, no LPIs: what KVM gives a guest without an ITS.
 * Source: Arm IHI 0069.
 */
import type { ActivePriorities } from '../gic/active-priorities.ts';
import { createBank, type InterruptBank } from '../gic/bank.ts';

/** INTIDs 0 to 287: 256 shared peripheral interrupts, as QEMU's virt board has. */
export const INTERRUPTS = 288;
/** Five bits of priority, 32 levels. */
export const PRIORITY_MASK = 0xf8;

/** ICC_* state of one vcpu. Index 0 of a pair is group 0. */
export interface CpuInterface {
  priorityMask: number;
  readonly binaryPoint: [number, number];
  /** CBPR (bit 0) and EOImode (bit 1). */
  control: number;
  readonly groupEnabled: [number, number];
  readonly active: [ActivePriorities, ActivePriorities];
}

export interface GicV3Cpu {
  /** Aff3..Aff0, a byte each. */
  readonly affinity: number;
  /** SGIs and PPIs. */
  readonly bank: InterruptBank;
  readonly cpu: CpuInterface;
}

export interface GicV3State {
  /** EnableGrp0 (bit 0) and EnableGrp1 (bit 1) of GICD_CTLR. */
  groups: number;
  /** Shared interrupts by INTID; the first 32 places are unused. */
  readonly shared: InterruptBank;
  /** GICD_IROUTER by INTID: affinity in the layout of `GicV3Cpu.affinity`. */
  readonly route: Uint32Array;
  readonly cpus: readonly GicV3Cpu[];
}

/** The smallest binary points: priorities have five bits, and group 1's point counts one further. */
export const MINIMUM_BINARY_POINT = [2, 3] as const;

function createCpuInterface(): CpuInterface {
  return {
    priorityMask: 0,
    binaryPoint: [...MINIMUM_BINARY_POINT],
    control: 0,
    groupEnabled: [0, 0],
    active: [new Uint32Array(1), new Uint32Array(1)],
  };
}

/** At reset: everything off. `mpidrs` has one MPIDR_EL1 per vcpu. */
export function createState(mpidrs: readonly bigint[]): GicV3State {
  return {
    groups: 0,
    shared: createBank(INTERRUPTS, false),
    route: new Uint32Array(INTERRUPTS),
    cpus: mpidrs.map((mpidr) => ({
      affinity: affinityOf(mpidr),
      bank: createBank(32, true),
      cpu: createCpuInterface(),
    })),
  };
}

/** Aff3 (MPIDR bits 39..32) above Aff2..Aff0 (bits 23..0). */
export function affinityOf(mpidr: bigint): number {
  return Number(((mpidr >> 8n) & 0xff00_0000n) | (mpidr & 0xff_ffffn));
}
