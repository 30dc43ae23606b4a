/** What an engine thread does for each call: one row each. */
import { SessionError } from '../errors.ts';
import type { RunEnd } from '../types.ts';
import { readMemory, writeMemory } from './guest-memory.ts';
import type { CreateVm } from './build-vm.ts';
import { explainGuestDebug } from '../../kvm/explain.ts';
import type { Calls, CallName } from './protocol.ts';
import { readRegisters, writeRegisters } from './registers.ts';
import type { RunTask } from './run-task.ts';
import { VmHost } from './vm-host.ts';

/** What the handlers need of the thread. */
export interface HostContext {
  readonly createVm: CreateVm;
  readonly now: () => number;
  readonly vms: ReadonlyMap<string, VmHost>;
  addVm(id: string, vm: VmHost): void;
  removeVm(id: string, vm: VmHost): void;
  wake(vm: VmHost): void;
  started(vm: VmHost, task: RunTask, wallMilliseconds: number | undefined): void;
  stop(vm: VmHost, task: RunTask, end: RunEnd): void;
  abandon(vm: VmHost, task: RunTask, end: RunEnd): void;
}

/** `later`: do this when the answer has been sent. */
type Handlers = {
  readonly [Name in CallName]: (
    host: HostContext,
    args: Calls[Name]['args'],
    later: (task: () => void) => void,
  ) => Calls[Name]['result'];
};

/** The VM may have been deleted between two calls of one request. */
function hostOf(host: HostContext, vm: string): VmHost {
  const found = host.vms.get(vm);
  if (found === undefined) {
    throw new SessionError('vm-not-found', `${vm} was deleted meanwhile.`);
  }
  return found;
}

export const CALL_HANDLERS: Handlers = {
  createVm(host, args) {
    const vm = new VmHost(host.createVm, args, host.now);
    host.addVm(args.vm, vm);
    return { stopWord: vm.stopWord };
  },
  destroyVm(host, { vm: id, end }) {
    const vm = hostOf(host, id);
    for (const task of [...vm.tasks]) {
      host.abandon(vm, task, end);
    }
    host.removeVm(id, vm);
    return null;
  },
  resetVm(host, { vm: id, segments }) {
    const vm = hostOf(host, id);
    vm.reset(segments);
    return { stopWord: vm.stopWord };
  },
  digest: (host, { vm }) => hostOf(host, vm).digest(),
  status: (host, { vm }) => hostOf(host, vm).status(),
  checkExtension: (host, { vm, cap }) => hostOf(host, vm).vm.checkExtension(cap),
  init(host, { vm, vcpu, features }) {
    hostOf(host, vm).init(vcpu, features);
    return null;
  },
  guestDebug: (host, { vm, vcpu }) => hostOf(host, vm).vcpu(vcpu).getGuestDebug(),
  setGuestDebug(host, { vm, vcpu: index, debug }) {
    const vcpu = hostOf(host, vm).stopped(index);
    vcpu.setGuestDebug(debug);
    return vcpu.getGuestDebug();
  },
  explainGuestDebug(host, { vm, vcpu: index, debug }) {
    const vcpu = hostOf(host, vm).vcpu(index);
    return explainGuestDebug(debug ?? vcpu.getGuestDebug(), vcpu.debugResources);
  },
  registers: (host, { vm, vcpu, names }) => readRegisters(hostOf(host, vm).stopped(vcpu), names),
  setRegisters: (host, { vm, vcpu, values }) => writeRegisters(hostOf(host, vm).stopped(vcpu), values),
  regList: (host, { vm, vcpu }) => hostOf(host, vm).stopped(vcpu).regList(),
  oneReg: (host, { vm, vcpu, id }) => hostOf(host, vm).stopped(vcpu).getOneReg(id),
  setOneReg(host, { vm, vcpu, id, value }) {
    hostOf(host, vm).stopped(vcpu).setOneReg(id, value);
    return null;
  },
  mpState: (host, { vm, vcpu }) => hostOf(host, vm).vcpu(vcpu).getMpState(),
  setMpState(host, { vm: id, vcpu, state }) {
    const vm = hostOf(host, id);
    vm.stopped(vcpu).setMpState(state);
    host.wake(vm);
    return null;
  },
  vmIrqLine(host, { vm: id, irq, level }) {
    const vm = hostOf(host, id);
    vm.vm.irqLine(irq, level);
    host.wake(vm);
    return null;
  },
  irqLine(host, { vm: id, vcpu, line, level }) {
    const vm = hostOf(host, id);
    vm.vcpu(vcpu).irqLine(line, level);
    host.wake(vm);
    return null;
  },
  translate: (host, { vm, vcpu, address, access }) =>
    hostOf(host, vm).stopped(vcpu).translate(address, access),
  readMemory(host, { vm: id, vcpu, address, length, space }) {
    const vm = hostOf(host, id);
    if (space === 'virtual') {
      vm.stopped(vcpu);
    }
    return readMemory(vm.vm, { vcpu, address, space }, length);
  },
  writeMemory(host, { vm: id, vcpu, address, bytes, space }) {
    const vm = hostOf(host, id);
    if (space === 'virtual') {
      vm.stopped(vcpu);
    }
    writeMemory(vm.vm, { vcpu, address, space }, bytes);
    return null;
  },
  typeConsole(host, { vm: id, bytes }) {
    const vm = hostOf(host, id);
    const accepted = vm.typeConsole(bytes);
    host.wake(vm);
    return { accepted, ticks: vm.vm.hardware.vcpus[0]!.ticks };
  },
  startRun(host, { vm: id, session, run, vcpu, spec }, later) {
    const vm = hostOf(host, id);
    vm.start({ session, vm: id, run }, vcpu, spec);
    later(() => host.started(vm, vm.task(run)!, spec.budget.wallMilliseconds));
    return null;
  },
  stopRun(host, { vm: id, run }) {
    const vm = hostOf(host, id);
    const task = vm.task(run);
    if (task !== undefined) {
      host.stop(vm, task, { reason: 'paused' });
    }
    vm.clearStopWord();
    return null;
  },
  progress(host, { vm, run }) {
    const task = hostOf(host, vm).task(run);
    return task === undefined ? null : { instructions: task.instructions, stepsDone: task.stepsDone };
  },
};
