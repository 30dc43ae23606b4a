/** Encodings that are UNDEFINED here although a profile seems to have them: what the coverage page lists. */

const REPORTED = 'not implemented, though the ID registers of profile max, which are as recorded, report it';

export interface Undecoded {
  /** Arm ARM encoding class. */
  readonly encodingClass: string;
  /** Instructions of the class that are UNDEFINED here, as assembler mnemonics. */
  readonly instructions: string;
  readonly reason: 'UNDEFINED in Non-debug state' | 'permanently UNDEFINED' | typeof REPORTED;
}

export const UNDECODED: readonly Undecoded[] = [
  {
    encodingClass: 'Exception generation',
    instructions: 'DCPS1, DCPS2, DCPS3',
    reason: 'UNDEFINED in Non-debug state',
  },
  { encodingClass: 'Reserved', instructions: 'UDF', reason: 'permanently UNDEFINED' },
  {
    encodingClass: 'Advanced SIMD three same, and vector x indexed element (FEAT_FHM)',
    instructions: 'FMLAL, FMLAL2, FMLSL, FMLSL2',
    reason: REPORTED,
  },
  {
    encodingClass: 'Cryptographic two-register and three-register SHA 512',
    instructions: 'SHA512H, SHA512H2, SHA512SU0, SHA512SU1, RAX1, SM4E, SM4EKEY, SM3PARTW1, SM3PARTW2',
    reason: REPORTED,
  },
  {
    encodingClass: 'Cryptographic three-register, imm2 and imm6; four-register',
    instructions: 'SM3TT1A, SM3TT1B, SM3TT2A, SM3TT2B, SM3SS1, XAR, EOR3, BCAX',
    reason: REPORTED,
  },
  { encodingClass: 'Rotate right into flags', instructions: 'RMIF', reason: REPORTED },
  { encodingClass: 'Evaluate into flags', instructions: 'SETF8, SETF16', reason: REPORTED },
  { encodingClass: 'PSTATE', instructions: 'CFINV, XAFLAG, AXFLAG', reason: REPORTED },
];
