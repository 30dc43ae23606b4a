/** Fast paths of floating point in regions, with the host's fused multiply-add where it has one. */
import { setFlagsFromString } from 'node:v8';
import { describe, it } from 'vitest';
import { multiplyAddIsFused } from '../../../src/engine/tiers/jit/floating-point/fused.ts';
import { floatingSuite } from './floating-suite.ts';

// What Node 22 has without being asked.
setFlagsFromString('--experimental-wasm-relaxed-simd');
if (multiplyAddIsFused()) floatingSuite('multiply-add of the host');
else
  describe('floating point in regions', () => it('skipped: this host has no fused multiply-add', () => {}));
