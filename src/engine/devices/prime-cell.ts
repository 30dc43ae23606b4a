/** Identification registers that all PrimeCell peripherals end with: offsets 0xfe0 to 0xffc. */

/** PeriphID0..3 and PCellID0..3; 0 at other offsets. `revision` is PeriphID2's upper nibble with Arm's designer bits. */
export function primeCellId(part: number, revision: number, offset: number): number {
  if (offset < 0xfe0) return 0;
  return [part, 0x10, revision | 0x10, 0, 0x0d, 0xf0, 0x05, 0xb1][(offset - 0xfe0) >>> 2] ?? 0;
}
