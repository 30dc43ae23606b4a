/** A region as a WebAssembly module of its own, with one function that is a handler like those of tier 1. */
import { ModuleWriter } from '../../wasm/module.ts';
import { DISPATCH_PARAMETERS, GO_TO_PARAMETERS, HANDLER_PARAMETERS } from '../interpreter/abi.ts';
import { FloatingPointFunctions } from '../interpreter/floating-point.ts';
import { RegionEmitter } from './emitter.ts';
import type { MadeFor } from './made-for.ts';
import type { Region } from './region.ts';
import type { CodeSource } from './source.ts';
import { structureOf } from './structure.ts';

const MEMORY_LIMIT = { minimum: 1, maximum: 65536 };

export interface RegionCode {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Made for this value of STATE.ALIGN_STRICT, and of no use with the other. */
  readonly dependsOnAlignment: boolean;
  /** Made for floating point as it was, fast paths allowed or not. */
  readonly dependsOnFloating: boolean;
}

/** Generate the module of a region. */
export function generateRegion(source: CodeSource, region: Region, madeFor: MadeFor): RegionCode {
  const m = new ModuleWriter();
  m.importMemory('host', 'memory', MEMORY_LIMIT.minimum, MEMORY_LIMIT.maximum);
  const exact = m.importFunction('tier', 'floatingPoint', ['i32'], ['i32']);
  const helpers = {
    arrive: m.importFunction('tier', 'arrive', HANDLER_PARAMETERS, ['i32']),
    goTo: m.importFunction('tier', 'goTo', GO_TO_PARAMETERS, ['i32']),
    dispatch: m.importFunction('tier', 'dispatch', DISPATCH_PARAMETERS, ['i32']),
    nzcv: m.importFunction('tier', 'nzcv', ['i32', 'i64', 'i64'], ['i32']),
    condition: m.importFunction('tier', 'condition', ['i32', 'i32', 'i64', 'i64'], ['i32']),
    forgetRecent: m.importFunction('tier', 'forgetRecent', [], []),
    nearRead: m.importFunction('tier', 'nearRead', ['i64', 'i32'], ['i32']),
    nearWrite: m.importFunction('tier', 'nearWrite', ['i64', 'i32'], ['i32']),
    scatter: m.importFunction('tier', 'scatter', ['i64', 'i32'], []),
    land: m.importFunction('tier', 'land', GO_TO_PARAMETERS, ['i32']),
    fp: new FloatingPointFunctions(m, exact),
  };
  const f = m.function(HANDLER_PARAMETERS, ['i32']);
  const emitter = new RegionEmitter(f, helpers, source, region, structureOf(region), madeFor);
  emitter.emit();
  m.export('region', f.index);
  const { dependsOnAlignment, dependsOnFloating } = emitter;
  return { bytes: m.build(), dependsOnAlignment, dependsOnFloating };
}
