/** What a recording of real KVM looks like: the published corpus format as types. `parse.ts` checks files. */

/** A `"0x..."` string; all values that can exceed 53 bits are. */
export type Hex = string;

export interface Mmio {
  readonly phys_addr: Hex;
  readonly len: number;
  readonly is_write: number;
  readonly data?: Hex;
}

/** One KVM_RUN as it came back. */
export interface RecordedExit {
  readonly op_index: number;
  /** Number of KVM_EXIT_*; null where kvm_run was not written. */
  readonly exit_reason: number | null;
  readonly exit_name: string;
  readonly ret: number;
  readonly errno?: string;
  readonly hsr?: Hex;
  readonly hsr_ec?: Hex;
  readonly hsr_high?: Hex;
  readonly flags?: Hex;
  /** Null unless EC is 0x34. */
  readonly far?: Hex | null;
  readonly mmio?: Mmio;
  readonly system_event?: number;
  readonly pc: Hex;
  readonly pstate: Hex;
  readonly regs_changed: Readonly<Record<string, Hex>>;
  readonly sysregs: Readonly<Record<string, Hex>>;
}

/** Outcome of an op that is no run: `ret` and `errno`, and what the op reads. */
export interface RecordedResult {
  readonly op_index: number;
  readonly ret?: number;
  readonly errno?: string;
  readonly value?: Hex;
  readonly hex?: string;
  readonly system_fd?: number;
  readonly vm_fd?: number;
}

export interface Outcome {
  readonly exits: readonly RecordedExit[];
  readonly results: readonly RecordedResult[];
}

/** Debug registers by slot number; a slot that is not listed is 0. */
export type Slots = Readonly<Record<string, Hex>>;
export type Op =
  | {
      readonly op: 'set_guest_debug';
      readonly vcpu: number;
      readonly control: Hex;
      readonly bcr?: Slots;
      readonly bvr?: Slots;
      readonly wcr?: Slots;
      readonly wvr?: Slots;
    }
  | { readonly op: 'run'; readonly vcpu: number; readonly max: number }
  | { readonly op: 'run_immediate'; readonly vcpu: number }
  | { readonly op: 'set_reg'; readonly vcpu: number; readonly reg: string; readonly value: Hex }
  | { readonly op: 'add_reg'; readonly vcpu: number; readonly reg: string; readonly delta: Hex }
  | { readonly op: 'get_reg'; readonly vcpu: number; readonly reg: string }
  | { readonly op: 'read_mem'; readonly address: Hex; readonly length: number }
  | { readonly op: 'write_mem'; readonly address: Hex; readonly hex: string }
  | { readonly op: 'mmio_data'; readonly vcpu: number; readonly value: Hex }
  | { readonly op: 'irq_line'; readonly vcpu: number; readonly line: number; readonly level: number }
  | { readonly op: 'check_extension'; readonly cap: number }
  | { readonly op: 'vcpu_init'; readonly vcpu: number; readonly features: readonly string[] }
  | { readonly op: 'set_guest_debug_badptr'; readonly vcpu: number }
  | { readonly op: 'timeout_ms'; readonly ms: number };

export interface Code {
  readonly load_address: Hex;
  readonly words: readonly string[];
}

export interface Scenario extends Code, Outcome {
  readonly name: string;
  readonly category: string;
  readonly note?: string;
  /** CPU feature that the code needs, e.g. `lse`. */
  readonly requires?: string;
  readonly extra_code: readonly Code[];
  readonly memory: readonly { readonly address: Hex; readonly hex: string }[];
  readonly vcpus: readonly {
    readonly features: readonly string[];
    readonly regs: Readonly<Record<string, Hex>>;
  }[];
  readonly ops: readonly Op[];
  /** Configuration of `exits` and `results`. */
  readonly config: string;
  readonly same_in: readonly string[];
  readonly variants: Readonly<Record<string, Outcome>>;
}
