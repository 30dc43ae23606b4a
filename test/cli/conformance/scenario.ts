/** A scenario as a corpus file has it, small, for tests of the replay. */
export function scenarioJson(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    name: 'hwbp_small',
    category: 'hwbp',
    description: 'a breakpoint on the second instruction',
    load_address: '0x40000000',
    asm: ' nop\nbp:\n add x0,x0,#1\n done',
    words: ['d503201f', '91000400', 'f900039b'],
    extra_code: [],
    memory: [{ address: '0x40100000', hex: '1122' }],
    vcpus: [{ features: ['psci_0_2'], regs: { pc: '0x40000000', pstate: '0x3c5', x0: '0x7' } }],
    ops: [
      { op: 'set_guest_debug', vcpu: 0, control: '0x20001', bcr: { 0: '0x1e7' }, bvr: { 0: '0x40000004' } },
      { op: 'run', vcpu: 0, max: 3 },
      { op: 'add_reg', vcpu: 0, reg: 'pc', delta: '0x4' },
    ],
    results: [
      { op_index: 0, ret: 0 },
      { op_index: 2, ret: 0 },
    ],
    exits: [
      {
        op_index: 1,
        exit_reason: 4,
        exit_name: 'KVM_EXIT_DEBUG',
        ret: 0,
        hsr: '0xc2000022',
        hsr_ec: '0x30',
        hsr_high: '0x0',
        flags: '0x1',
        far: null,
        pc: '0x40000004',
        pstate: '0x3c5',
        regs_changed: {},
        sysregs: { mdscr_el1: '0x0' },
      },
      {
        op_index: 1,
        exit_reason: 6,
        exit_name: 'KVM_EXIT_MMIO',
        ret: 0,
        mmio: { phys_addr: '0x9000000', len: 8, is_write: 1, data: '0xd0e' },
        pc: '0x40000008',
        pstate: '0x3c5',
        regs_changed: { x0: '0x8' },
        sysregs: { mdscr_el1: '0x0' },
      },
    ],
    config: 'k612-n1-q10',
    same_in: ['k612-n1-q10-again', 'k612-a57-q10', 'k61-a57-q72'],
    ...changes,
  };
}
