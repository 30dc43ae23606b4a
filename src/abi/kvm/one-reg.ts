/**
 * KVM_GET/SET_ONE_REG identifiers by register name, and back. Source: Linux arch/arm64/include/uapi/asm/kvm.h; core
 * registers are the words of `struct kvm_regs`.
 */
import { SYSREGS } from '../arm/sysregs.ts';
import { type SysregKey, sysregKey } from '../arm/sysreg-key.ts';

const KVM_REG_ARM64 = 0x6000_0000_0000_0000n;
const KVM_REG_ARCH_MASK = 0xff00_0000_0000_0000n;
export const KVM_REG_SIZE = {
  32: 0x0020_0000_0000_0000n,
  64: 0x0030_0000_0000_0000n,
  128: 0x0040_0000_0000_0000n,
} as const;
const KVM_REG_ARM_COPROC_SHIFT = 16n;
const KVM_REG_ARM_CORE = 0x10n;
const KVM_REG_ARM64_SYSREG = 0x13n;
const KVM_REG_ARM_FW = 0x14n;
const KVM_REG_ARM_FW_FEAT_BMAP = 0x16n;
/** `struct kvm_regs` in 32-bit words: an index from here on is no register. */
const KVM_CORE_WORDS = 216;

/** Firmware pseudo-registers. Source: Linux Documentation/virt/kvm/arm/fw-pseudo-registers.rst. */
export type FirmwareRegister =
  | 'psci_version'
  | 'arch_workaround_1'
  | 'arch_workaround_2'
  | 'arch_workaround_3'
  | 'std_bmap'
  | 'std_hyp_bmap'
  | 'vendor_hyp_bmap';

type RegisterWidth = 32 | 64 | 128;

/** Where a register lives: core registers by name and number, system registers by encoding, firmware by number. */
type RegisterPlace =
  | { readonly kind: 'x' | 'v'; readonly n: number }
  | {
      readonly kind:
        | 'sp_el0'
        | 'pc'
        | 'pstate'
        | 'sp_el1'
        | 'elr_el1'
        | 'spsr_el1'
        | 'spsr_abt'
        | 'spsr_und'
        | 'spsr_irq'
        | 'spsr_fiq'
        | 'fpsr'
        | 'fpcr';
    }
  | { readonly kind: 'sysreg'; readonly key: SysregKey }
  | { readonly kind: 'firmware'; readonly register: FirmwareRegister };

export interface OneReg {
  /** Lower case, as users write it: `x0`, `pc`, `dbgbcr0_el1`. */
  readonly name: string;
  readonly id: bigint;
  readonly width: RegisterWidth;
  readonly place: RegisterPlace;
}

function id(width: RegisterWidth, coprocessor: bigint, index: number): bigint {
  return KVM_REG_ARM64 | KVM_REG_SIZE[width] | (coprocessor << KVM_REG_ARM_COPROC_SHIFT) | BigInt(index);
}

function core(name: string, word: number, place: RegisterPlace, width: RegisterWidth = 64): OneReg {
  return { name, id: id(width, KVM_REG_ARM_CORE, word), width, place };
}

/** Core registers in the order of `struct kvm_regs`. */
export const CORE_REGISTERS: readonly OneReg[] = [
  ...Array.from({ length: 31 }, (_, n) => core(`x${n}`, 2 * n, { kind: 'x', n })),
  core('sp_el0', 0x3e, { kind: 'sp_el0' }),
  core('pc', 0x40, { kind: 'pc' }),
  core('pstate', 0x42, { kind: 'pstate' }),
  core('sp_el1', 0x44, { kind: 'sp_el1' }),
  core('elr_el1', 0x46, { kind: 'elr_el1' }),
  core('spsr_el1', 0x48, { kind: 'spsr_el1' }),
  core('spsr_abt', 0x4a, { kind: 'spsr_abt' }),
  core('spsr_und', 0x4c, { kind: 'spsr_und' }),
  core('spsr_irq', 0x4e, { kind: 'spsr_irq' }),
  core('spsr_fiq', 0x50, { kind: 'spsr_fiq' }),
  ...Array.from({ length: 32 }, (_, n) => core(`v${n}`, 0x54 + 4 * n, { kind: 'v', n }, 128)),
  core('fpsr', 0xd4, { kind: 'fpsr' }, 32),
  core('fpcr', 0xd5, { kind: 'fpcr' }, 32),
];

const CNTV_CVAL = sysregKey(3, 3, 14, 3, 2);
const CNTVCT = sysregKey(3, 3, 14, 0, 2);

