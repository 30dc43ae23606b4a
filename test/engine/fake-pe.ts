/** A PE of plain objects for the system, debug and memory rooms: state block, 4 MiB of RAM, what was called. */
import { PSTATE_RESET } from '../../src/abi/arm/pstate.ts';
import { SYSREG_BY_NAME } from '../../src/abi/arm/sysregs.ts';
import type { SysregKey } from '../../src/abi/arm/sysreg-key.ts';
import type { DebugRegisterFile, HypervisorControls, PeModel } from '../../src/engine/hardware.ts';
import { STATE } from '../../src/engine/layout.ts';
import { ContextTable } from '../../src/engine/memory/contexts.ts';
import { GuestRam } from '../../src/engine/memory/ram.ts';
import { CpuState } from '../../src/engine/state.ts';
import type { Stop } from '../../src/engine/stop.ts';
import { DebugState } from '../../src/engine/system/debug-state.ts';
import type { Pe } from '../../src/engine/system/pe.ts';
import { updateRegime } from '../../src/engine/system/regime.ts';
import { readStored, resetStorage, writeStored } from '../../src/engine/system/storage.ts';

export const RAM_BASE = 0x4000_0000;
const RAM_SIZE = 0x40_0000;

export interface FakePe extends Pe {
  calls: string[];
  instructionCount: number;
  readonly controls: HypervisorControls;
  sysreg(name: string): bigint;
  setSysreg(name: string, value: bigint): void;
  write64(address: number, value: bigint): void;
}

export function keyOf(name: string): SysregKey {
  const row = SYSREG_BY_NAME.get(name);
  if (row === undefined) throw new Error(`no system register ${name}`);
  return row.key;
}

export function emptyFile(): DebugRegisterFile {
  return {
    bcr: new BigUint64Array(16),
    bvr: new BigUint64Array(16),
    wcr: new BigUint64Array(16),
    wvr: new BigUint64Array(16),
  };
}

export const FEATURES = [
  'FEAT_PAN',
  'FEAT_PAN2',
  'FEAT_UAO',
  'FEAT_SSBS',
  'FEAT_DIT',
  'FEAT_RAS',
  'FEAT_DPB',
];

/** 6 breakpoints, 4 watchpoints, 2 context-aware breakpoints, 48-bit addresses, 64-byte DC ZVA. */
export function fakeModel(
  features: readonly string[] = FEATURES,
  overrides: Record<string, bigint> = {},
): PeModel {
  const ids: Record<string, bigint> = {
    MIDR_EL1: 0x414fd0c1n,
    ID_AA64MMFR0_EL1: 0x5n,
    DCZID_EL0: 4n,
    ...overrides,
  };
  return {
    breakpoints: 6,
    watchpoints: 4,
    contextAware: 2,
    features: new Set(features),
    idRegisters: new Map(Object.entries(ids).map(([name, value]) => [keyOf(name), value])),
  };
}

function noControls(): HypervisorControls {
  return {
    tde: false,
    tda: false,
    tdosa: false,
    tid3: false,
    tlor: false,
    terr: false,
    tsc: false,
    twi: false,
    twe: false,
    semihosting: false,
    irq: false,
    fiq: false,
  };
}

/** A PE after reset at EL1h, PC at the start of RAM, no hypervisor controls, an empty debug register file. */
export function fakePe(model: PeModel = fakeModel()): FakePe {
  const buffer = new ArrayBuffer(STATE.END + RAM_SIZE);
  const state = new CpuState(buffer);
  const calls: string[] = [];
  const pe: FakePe = {
    state,
    model,
    controls: noControls(),
    debug: Object.assign(new DebugState(), { file: emptyFile() }),
    ram: new GuestRam(buffer, { base: RAM_BASE, size: RAM_SIZE }, null, STATE.END),
    contexts: new ContextTable(),
    instructionCount: 0,
    get ticks() {
      return pe.instructionCount;
    },
    cpuInterface: null,
    timersChanged: () => false,
    stop: null as Stop | null,
    eventRegister: false,
    calls,
    flushTlb: () => calls.push('flushTlb'),
    flushTlbPage: (lo, hi) => calls.push(`flushTlbPage ${hi >>> 0}:${lo >>> 0}`),
    cacheTranslation: () => calls.push('cacheTranslation'),
    debugChanged: () => calls.push('debugChanged'),
    physicalWritten: (address, length) => calls.push(`physicalWritten ${address} ${length}`),
    sysreg: (name) => readStored(state, keyOf(name)) ?? -1n,
    setSysreg: (name, value) => {
      writeStored(state, keyOf(name), value);
      updateRegime(pe);
    },
    write64: (address, value) => {
      state.u8.set(new Uint8Array(new BigUint64Array([value]).buffer), STATE.END + address - RAM_BASE);
    },
  };
  resetStorage(state, model);
  state.pstate = PSTATE_RESET;
  state.pc = BigInt(RAM_BASE);
  updateRegime(pe);
  return pe;
}
