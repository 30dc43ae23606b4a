/**
 * Values of system registers that are more than storage, and what writes set off. No rights and no traps:
 * those are decided before. Source: Arm ARM, the register's own page.
 */
import { DEBUG_WRITABLE, MDSCR } from '../../abi/arm/debug-registers.ts';
import { PSTATE } from '../../abi/arm/pstate.ts';
import { sysregKey, type SysregKey } from '../../abi/arm/sysreg-key.ts';
import { SYSREG_BY_NAME, type SysregRow } from '../../abi/arm/sysregs.ts';
import { assert } from '../../base/assert.ts';
import { u64 } from '../../base/u64.ts';
import type { DebugRegisterFile } from '../hardware.ts';
import { INLINE_REGISTERS } from '../inline-registers.ts';
import { writePstate } from './exceptions.ts';
import type { Pe } from './pe.ts';
import { updateRegime } from './regime.ts';
import { readStackPointer, readStored, SLOT, slotOf, writeStackPointer } from './storage.ts';
import {
  counter,
  PHYSICAL_TIMER,
  readTimerControl,
  readTimerValue,
  VIRTUAL_TIMER,
  writeTimerValue,
} from './timers.ts';

/** Whether the run loop has to look again after a write: EL, masks, translation or debug changed. */
export type Effect = 'none' | 'changes-execution';

interface Behaviour {
  readonly read?: (pe: Pe) => bigint;
  readonly write?: (pe: Pe, value: bigint) => Effect;
}

/** A PSTATE field that reads and writes in its own bits. */
function pstateField(mask: number): Behaviour {
  return {
    read: (pe) => BigInt(pe.state.pstate & mask),
    write: (pe, value) => {
      writePstate(pe, (pe.state.pstate & ~mask) | (Number(BigInt.asUintN(32, value)) & mask));
      return 'changes-execution';
    },
  };
}

const ignored = (): Effect => 'none';
const zero: Behaviour = { read: () => 0n, write: ignored };
const time: Behaviour = { read: counter };

const NZCV: Behaviour = {
  read: (pe) => BigInt((pe.state.nzcv << 28) >>> 0),
  write: (pe, value) => {
    pe.state.nzcv = Number((value >> 28n) & 15n);
    return 'none';
  },
};

const SPSEL: Behaviour = {
  read: (pe) => BigInt(pe.state.pstate & 1),
  write: (pe, value) => {
    writePstate(pe, (pe.state.pstate & ~1) | Number(value & 1n));
    return 'none';
  },
};

const SP_EL0: Behaviour = {
  read: (pe) => readStackPointer(pe.state, 0),
  write: (pe, value) => {
    writeStackPointer(pe.state, 0, u64(value));
    return 'none';
  },
};

/** OSLAR_EL1: bit 0 becomes OSLSR_EL1.OSLK. */
const OSLAR: Behaviour = {
  write: (pe, value) => {
    const status = pe.state.sysreg(SLOT.OSLSR_EL1) & ~2n;
    pe.state.setSysreg(SLOT.OSLSR_EL1, status | ((value & 1n) << 1n));
    pe.debugChanged();
    return 'changes-execution';
  },
};

/** Eight claim tags; reading DBGCLAIMSET says that they exist, reading DBGCLAIMCLR which are set. */
const CLAIM_SET: Behaviour = {
  read: () => 0xffn,
  write: (pe, value) => {
    const tags = pe.state.sysreg(SLOT.DBGCLAIMCLR_EL1);
    pe.state.setSysreg(SLOT.DBGCLAIMCLR_EL1, tags | (value & 0xffn));
    return 'none';
  },
};
const CLAIM_CLEAR: Behaviour = {
  write: (pe, value) => {
    const tags = pe.state.sysreg(SLOT.DBGCLAIMCLR_EL1);
    pe.state.setSysreg(SLOT.DBGCLAIMCLR_EL1, tags & ~value);
    return 'none';
  },
};