/** The ids of the virtual timer's compare value and count are swapped in the ABI, for ever. */
function abiKey(key: SysregKey): SysregKey {
  if (key === CNTV_CVAL) return CNTVCT;
  if (key === CNTVCT) return CNTV_CVAL;
  return key;
}

/** The ONE_REG id of a system register. */
function sysregId(key: SysregKey): bigint {
  return id(64, KVM_REG_ARM64_SYSREG, abiKey(key));
}

function firmware(register: FirmwareRegister, coprocessor: bigint, index: number): OneReg {
  const name = `kvm_reg_arm_${register.startsWith('arch') ? `smccc_${register}` : register}`;
  return { name, id: id(64, coprocessor, index), width: 64, place: { kind: 'firmware', register } };
}

const FIRMWARE_REGISTERS: readonly OneReg[] = [
  firmware('psci_version', KVM_REG_ARM_FW, 0),
  firmware('arch_workaround_1', KVM_REG_ARM_FW, 1),
  firmware('arch_workaround_2', KVM_REG_ARM_FW, 2),
  firmware('arch_workaround_3', KVM_REG_ARM_FW, 3),
  firmware('std_bmap', KVM_REG_ARM_FW_FEAT_BMAP, 0),
  firmware('std_hyp_bmap', KVM_REG_ARM_FW_FEAT_BMAP, 1),
  firmware('vendor_hyp_bmap', KVM_REG_ARM_FW_FEAT_BMAP, 2),
];

/** System registers that KVM_GET_REG_LIST has. */
const SYSTEM_REGISTERS: readonly OneReg[] = SYSREGS.filter((row) => row.listed).map((row) => ({
  name: row.name.toLowerCase(),
  id: sysregId(row.key),
  width: 64,
  place: { kind: 'sysreg', key: row.key },
}));

/** Every register of KVM_GET_REG_LIST. */
export const ONE_REGS: readonly OneReg[] = [...CORE_REGISTERS, ...FIRMWARE_REGISTERS, ...SYSTEM_REGISTERS];

const BY_NAME = new Map<string, OneReg>(ONE_REGS.map((register) => [register.name, register]));
const BY_ID = new Map<bigint, OneReg>(ONE_REGS.map((register) => [register.id, register]));
/** Kernel and manual names for the same register. */
const ALIASES: Readonly<Record<string, string>> = {
  sp: 'sp_el0',
  lr: 'x30',
  fp: 'x29',
  'spsr[0]': 'spsr_el1',
  'spsr[1]': 'spsr_abt',
  'spsr[2]': 'spsr_und',
  'spsr[3]': 'spsr_irq',
  'spsr[4]': 'spsr_fiq',
};

/** A register by name, in any case; undefined when KVM has none of that name. */
export function oneRegByName(name: string): OneReg | undefined {
  const lower = name.toLowerCase();
  return BY_NAME.get(Object.hasOwn(ALIASES, lower) ? ALIASES[lower]! : lower);
}

/** A register by id; undefined when KVM lists none. */
export function oneRegById(value: bigint): OneReg | undefined {
  return BY_ID.get(value);
}

/** What is wrong with an id that names no register, in the kernel's terms. */
export function refusalOf(value: bigint): { errno: 'EINVAL' | 'ENOENT'; detail: string } {
  if ((value & KVM_REG_ARCH_MASK) !== KVM_REG_ARM64) {
    return { errno: 'EINVAL', detail: 'the top byte of an arm64 register id is 0x60' };
  }
  const coprocessor = (value >> KVM_REG_ARM_COPROC_SHIFT) & 0xfffn;
  const index = Number(value & 0xffffn);
  if (coprocessor !== KVM_REG_ARM_CORE) return { errno: 'ENOENT', detail: 'this vcpu has no such register' };
  if (index >= KVM_CORE_WORDS) return { errno: 'ENOENT', detail: 'the index is beyond struct kvm_regs' };
  return { errno: 'EINVAL', detail: 'the size or the alignment does not fit the register at this index' };
}

/** Names of a group: `core` (general registers, stack pointers, pc, pstate, SPSRs), `simd`, `system`. */
export function oneRegGroup(group: string): readonly string[] | undefined {
  return GROUPS.get(group);
}

const isSimd = (register: OneReg): boolean => ['v', 'fpsr', 'fpcr'].includes(register.place.kind);
const GROUPS: ReadonlyMap<string, readonly string[]> = new Map([
  ['core', CORE_REGISTERS.filter((register) => !isSimd(register)).map((register) => register.name)],
  ['simd', CORE_REGISTERS.filter(isSimd).map((register) => register.name)],
  ['system', SYSTEM_REGISTERS.map((register) => register.name)],
]);
