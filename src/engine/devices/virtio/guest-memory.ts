/** Guest memory as a device that masters the bus sees it: by physical address, and only RAM to be written. */
export interface GuestMemory {
  /** A copy of the bytes; null when any of them is not in memory. */
  readPhysical(address: number, length: number): Uint8Array | null;
  /** False, with nothing written, when any of them is not RAM. Decoded code and reservations there are dropped. */
  writePhysical(address: number, bytes: Uint8Array): boolean;
}
