/** Every suite, in the order in which they run. */
import { BOOT } from './boot-linux.ts';
import { BREAKPOINT_SELFTEST } from './breakpoint-selftest.ts';
import { DECODER } from './decoder.ts';
import { DETERMINISM } from './determinism.ts';
import { DEBUG_BOOT } from './debug-boot.ts';
import { DEVICES } from './devices.ts';
import { DISKS } from './disks.ts';
import { FUZZ } from './fuzz.ts';
import { ADVSIMD, TORTURE } from './gcc-tests.ts';
import { LOCKSTEP } from './lockstep.ts';
import { SEQUENCES } from './sequences.ts';
import type { Suite } from './suite.ts';
import { U_BOOT } from './u-boot.ts';

export const SUITES: readonly Suite[] = [
  TORTURE,
  ADVSIMD,
  DECODER,
  FUZZ,
  SEQUENCES,
  DEVICES,
  BOOT,
  DETERMINISM,
  LOCKSTEP,
  DISKS,
  U_BOOT,
  BREAKPOINT_SELFTEST,
  DEBUG_BOOT,
];
