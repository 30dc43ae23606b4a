/** Encoding classes of Armv8.0-A A64 that have no rows, or not all: what the coverage page lists. */

export interface Undecoded {
  /** Arm ARM encoding class. */
  readonly encodingClass: string;
  /** Instructions of the class that are UNDEFINED here. */
  readonly instructions: string;
  readonly reason: 'not implemented yet' | 'absent from the profile' | 'UNDEFINED in Non-debug state';
}

const later = (encodingClass: string, instructions: string): Undecoded => ({
  encodingClass,
  instructions,
  reason: 'not implemented yet',
});

export const UNDECODED: readonly Undecoded[] = [
  later('Advanced SIMD three same', 'all integer instructions but the bitwise ones'),
  later('Advanced SIMD three different', 'all'),
  later('Advanced SIMD two-register miscellaneous', 'all integer instructions'),
  later('Advanced SIMD across lanes', 'all integer instructions'),
  later('Advanced SIMD shift by immediate', 'all integer instructions'),
  later('Advanced SIMD vector x indexed element', 'all integer instructions'),
  later('Advanced SIMD table lookup', 'TBL, TBX'),
  later('Advanced SIMD permute', 'UZP1, UZP2, TRN1, TRN2, ZIP1, ZIP2'),
  later('Advanced SIMD extract', 'EXT'),
  later('Advanced SIMD scalar three same', 'all integer instructions'),
  later('Advanced SIMD scalar three different', 'all'),
  later('Advanced SIMD scalar two-register miscellaneous', 'all integer instructions'),
  later('Advanced SIMD scalar pairwise', 'all integer instructions'),
  later('Advanced SIMD scalar shift by immediate', 'all integer instructions'),
  later('Advanced SIMD scalar x indexed element', 'all integer instructions'),
  {
    encodingClass: 'Cryptographic AES, three-register SHA, two-register SHA',
    instructions: 'AESE, AESD, AESMC, AESIMC, SHA1*, SHA256*',
    reason: 'absent from the profile',
  },
  {
    encodingClass: 'Exception generation',
    instructions: 'DCPS1, DCPS2, DCPS3',
    reason: 'UNDEFINED in Non-debug state',
  },
];
