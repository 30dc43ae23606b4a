/**
 * A GICv2 as plain data: two groups, no Security Extensions, eight bits of priority, up to eight CPU interfaces, as
 * QEMU's virt board has with gic-version=2. Source: Arm IHI 0048 (GIC architecture specification, v2).
 */
import type { ActivePriorities } from '../gic/active-priorities.ts';
import { createBank, type InterruptBank } from '../gic/bank.ts';

/** INTIDs 0 to 287. */
export const INTERRUPTS = 288;
export const SGIS = 16;
export const MAXIMUM_CPUS = 8;

/** GICC_CTLR: EnableGrp0, EnableGrp1, AckCtl, FIQEn, CBPR, EOImode. */
export const CONTROL = {
  GROUPS: 3,
  ACK_CTL: 1 << 2,
  FIQ_EN: 1 << 3,
  CBPR: 1 << 4,
  EOI_MODE: 1 << 9,
  ALL: 0x21f,
} as const;

export interface CpuInterface {
  control: number;
  priorityMask: number;
  /** GICC_BPR and GICC_ABPR. */
  readonly binaryPoint: [number, number];
  /** GICC_APRn and GICC_NSAPRn. */
  readonly active: [ActivePriorities, ActivePriorities];
}

export interface GicV2Cpu {
  /** SGIs and PPIs. An SGI's latch says that any source has it pending. */
  readonly bank: InterruptBank;
  /** By SGI: a bit per CPU that made it pending. */
  readonly sources: Uint8Array;
  readonly cpu: CpuInterface;
}

export interface GicV2State {
  /** GICD_CTLR. */
  groups: number;
  readonly shared: InterruptBank;
  /** GICD_ITARGETSR by INTID: a bit per CPU. */
  readonly targets: Uint8Array;
  readonly cpus: readonly GicV2Cpu[];
}

function createCpu(): GicV2Cpu {
  const bank = createBank(32, true);
  bank.enabled.fill(1, 0, SGIS);
  return {
    bank,
    sources: new Uint8Array(SGIS),
    cpu: {
      control: 0,
      priorityMask: 0,
      binaryPoint: [0, 1],
      active: [new Uint32Array(4), new Uint32Array(4)],
    },
  };
}

export function createState(cpus: number): GicV2State {
  return {
    groups: 0,
    shared: createBank(INTERRUPTS, false),
    targets: new Uint8Array(INTERRUPTS),
    cpus: Array.from({ length: cpus }, createCpu),
  };
}

/** The bank of an INTID as a CPU names it; null when there is no such interrupt. */
export function bankOf(state: GicV2State, owner: GicV2Cpu, id: number): InterruptBank | null {
  if (id < 32) return owner.bank;
  return id < INTERRUPTS ? state.shared : null;
}

/** Add or remove sources of a pending SGI. */
export function setSources(cpu: GicV2Cpu, sgi: number, sources: number): void {
  cpu.sources[sgi] = sources;
  cpu.bank.latch[sgi] = sources === 0 ? 0 : 1;
}
