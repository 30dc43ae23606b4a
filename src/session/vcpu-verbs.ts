/** The verbs of one vcpu and of guest memory: state checks here, the rest in the VM's engine thread. */
import type { GuestDebug } from '../kvm/contract.ts';
import { hex32, hex64 } from '../base/u64.ts';
import type { Calls, CallName } from './engine-thread/protocol.ts';
import { requireWithin, SessionError } from './errors.ts';
import { asIoctl, type Ioctl } from './kvm-refusals.ts';
import type { Limits } from './limits.ts';
import type { Service, VcpuRef, Versioned } from './service.ts';
import { checkTransfer } from './validate.ts';
import { vcpuView, type VcpuRecord, type VmRecord } from './vm-record.ts';

export interface VerbContext {
  readonly limits: Limits;
  /** The VM, or `vm-not-found`; throws also while the service is stopping. */
  vm(ref: string): VmRecord;
  /** Puts what a client did on the timeline. */
  action(
    record: VmRecord,
    vcpu: number | null,
    action: string,
    facts: Readonly<Record<string, unknown>>,
  ): void;
}

export type VcpuVerbs = Pick<
  Service,
  | 'vcpu'
  | 'init'
  | 'guestDebug'
  | 'setGuestDebug'
  | 'explainGuestDebug'
  | 'registers'
  | 'setRegisters'
  | 'regList'
  | 'oneReg'
  | 'setOneReg'
  | 'mpState'
  | 'setMpState'
  | 'irqLine'
  | 'translate'
  | 'readMemory'
  | 'writeMemory'
>;

interface Target {
  readonly record: VmRecord;
  readonly state: VcpuRecord;
  readonly index: number;
}

/** Throws `vcpu-not-found`. */
export function requireVcpu(record: VmRecord, index: number): VcpuRecord {
  const vcpu = record.vcpus[index];
  if (vcpu === undefined) {
    throw new SessionError(
      'vcpu-not-found',
      `The VM has no vcpu ${index}; it has ${record.vcpus.length}, numbered from 0.`,
    );
  }
  return vcpu;
}

function requireStopped({ state, index }: Target, what: string): void {
  if (state.run !== null) {
    throw new SessionError(
      'vcpu-running',
      `vcpu ${index} is running (${state.run}): ${what} needs it stopped. Pause the VM, or wait for the run to end.`,
      { facts: { run: state.run } },
    );
  }
}

function requireVersion(given: number | undefined, inForce: number, what: string): void {
  if (given !== undefined && given !== inForce) {
    const had = given >= 0 && given < inForce;
    throw new SessionError(
      'version-mismatch',
      `The ${what} ${had ? `changed since version ${given}` : 'has never had the version given'}: version ${inForce} is in force. Read it again, then decide.`,
    );
  }
}

export { requireVersion };

function ask<Name extends CallName>(
  ioctl: Ioctl,
  record: VmRecord,
  name: Name,
  args: Calls[Name]['args'],
): Promise<Calls[Name]['result']> {
  return asIoctl(ioctl, record.thread.call(name, args));
}

/** What the timeline shows of a guest-debug set: the control word and the registers that are not zero. */
function debugFacts(debug: GuestDebug): Readonly<Record<string, unknown>> {
  const used = (values: readonly bigint[]) =>
    Object.fromEntries(values.flatMap((value, slot) => (value === 0n ? [] : [[slot, value]])));
  const { control, bcr, bvr, wcr, wvr } = debug;
  return { control: hex32(control), bcr: used(bcr), bvr: used(bvr), wcr: used(wcr), wvr: used(wvr) };
}

