/** A region as a WebAssembly module of its own, with one function that is a handler like those of tier 1. */
import type { FunctionWriter } from '../../wasm/function.ts';
import { ModuleWriter } from '../../wasm/module.ts';
import { HANDLER_PARAMETERS } from '../interpreter/abi.ts';
import { FloatingPointFunctions } from '../interpreter/floating-point.ts';
import { OFFERED, type Offered, SEAL, sealed } from '../interpreter/offers.ts';
import { lower } from '../lower.ts';
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

/** Function indices of what tier 1 offers. */
function importOffered(m: ModuleWriter): Readonly<Record<Offered, number>> {
  const imported = {} as Record<Offered, number>;
  for (const [name, [parameters, results]] of Object.entries(OFFERED) as [
    Offered,
    (typeof OFFERED)[Offered],
  ][])
    imported[name] = m.importFunction('tier', name, sealed(parameters), results);
  return imported;
}

/** Generate the module of a region. */
export function generateRegion(source: CodeSource, region: Region, madeFor: MadeFor): RegionCode {
  const m = new ModuleWriter();
  m.importMemory('host', 'memory', MEMORY_LIMIT.minimum, MEMORY_LIMIT.maximum);
  const offered = importOffered(m);
  const callExact = (f: FunctionWriter): void => {
    lower(f, SEAL);
    f.call(offered.floatingPoint);
  };
  const helpers = { ...offered, fp: new FloatingPointFunctions(m, callExact) };
  const f = m.function(HANDLER_PARAMETERS, ['i32']);
  const emitter = new RegionEmitter(f, helpers, source, region, structureOf(region), madeFor);
  emitter.emit();
  m.export('region', f.index);
  const { dependsOnAlignment, dependsOnFloating } = emitter;
  return { bytes: m.build(), dependsOnAlignment, dependsOnFloating };
}