const MDSCR_EL1: Behaviour = {
  read: (pe) => pe.debug.mdscr,
  write: (pe, value) => {
    pe.debug.mdscr = value & DEBUG_WRITABLE.MDSCR;
    pe.debugChanged();
    return 'changes-execution';
  },
};

/** Interrupts pending at the PE, masked or not: I in bit 7, F in bit 6. */
const ISR: Behaviour = {
  read: (pe) => (pe.controls.irq ? BigInt(PSTATE.I) : 0n) | (pe.controls.fiq ? BigInt(PSTATE.F) : 0n),
};

const DCZID_KEY: SysregKey = sysregKey(3, 3, 0, 0, 7);
/** SCTLR_EL1.DZE. */
const DZE = 1 << 14;
const DZP = 0x10n;

/** DCZID_EL0.DZP tells EL0 whether SCTLR_EL1.DZE lets it use DC ZVA. */
const DCZID: Behaviour = {
  read: (pe) => {
    const prohibited = pe.state.el === 0 && (pe.state.sysregLo(SLOT.SCTLR_EL1) & DZE) === 0;
    return (pe.model.idRegisters.get(DCZID_KEY) ?? DZP) | (prohibited ? DZP : 0n);
  },
};

/** Runs repeat, so there is no entropy: never a number in time, which reads as 0 with NZCV = 0b0100. */
const RANDOM: Behaviour = {
  read: (pe) => {
    pe.state.nzcv = 4;
    return 0n;
  },
};

const BEHAVIOURS: { readonly [name: string]: Behaviour } = {
  NZCV,
  SPSel: SPSEL,
  SP_EL0,
  ...Object.fromEntries(inlinePstateFields()),
  PAN: pstateField(PSTATE.PAN),
  UAO: pstateField(PSTATE.UAO),
  DIT: pstateField(PSTATE.DIT),
  SSBS: pstateField(PSTATE.SSBS),
  ISR_EL1: ISR,
  DCZID_EL0: DCZID,
  RNDR: RANDOM,
  RNDRRS: RANDOM,
  CNTPCT_EL0: time,
  CNTVCT_EL0: time,
  CNTP_TVAL_EL0: timerValue(PHYSICAL_TIMER),
  CNTV_TVAL_EL0: timerValue(VIRTUAL_TIMER),
  CNTP_CTL_EL0: { read: (pe) => readTimerControl(pe, PHYSICAL_TIMER) },
  CNTV_CTL_EL0: { read: (pe) => readTimerControl(pe, VIRTUAL_TIMER) },
  MDSCR_EL1,
  MDCCSR_EL0: zero,
  DBGDTR_EL0: zero,
  DBGDTRTX_EL0: zero,
  MDRAR_EL1: zero,
  OSLAR_EL1: OSLAR,
  OSDLR_EL1: zero,
  DBGCLAIMSET_EL1: CLAIM_SET,
  DBGCLAIMCLR_EL1: CLAIM_CLEAR,
  /** Non-secure debug by external agents: implemented, disabled. */
  DBGAUTHSTATUS_EL1: { read: () => 0x0an },
};

/** Those that generated code accesses by itself, too. */
function inlinePstateFields(): [string, Behaviour][] {
  return INLINE_REGISTERS.flatMap(({ row, place }) =>
    place.kind === 'pstate' ? [[row.name, pstateField(place.mask)]] : [],
  );
}

function timerValue(timer: typeof PHYSICAL_TIMER): Behaviour {
  return {
    read: (pe) => readTimerValue(pe, timer),
    write: (pe, value) => {
      writeTimerValue(pe, timer, value);
      return pe.timersChanged() ? 'changes-execution' : 'none';
    },
  };
}

const BEHAVIOUR_BY_KEY: ReadonlyMap<SysregKey, Behaviour> = new Map(
  Object.entries(BEHAVIOURS).map(([name, behaviour]) => {
    const row = SYSREG_BY_NAME.get(name);
    assert(row !== undefined, () => `${name} is a system register`);
    return [row.key, behaviour];
  }),
);

