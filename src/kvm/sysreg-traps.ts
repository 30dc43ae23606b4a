/**
 * System registers that KVM traps, as KVM answers them: the guest's own debug registers, OS Lock, ID registers,
 * LORegions, error records.
 * Everything else that traps is UNDEFINED for the guest.
 */
import { OSLSR } from '../abi/arm/debug-registers.ts';
import { type SysregKey, sysregKey } from '../abi/arm/sysreg-key.ts';
import type { DebugRegisterFile, VcpuHardware } from '../engine/hardware.ts';
import type { DebugVcpuState } from './guest-debug.ts';
import type { WorldSwitch } from './world-switch.ts';

interface TrapContext {
  readonly hw: VcpuHardware;
  readonly debug: DebugVcpuState;
  readonly worldSwitch: WorldSwitch;
  /** ID registers as this vcpu shows them. */
  readonly idRegisters: ReadonlyMap<SysregKey, bigint>;
}

/** A read's value, `done` for a write that was taken, `undefined-instruction` for what the guest may not do. */
type TrapResult = bigint | 'done' | 'undefined-instruction';

interface Handler {
  read?(context: TrapContext): bigint;
  write?(context: TrapContext, value: bigint): void;
}

const RAZ_WI: Handler = { read: () => 0n, write: () => undefined };

function mdscrRead(context: TrapContext): bigint {
  const { mdscr } = context.debug;
  context.worldSwitch.promote(false);
  return mdscr;
}

/** 0xaa: invasive and non-invasive debug, secure and not, implemented and disabled, as with no external debugger. */
const DBGAUTHSTATUS = 0xaan;

const HANDLERS: ReadonlyMap<SysregKey, Handler> = new Map<SysregKey, Handler>([
  [
    sysregKey(2, 0, 0, 2, 2),
    {
      read: mdscrRead,
      write(context, value) {
        context.debug.mdscr = value;
        context.worldSwitch.promote(true);
      },
    },
  ],
  [
    sysregKey(2, 0, 0, 2, 0),
    {
      read(context) {
        context.worldSwitch.promote(false);
        return context.debug.mdccint;
      },
      write(context, value) {
        context.debug.mdccint = value;
        context.worldSwitch.promote(true);
      },
    },
  ],
  [
    sysregKey(2, 0, 1, 0, 4),
    {
      write(context, value) {
        context.worldSwitch.settle();
        context.debug.oslsr = (value & 1n) !== 0n ? OSLSR.OSLM | OSLSR.OSLK : OSLSR.OSLM;
        context.worldSwitch.load();
      },
    },
  ],
  [sysregKey(2, 0, 1, 1, 4), { read: (context) => context.debug.oslsr }],
  [sysregKey(2, 0, 1, 0, 0), RAZ_WI],
  [sysregKey(2, 0, 1, 3, 4), RAZ_WI],
  [sysregKey(2, 0, 1, 4, 4), RAZ_WI],
  [sysregKey(2, 0, 7, 8, 6), RAZ_WI],
  [sysregKey(2, 0, 7, 9, 6), RAZ_WI],
  [sysregKey(2, 0, 7, 14, 6), { read: () => DBGAUTHSTATUS, write: () => undefined }],
  [sysregKey(2, 3, 0, 1, 0), RAZ_WI],
  [sysregKey(2, 3, 0, 4, 0), RAZ_WI],
  [sysregKey(2, 3, 0, 5, 0), RAZ_WI],
  [sysregKey(3, 0, 10, 4, 0), RAZ_WI],
  [sysregKey(3, 0, 10, 4, 1), RAZ_WI],
  [sysregKey(3, 0, 10, 4, 2), RAZ_WI],
  [sysregKey(3, 0, 10, 4, 3), RAZ_WI],
  [sysregKey(3, 0, 10, 4, 7), RAZ_WI],
  // ERRIDR, ERRSELR, ERXFR, ERXCTLR, ERXSTATUS, ERXADDR, ERXMISC0, ERXMISC1.
  [sysregKey(3, 0, 5, 3, 0), RAZ_WI],
  [sysregKey(3, 0, 5, 3, 1), RAZ_WI],
  [sysregKey(3, 0, 5, 4, 0), RAZ_WI],
  [sysregKey(3, 0, 5, 4, 1), RAZ_WI],
  [sysregKey(3, 0, 5, 4, 2), RAZ_WI],
  [sysregKey(3, 0, 5, 4, 3), RAZ_WI],
  [sysregKey(3, 0, 5, 5, 0), RAZ_WI],
  [sysregKey(3, 0, 5, 5, 1), RAZ_WI],
]);

/** A comparator register by its encoding: op0=2, op1=0, CRn=0, CRm=n, op2=4 BVR, 5 BCR, 6 WVR, 7 WCR. */
export function comparatorOf(key: SysregKey): { array: keyof DebugRegisterFile; n: number } | undefined {
  if (key >>> 7 !== sysregKey(2, 0, 0, 0, 0) >>> 7 || (key & 4) === 0) return undefined;
  const arrays = ['bvr', 'bcr', 'wvr', 'wcr'] as const;
  return { array: arrays[key & 3]!, n: (key >>> 3) & 15 };
}

function comparator(context: TrapContext, key: SysregKey, value: bigint | undefined): TrapResult | undefined {
  const which = comparatorOf(key);
  if (which === undefined) return undefined;
  const { model } = context.hw;
  const count = which.array.startsWith('b') ? model.breakpoints : model.watchpoints;
  if (which.n >= count) return 'undefined-instruction';
  const array = context.debug.guest[which.array];
  if (value !== undefined) array[which.n] = value;
  context.worldSwitch.promote(value !== undefined);
  return value === undefined ? array[which.n]! : 'done';
}

/** ID registers: op0=3, op1=0, CRn=0; encodings without a register read as zero, writes are UNDEFINED. */
function isIdRegister(key: SysregKey): boolean {
  const group = key >>> 7 === sysregKey(3, 0, 0, 0, 0) >>> 7;
  return group || key === sysregKey(3, 1, 0, 0, 7);
}

/** Emulate a trapped access. `value` is what the guest writes, undefined for a read. */
export function trappedAccess(context: TrapContext, key: SysregKey, value: bigint | undefined): TrapResult {
  const debugRegister = comparator(context, key, value);
  if (debugRegister !== undefined) return debugRegister;
  if (isIdRegister(key)) {
    return value === undefined ? (context.idRegisters.get(key) ?? 0n) : 'undefined-instruction';
  }
  const handler = HANDLERS.get(key);
  if (value === undefined) return handler?.read?.(context) ?? 'undefined-instruction';
  if (handler?.write === undefined) return 'undefined-instruction';
  handler.write(context, value);
  return 'done';
}
