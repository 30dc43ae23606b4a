import { describe, expect, it } from 'vitest';
import { profiles } from '../../src/kvm/profiles.ts';

/** Arm ARM, ID_AA64ISAR0_EL1: the field's lowest bit and the least value that says that the feature is there. */
const ISAR0 = [
  { feature: 'FEAT_AES', low: 4n, least: 1n },
  { feature: 'FEAT_PMULL', low: 4n, least: 2n },
  { feature: 'FEAT_SHA1', low: 8n, least: 1n },
  { feature: 'FEAT_SHA256', low: 12n, least: 1n },
  { feature: 'FEAT_CRC32', low: 16n, least: 1n },
  { feature: 'FEAT_LSE', low: 20n, least: 2n },
  { feature: 'FEAT_RDM', low: 28n, least: 1n },
  { feature: 'FEAT_DotProd', low: 44n, least: 1n },
] as const;

describe.each(profiles())('profile $name', ({ features, idRegisters }) => {
  it.each(ISAR0)('has $feature exactly when ID_AA64ISAR0_EL1 says so', ({ feature, low, least }) => {
    const field = (idRegisters['id_aa64isar0_el1']! >> low) & 0xfn;
    expect(features.includes(feature)).toBe(field >= least);
  });
});
