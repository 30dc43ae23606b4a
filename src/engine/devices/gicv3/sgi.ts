/** Software-generated interrupts. Source: Arm IHI 0069, ICC_SGI1R_EL1, and the table of how an SGI is forwarded to a target. */
import type { GicV3Cpu, GicV3State } from './state.ts';

/**
 * Make an SGI pending at its targets. `group1` is ICC_SGI1R_EL1; the two others reach only interrupts of group 0 (one
 * security state: a target's SGI of group 0 takes both).
 */
export function generateSgi(state: GicV3State, source: GicV3Cpu, value: bigint, group1: boolean): void {
  const id = Number((value >> 24n) & 15n);
  const everyone = ((value >> 40n) & 1n) === 1n;
  for (const target of state.cpus) {
    if (everyone ? target === source : !named(value, target.affinity)) continue;
    if (target.bank.group[id] === 0 || group1) target.bank.latch[id] = 1;
  }
}

/** Aff3.Aff2.Aff1 equal, and bit Aff0 of the target list set (16 of Aff0 at RS * 16). */
function named(value: bigint, affinity: number): boolean {
  const cluster = ((value >> 24n) & 0xff00_0000n) | ((value >> 16n) & 0xff_0000n) | ((value >> 8n) & 0xff00n);
  if (Number(cluster) !== affinity - (affinity & 0xff)) return false;
  const bit = (affinity & 0xff) - Number((value >> 44n) & 15n) * 16;
  return bit >= 0 && bit < 16 && ((value >> BigInt(bit)) & 1n) === 1n;
}
