/** What rows may depend on, by the Arm ARM's names. */
import type { Feature } from './row.ts';

/** The Arm ARM's names of what decoder rows depend on. */
export const FEATURE_NAMES: Readonly<Record<Exclude<Feature, 'base'>, string>> = {
  crc32: 'FEAT_CRC32',
  lse: 'FEAT_LSE',
  pan: 'FEAT_PAN',
  uao: 'FEAT_UAO',
  lor: 'FEAT_LOR',
  fp16: 'FEAT_FP16',
  rdm: 'FEAT_RDM',
  dotprod: 'FEAT_DotProd',
  aes: 'FEAT_AES',
  pmull: 'FEAT_PMULL',
  sha1: 'FEAT_SHA1',
  sha256: 'FEAT_SHA256',
  bti: 'FEAT_BTI',
  pauth: 'FEAT_PAuth',
  flagm: 'FEAT_FlagM',
  rcpc: 'FEAT_LRCPC',
};