/** Storage whose change the translation regime must hear of. */
const REGIME_SLOTS: ReadonlySet<number> = new Set([
  SLOT.SCTLR_EL1,
  SLOT.TCR_EL1,
  SLOT.TTBR0_EL1,
  SLOT.TTBR1_EL1,
  SLOT.MAIR_EL1,
  SLOT.CPACR_EL1,
]);

/** Storage that says when a timer interrupts. */
const TIMER_SLOTS: ReadonlySet<number> = new Set([
  SLOT.CNTP_CTL_EL0,
  SLOT.CNTP_CVAL_EL0,
  SLOT.CNTV_CTL_EL0,
  SLOT.CNTV_CVAL_EL0,
]);

/** A DBGB or DBGW register: its array, which bits a write keeps, and its number. */
interface Comparator {
  readonly array: keyof DebugRegisterFile;
  readonly writable: bigint;
  readonly slot: number;
}

const COMPARATOR_BY_OP2: readonly (readonly [keyof DebugRegisterFile, bigint])[] = [
  ['bvr', DEBUG_WRITABLE.BVR],
  ['bcr', DEBUG_WRITABLE.BCR],
  ['wvr', DEBUG_WRITABLE.WVR],
  ['wcr', DEBUG_WRITABLE.WCR],
];

/** Decode DBGBVR<n>_EL1 and its like (2, 0, 0, n, 4..7); null for any other encoding. */
function comparatorOf(key: SysregKey): Comparator | null {
  if ((key & 0xff84) !== 0x8004) return null;
  const [array, writable] = COMPARATOR_BY_OP2[key & 3]!;
  return { array, writable, slot: (key >>> 3) & 15 };
}

/** Whether a DBGB or DBGW register is within the number that the model has; true for other registers. */
export function comparatorImplemented(pe: Pe, key: SysregKey): boolean {
  const c = comparatorOf(key);
  if (c === null) return true;
  return c.slot < (c.array === 'bvr' || c.array === 'bcr' ? pe.model.breakpoints : pe.model.watchpoints);
}

/** The value that MRS gives. */
export function readRegister(pe: Pe, row: SysregRow): bigint {
  const read = BEHAVIOUR_BY_KEY.get(row.key)?.read;
  if (read !== undefined) return read(pe);
  if (row.kind === 'identification') return pe.model.idRegisters.get(row.key) ?? 0n;
  const c = comparatorOf(row.key);
  if (c !== null) return pe.debug.file?.[c.array][c.slot] ?? 0n;
  return readStored(pe.state, row.key) ?? 0n;
}

function writableBits({ model }: Pe, { writable, withFeature }: SysregRow): bigint {
  return withFeature !== undefined && model.features.has(withFeature.feature)
    ? writable | withFeature.writable
    : writable;
}

/** What MSR does. RES0 bits are dropped. */
export function writeRegister(pe: Pe, row: SysregRow, value: bigint): Effect {
  const write = BEHAVIOUR_BY_KEY.get(row.key)?.write;
  if (write !== undefined) return write(pe, value);
  const c = comparatorOf(row.key);
  if (c !== null) {
    if (pe.debug.file !== null) pe.debug.file[c.array][c.slot] = value & c.writable;
    pe.debugChanged();
    return 'changes-execution';
  }
  const slot = slotOf(row.key);
  assert(slot !== undefined, () => `${row.name} has storage or behaviour`);
  pe.state.setSysreg(slot, value & writableBits(pe, row));
  if (TIMER_SLOTS.has(slot)) return pe.timersChanged() ? 'changes-execution' : 'none';
  if (!REGIME_SLOTS.has(slot)) return 'none';
  updateRegime(pe);
  return 'changes-execution';
}

/** MDSCR_EL1.TDCC lives outside the state block; the other EL0 controls are storage. */
export function controlBits(pe: Pe, register: 'SCTLR_EL1' | 'CNTKCTL_EL1' | 'MDSCR_EL1'): number {
  if (register === 'MDSCR_EL1') return pe.debug.mdscrLow & Number(MDSCR.TDCC);
  return pe.state.sysregLo(register === 'SCTLR_EL1' ? SLOT.SCTLR_EL1 : SLOT.CNTKCTL_EL1);
}
