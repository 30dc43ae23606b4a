/** KVM_GET_ONE_REG and KVM_SET_ONE_REG. Source: Linux arch/arm64/kvm/guest.c and sys_regs.c. */
import { OSLSR } from '../abi/arm/debug-registers.ts';
import { MODE, MODE_NAMES } from '../abi/arm/pstate.ts';
import type { SysregKey } from '../abi/arm/sysreg-key.ts';
import { SYSREG_BY_KEY, sysregByName } from '../abi/arm/sysregs.ts';
import { ONE_REGS, type OneReg, oneRegById, refusalOf } from '../abi/kvm/one-reg.ts';
import { assert } from '../base/assert.ts';
import { hex64 } from '../base/u64.ts';
import { KvmError } from './errors.ts';
import { getFirmware, setFirmware } from './firmware.ts';
import { comparatorOf } from './sysreg-traps.ts';
import type { VcpuState } from './vcpu-state.ts';

function keyOf(name: string): SysregKey {
  const key = sysregByName(name);
  assert(key !== undefined, `no row for ${name}`);
  return key;
}

/** Core registers that the hardware keeps as system registers. */
const STORED: Readonly<Partial<Record<OneReg['place']['kind'], SysregKey>>> = {
  elr_el1: keyOf('ELR_EL1'),
  spsr_el1: keyOf('SPSR_EL1'),
  spsr_abt: keyOf('SPSR_abt'),
  spsr_und: keyOf('SPSR_und'),
  spsr_irq: keyOf('SPSR_irq'),
  spsr_fiq: keyOf('SPSR_fiq'),
  fpsr: keyOf('FPSR'),
  fpcr: keyOf('FPCR'),
};
const MDSCR = keyOf('MDSCR_EL1');
const MDCCINT = keyOf('MDCCINT_EL1');
const OSLSR_EL1 = keyOf('OSLSR_EL1');
const DFR0 = keyOf('ID_AA64DFR0_EL1');
const MPIDR = keyOf('MPIDR_EL1');
const CNTVCT = keyOf('CNTVCT_EL0');

function resolve(id: bigint): OneReg {
  const register = oneRegById(id);
  if (register !== undefined) return register;
  const { errno, detail } = refusalOf(id);
  throw new KvmError(errno, `register ${hex64(id)}: ${detail}; KVM_GET_REG_LIST has the ids that exist`);
}

function sysregRead({ hw, debug, worldSwitch, idRegisters }: VcpuState, key: SysregKey): bigint {
  const comparator = comparatorOf(key);
  if (comparator !== undefined) return debug.guest[comparator.array][comparator.n]!;
  switch (key) {
    case MDSCR:
      worldSwitch.settle();
      return debug.mdscr;
    case MDCCINT:
      return debug.mdccint;
    case OSLSR_EL1:
      return debug.oslsr;
    case CNTVCT:
      return BigInt(hw.ticks);
    default:
      return idRegisters.get(key) ?? hw.getSysreg(key) ?? 0n;
  }
}

/** @throws KvmError EINVAL, ENOENT. */
export function getOneReg(state: VcpuState, id: bigint): bigint {
  const { place } = resolve(id);
  const { hw } = state;
  switch (place.kind) {
    case 'x':
      return hw.getX(place.n);
    case 'v':
      return hw.getV(place.n);
    case 'pc':
      return hw.pc;
    case 'pstate':
      return BigInt(state.worldSwitch.pstateView());
    case 'sp_el0':
      return hw.getSp(0);
    case 'sp_el1':
      return hw.getSp(1);
    case 'firmware':
      return getFirmware(state, place.register);
    case 'sysreg':
      return sysregRead(state, place.key);
    default:
      return hw.getSysreg(STORED[place.kind]!) ?? 0n;
  }
}

/** A non-AArch64 mode, or one above EL1, is refused: this vcpu has no EL2 and runs AArch64 only. */
function setPstate(state: VcpuState, value: bigint): void {
  const mode = Number(value & 0x1fn);
  if (!(Object.values(MODE) as number[]).includes(mode)) {
    const name = MODE_NAMES.get(mode) ?? (mode >= 0x10 ? 'an AArch32 mode' : 'a reserved mode');
    throw new KvmError('EINVAL', `pstate.M is ${name}: this vcpu takes EL0t, EL1t and EL1h only`);
  }
  state.worldSwitch.settle();
  state.hw.pstate = BigInt.asUintN(32, value);
}

function setOslsr(state: VcpuState, value: bigint): void {
  if ((value & ~OSLSR.OSLK) !== OSLSR.OSLM) {
    throw new KvmError('EINVAL', 'oslsr_el1: only OSLK (bit 1) can change; write 0x8 or 0xa');
  }
  state.worldSwitch.settle();
  state.debug.oslsr = value;
}

/** Fields of ID_AA64DFR0_EL1 that user space may lower: DebugVer, PMUVer, WRPs, DoubleLock. */
const WRITABLE_DFR0 = [0, 8, 20, 36];

function lowersDfr0(state: VcpuState, from: bigint, to: bigint): boolean {
  if (!state.kernel.writableIdRegisters) return false;
  for (let low = 0; low < 64; low += 4) {
    const before = (from >> BigInt(low)) & 0xfn;
    const after = (to >> BigInt(low)) & 0xfn;
    if (before === after) continue;
    if (!WRITABLE_DFR0.includes(low)) return false;
    const signed = low === 36;
    const lower = signed ? BigInt.asIntN(4, after) <= BigInt.asIntN(4, before) : after < before;
    if (!lower || (low === 0 && after < 6n)) return false;
  }
  return true;
}

