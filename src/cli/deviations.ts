/**
 * Recorded outcomes that this product does not reproduce on purpose. Only where the scenario's note says that the
 * recording shows a flaw of the emulator beneath the kernel, or a CONSTRAINED UNPREDICTABLE choice; `rule` is what
 * the architecture says instead.
 */
export interface Deviation {
  /** Scenarios of the published corpus. One that passes is a failure: then it has to go from the list. */
  readonly scenarios: readonly string[];
  /** Scenarios of other recordings that the same rule covers: both patterns match. These may pass as well. */
  readonly like: { readonly name: RegExp; readonly note: RegExp };
  /** Configurations that it holds for; absent: all. */
  readonly configurations?: RegExp;
  readonly rule: string;
}

/** Recorded with the older emulator, which checks watchpoints at the aligned-down address of an access. */
const OLDER_EMULATOR = /-q72(-again)?$/;

export const DEVIATIONS: readonly Deviation[] = [
  {
    scenarios: ['hwbp_unlinked_ctx'],
    like: { name: /ctx|context/, note: /does not implement unlinked context breakpoints/ },
    rule: 'an unlinked context breakpoint (BT=0b0010) fires on every instruction while CONTEXTIDR_EL1 matches (Arm ARM, Context breakpoints)',
  },
  {
    scenarios: ['wp_ldtr_pac1'],
    like: { name: /ld|st/, note: /treats LDTR\/STTR at EL1 as EL0 accesses for PAC/ },
    rule: 'LDTR and STTR at EL1 are EL0 accesses for DBGWCR.PAC (Arm ARM, Execution conditions for watchpoints)',
  },
  {
    scenarios: ['wp_tbi'],
    like: { name: /tbi|tag/, note: /ignores the tag byte when TBI is on/ },
    rule: 'the tag byte of an address takes no part in a watchpoint match when TBI is on (Arm ARM, Address tagging)',
  },
  {
    scenarios: ['prio_bp_at_unmapped_pc'],
    like: { name: /./, note: /Instruction Abort has priority over a Breakpoint exception/ },
    rule: 'an Instruction Abort has priority over a Breakpoint exception (Arm ARM, Synchronous exception prioritization)',
  },
  {
    scenarios: ['ss_wfi'],
    like: { name: /wfi|wfe|yield/, note: /while stepping TCG turns WFI\/WFE\/YIELD into plain steps/ },
    rule: 'WFI traps to the hypervisor while stepping too: KVM blocks until an interrupt or a signal (Arm ARM, HCR_EL2.TWI)',
  },
  {
    scenarios: ['ss_sp_align'],
    like: { name: /./, note: /does not check SP alignment/ },
    rule: 'a load or store with a misaligned SP takes an SP alignment fault when SCTLR_EL1.SA is 1 (Arm ARM, SP alignment checking)',
  },
  {
    scenarios: ['self_read_dbgauthstatus_el1'],
    like: { name: /self_/, note: /QEMU lacks this register/ },
    rule: 'the register exists: the access traps to KVM (MDCR_EL2.TDA, TDOSA), which emulates it',
  },
  {
    scenarios: ['self_read_dbgdtr_el0'],
    like: { name: /self_/, note: /QEMU lacks this register/ },
    configurations: OLDER_EMULATOR,
    rule: 'the register exists: the access traps to KVM (MDCR_EL2.TDA), which reads it as zero',
  },
  {
    scenarios: [
      'wp_straddle_ld_w_above6',
      'random_wp_05',
      'random_mixed_18',
      'random_mixed_50',
      'random_wp_57',
    ],
    like: { name: /^(wp|random|prio|flow)/, note: /aligned-down address|FAR|first element/ },
    configurations: OLDER_EMULATOR,
    rule: 'only the bytes that an access touches can hit a watchpoint, and FAR is not below the lowest of them (Arm ARM, Watchpoint exceptions)',
  },
];

/** What the list says of a scenario in a configuration; null when it has to pass. */
export function deviationOf(
  scenario: { readonly name: string; readonly note?: string },
  configuration: string,
  deviations: readonly Deviation[] = DEVIATIONS,
): { readonly rule: string; readonly mustDiffer: boolean } | null {
  const applies = deviations.filter(({ configurations }) => configurations?.test(configuration) ?? true);
  const listed = applies.find(({ scenarios }) => scenarios.includes(scenario.name));
  if (listed !== undefined) return { rule: listed.rule, mustDiffer: true };
  const { name, note = '' } = scenario;
  const alike = applies.find(({ like }) => like.name.test(name) && like.note.test(note));
  return alike === undefined ? null : { rule: alike.rule, mustDiffer: false };
}
