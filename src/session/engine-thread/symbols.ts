/** Which symbol holds an address. */
import type { SymbolColumns } from './protocol.ts';

/** Index of the last symbol at or below `address`; -1 when all are above. */
export function lastAtOrBelow(addresses: BigUint64Array, address: bigint): number {
  let low = 0;
  let high = addresses.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (addresses[middle]! <= address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

/**
 * `name` or `name+0x10`; null when no symbol holds the address. A symbol of size 0 (hand-written assembly has them)
 * holds everything up to the next one.
 */
export function symbolAt(table: SymbolColumns, address: bigint): string | null {
  const index = lastAtOrBelow(table.addresses, address);
  if (index < 0) {
    return null;
  }
  const offset = address - table.addresses[index]!;
  const size = table.sizes[index]!;
  if (size !== 0n && offset >= size) {
    return null;
  }
  const name = table.names[index]!;
  return offset === 0n ? name : `${name}+0x${offset.toString(16)}`;
}