function setIdRegister(state: VcpuState, key: SysregKey, value: bigint): void {
  const current = state.idRegisters.get(key) ?? 0n;
  if (current === value) return;
  if (state.vm.hasRun && state.kernel.writableIdRegisters) {
    throw new KvmError('EBUSY', 'ID registers are fixed once a vcpu of the VM has run; set them before');
  }
  if (key !== DFR0 || !lowersDfr0(state, current, value)) {
    throw new KvmError(
      'EINVAL',
      'this ID register, or the changed field, cannot take that value on this host',
    );
  }
  state.idRegisters.set(key, value);
}

function sysregWrite(state: VcpuState, key: SysregKey, value: bigint): void {
  const { hw, debug, worldSwitch } = state;
  const comparator = comparatorOf(key);
  if (comparator !== undefined) {
    worldSwitch.settle();
    debug.guest[comparator.array][comparator.n] = value;
    worldSwitch.invalidate();
    return;
  }
  if (key === MDSCR) {
    worldSwitch.settle();
    debug.mdscr = value;
  } else if (key === MDCCINT) {
    debug.mdccint = value;
  } else if (key === OSLSR_EL1) {
    setOslsr(state, value);
  } else if (SYSREG_BY_KEY.get(key)?.kind === 'identification') {
    setIdRegister(state, key, value);
  } else if (key === MPIDR) {
    if (value !== state.mpidr) throw new KvmError('EINVAL', 'mpidr_el1 follows from the vcpu index');
  } else {
    hw.setSysreg(key, value);
  }
}

const LARGEST = { 32: (1n << 32n) - 1n, 64: (1n << 64n) - 1n, 128: (1n << 128n) - 1n } as const;

/** @throws KvmError EINVAL, ENOENT, EBUSY; nothing has changed then. */
export function setOneReg(state: VcpuState, id: bigint, value: bigint): void {
  const { place, width, name } = resolve(id);
  if (value < 0n || value > LARGEST[width]) {
    throw new KvmError('EINVAL', `${name} has ${width} bits; the value does not fit`);
  }
  const { hw } = state;
  switch (place.kind) {
    case 'x':
      hw.setX(place.n, value);
      return;
    case 'v':
      hw.setV(place.n, value);
      return;
    case 'pc':
      hw.pc = value;
      return;
    case 'pstate':
      setPstate(state, value);
      return;
    case 'sp_el0':
      hw.setSp(0, value);
      return;
    case 'sp_el1':
      hw.setSp(1, value);
      return;
    case 'firmware':
      setFirmware(state, place.register, value);
      return;
    case 'sysreg':
      sysregWrite(state, place.key, value);
      return;
    default:
      hw.setSysreg(STORED[place.kind]!, value);
  }
}

/** KVM_GET_REG_LIST: registers that this PE has. */
export function regList(state: VcpuState): readonly bigint[] {
  const { features } = state.hw.model;
  return ONE_REGS.filter(({ place }) => {
    if (place.kind !== 'sysreg') return true;
    const feature = SYSREG_BY_KEY.get(place.key)?.feature;
    return feature === undefined || features.has(feature);
  }).map((register) => register.id);
}

/** Registers that KVM resets to an unmistakable value because the architecture leaves them UNKNOWN. */
const UNKNOWN_AT_RESET = 0x1de7_ec7e_dbad_c0den;
const UNKNOWN_REGISTERS = [
  'TTBR0_EL1',
  'TTBR1_EL1',
  'AFSR0_EL1',
  'AFSR1_EL1',
  'ESR_EL1',
  'FAR_EL1',
  'PAR_EL1',
  'MAIR_EL1',
  'TPIDR_EL1',
  'TPIDR_EL0',
  'TPIDRRO_EL0',
  'CSSELR_EL1',
].map(keyOf);

/** Not in KVM's reset tables: they keep their values. */
const KEPT_AT_RESET = [keyOf('ELR_EL1'), keyOf('SPSR_EL1')];

/** What KVM_ARM_VCPU_INIT and PSCI leave in the registers, beyond the architecture's warm reset. */
export function resetRegisters(state: VcpuState): void {
  const { hw } = state;
  const kept = KEPT_AT_RESET.map((key) => [key, hw.getSysreg(key) ?? 0n] as const);
  const spEl1 = hw.getSp(1);
  hw.reset();
  for (const key of UNKNOWN_REGISTERS) hw.setSysreg(key, UNKNOWN_AT_RESET);
  for (const [key, value] of kept) hw.setSysreg(key, value);
  hw.setSp(1, spEl1);
  hw.setSysreg(MPIDR, state.mpidr);
}

/** MPIDR_EL1 of a vcpu: sixteen per affinity level 0, as KVM numbers them. */
export function mpidrOf(index: number): bigint {
  const aff0 = index & 0xf;
  const aff1 = (index >> 4) & 0xff;
  const aff2 = (index >> 12) & 0xff;
  return 0x8000_0000n | BigInt((aff2 << 16) | (aff1 << 8) | aff0);
}

/** The key that a MIDR-like name has; for the profile's tables. */
export function idRegisterKey(name: string): SysregKey {
  return keyOf(name.toUpperCase());
}
