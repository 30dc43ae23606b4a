/** Encoding classes of Armv8.0-A A64 that have no rows, or not all: what the coverage page lists. */

export interface Undecoded {
  /** Arm ARM encoding class. */
  readonly encodingClass: string;
  /** Instructions of the class that are UNDEFINED here. */
  readonly instructions: string;
  readonly reason: 'not implemented yet' | 'absent from the profile' | 'UNDEFINED in Non-debug state';
}

export const UNDECODED: readonly Undecoded[] = [
  {
    encodingClass: 'Exception generation',
    instructions: 'DCPS1, DCPS2, DCPS3',
    reason: 'UNDEFINED in Non-debug state',
  },
];
