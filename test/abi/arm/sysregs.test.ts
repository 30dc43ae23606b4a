import { describe, expect, test } from 'vitest';
import { EC, esr, faultName, sysregIss } from '../../../src/abi/arm/esr.ts';
import { SYSOPS } from '../../../src/abi/arm/sysops.ts';
import { sysregKey } from '../../../src/abi/arm/sysreg-key.ts';
import { SYSREGS, SYSREG_BY_NAME, sysregName } from '../../../src/abi/arm/sysregs.ts';

describe('system-register rows', () => {
  test('no encoding and no name is used twice', () => {
    const keys = [...SYSREGS, ...SYSOPS].map((r) => r.key);
    expect(new Set(keys).size).toBe(keys.length);
    const names = [...SYSREGS, ...SYSOPS].map((r) => r.name);
    expect(new Set(names).size).toBe(names.length);
  });

  /** Low halves of KVM's ONE_REG ids, as QEMU and the kernel's selftests print them. */
  test.each([
    ['DBGBVR0_EL1', 0x8004],
    ['DBGBCR1_EL1', 0x800d],
    ['DBGWVR15_EL1', 0x807e],
    ['DBGWCR0_EL1', 0x8007],
    ['MDSCR_EL1', 0x8012],
    ['OSLSR_EL1', 0x808c],
    ['DBGVCR32_EL2', 0xa038],
    ['MIDR_EL1', 0xc000],
    ['MPIDR_EL1', 0xc005],
    ['ID_AA64DFR0_EL1', 0xc028],
    ['SCTLR_EL1', 0xc080],
    ['TTBR0_EL1', 0xc100],
    ['TCR_EL1', 0xc102],
    ['ESR_EL1', 0xc290],
    ['FAR_EL1', 0xc300],
    ['VBAR_EL1', 0xc600],
    ['CONTEXTIDR_EL1', 0xc681],
    ['TPIDR_EL1', 0xc684],
  ])('%s has key %i', (name, key) => {
    expect(SYSREG_BY_NAME.get(name)?.key).toBe(key);
  });

  test('registers without backing store in KVM are not listed', () => {
    const unlisted = [
      'OSLAR_EL1',
      'OSDLR_EL1',
      'MDRAR_EL1',
      'DBGPRCR_EL1',
      'DBGCLAIMSET_EL1',
      'DBGAUTHSTATUS_EL1',
    ];
    for (const name of unlisted) expect(SYSREG_BY_NAME.get(name)?.listed, name).toBe(false);
    expect(SYSREGS.filter((r) => /^DBG[BW][VC]R\d/.test(r.name) && r.listed)).toHaveLength(64);
  });

  test('an encoding without a row has the generic name', () => {
    expect(sysregName(sysregKey(3, 0, 11, 15, 7))).toBe('S3_0_C11_C15_7');
  });
});

describe('syndromes', () => {
  test.each([
    ['breakpoint', esr(EC.BREAKPOINT_LOWER, 0x22), 0xc2000022],
    ['step', esr(EC.STEP_LOWER, 0x01000022), 0xcb000022],
    ['watchpoint store', esr(EC.WATCHPOINT_LOWER, 0x62), 0xd2000062],
    ['brk', esr(EC.BRK64, 0x123), 0xf2000123],
    ['undefined', esr(EC.UNKNOWN, 0), 0x02000000],
    ['floating point', esr(EC.FP_ACCESS, 0x1e00000), 0x1fe00000],
  ])('%s', (_name, built, expected) => {
    expect(built).toBe(expected);
  });

  /** mrs x3, ctr_el0 = 0xd53b0023: ISS of the trap per the manual's field positions. */
  test('a trapped MRS carries the encoding, the register and the direction', () => {
    expect(sysregIss(0xd53b0023)).toBe((3 << 20) | (1 << 17) | (3 << 14) | (3 << 5) | 1);
  });

  test('fault status in words', () => {
    expect(faultName(0x07)).toBe('Translation fault, level 3');
    expect(faultName(0x21)).toBe('Alignment fault');
    expect(faultName(0x15)).toBe('Synchronous External abort on translation table walk, level 1');
  });
});