export function vcpuVerbs(context: VerbContext): VcpuVerbs {
  const { limits } = context;

  function target(ref: VcpuRef): Target {
    const record = context.vm(ref.vm);
    return { record, state: requireVcpu(record, ref.vcpu), index: ref.vcpu };
  }

  /** In turn with other changes of the VM, and only while the vcpu is stopped. */
  function whileStopped<T>(
    ref: VcpuRef,
    what: string,
    task: (t: Target, of: { vm: string; vcpu: number }) => Promise<T>,
  ) {
    const first = target(ref);
    return first.record.gate.run(() => {
      context.vm(first.record.id);
      requireStopped(first, what);
      return task(first, { vm: first.record.id, vcpu: first.index });
    });
  }

  return {
    async vcpu(ref) {
      const { record, index } = target(ref);
      const statuses = await ask('other', record, 'status', { vm: record.id });
      return vcpuView(record, index, statuses[index]!);
    },

    init: (ref, features) =>
      whileStopped(ref, 'KVM_ARM_VCPU_INIT', async ({ record, state, index }, of) => {
        await ask('init', record, 'init', { ...of, features });
        state.registerVersion += 1;
        context.action(record, index, 'init', { features });
        const statuses = await ask('other', record, 'status', { vm: record.id });
        return vcpuView(record, index, statuses[index]!);
      }),

    async guestDebug(ref) {
      const { record, state, index } = target(ref);
      return record.gate.run(async (): Promise<Versioned<GuestDebug>> => {
        const value = await ask('other', record, 'guestDebug', { vm: record.id, vcpu: index });
        return { value, version: state.debugVersion };
      });
    },

    setGuestDebug: (ref, debug, ifVersion) =>
      whileStopped(ref, 'KVM_SET_GUEST_DEBUG', async ({ record, state, index }, of) => {
        requireVersion(ifVersion, state.debugVersion, 'guest-debug set');
        const value = await ask('guest-debug', record, 'setGuestDebug', { ...of, debug });
        state.debugVersion += 1;
        context.action(record, index, 'set-guest-debug', debugFacts(value));
        return { value, version: state.debugVersion };
      }),

    async explainGuestDebug(ref, debug) {
      const { record, index } = target(ref);
      return ask('other', record, 'explainGuestDebug', { vm: record.id, vcpu: index, debug: debug ?? null });
    },

    registers: (ref, names) =>
      whileStopped(ref, 'reading registers', async ({ record, state }, of) => {
        requireWithin(limits, 'registerNames', names.length, 'The number of registers');
        const value = await ask('register', record, 'registers', { ...of, names });
        return { value, version: state.registerVersion };
      }),

    setRegisters: (ref, values, ifVersion) =>
      whileStopped(ref, 'writing registers', async ({ record, state, index }, of) => {
        requireWithin(limits, 'registerNames', Object.keys(values).length, 'The number of registers');
        requireVersion(ifVersion, state.registerVersion, 'register state');
        const value = await ask('register', record, 'setRegisters', { ...of, values });
        state.registerVersion += 1;
        context.action(record, index, 'set-registers', { values });
        return { value, version: state.registerVersion };
      }),

    regList: (ref) =>
      whileStopped(ref, 'KVM_GET_REG_LIST', ({ record }, of) => ask('other', record, 'regList', of)),

    oneReg: (ref, id) =>
      whileStopped(ref, 'KVM_GET_ONE_REG', ({ record }, of) =>
        ask('register', record, 'oneReg', { ...of, id }),
      ),

    setOneReg: (ref, id, value) =>
      whileStopped(ref, 'KVM_SET_ONE_REG', async ({ record, state, index }, of) => {
        await ask('register', record, 'setOneReg', { ...of, id, value });
        state.registerVersion += 1;
        context.action(record, index, 'set-one-reg', { id, value });
      }),

    async mpState(ref) {
      const { record, index } = target(ref);
      return ask('other', record, 'mpState', { vm: record.id, vcpu: index });
    },

    setMpState: (ref, state) =>
      whileStopped(ref, 'KVM_SET_MP_STATE', async ({ record, index }, of) => {
        await ask('other', record, 'setMpState', { ...of, state });
        context.action(record, index, 'set-mp-state', { state });
      }),

    async irqLine(ref, line, level) {
      const { record, index } = target(ref);
      await ask('other', record, 'irqLine', { vm: record.id, vcpu: index, line, level });
      context.action(record, index, 'irq-line', { line, level });
    },

    translate: (ref, address, access) =>
      whileStopped(ref, 'a translation', ({ record }, of) =>
        ask('other', record, 'translate', { ...of, address, access }),
      ),

    async readMemory(vm, { vcpu, ...at }) {
      const t = target({ vm, vcpu });
      checkTransfer(limits, at.length);
      if (at.space === 'virtual') {
        requireStopped(t, 'reading virtual memory');
      }
      return ask('other', t.record, 'readMemory', { vm: t.record.id, vcpu, ...at });
    },

    async writeMemory(vm, { vcpu, ...at }, bytes) {
      const t = target({ vm, vcpu });
      checkTransfer(limits, bytes.length);
      if (at.space === 'virtual') {
        requireStopped(t, 'writing virtual memory');
      }
      await ask('other', t.record, 'writeMemory', { vm: t.record.id, vcpu, ...at, bytes: bytes.slice() });
      const { address, space } = at;
      context.action(t.record, null, 'write-memory', {
        address: hex64(address),
        length: bytes.length,
        space,
      });
    },
  };
}
