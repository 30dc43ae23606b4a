/** Fast paths of floating point in regions, on hosts without a fused multiply-add. */
import { vi } from 'vitest';
import { floatingSuite } from './floating-suite.ts';

vi.mock('../../../src/engine/tiers/jit/floating-point/fused.ts', () => ({ multiplyAddIsFused: () => false }));
floatingSuite('multiply-add in several operations');
