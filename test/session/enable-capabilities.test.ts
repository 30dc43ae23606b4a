/** KVM_ENABLE_CAP (Documentation/virt/kvm/api.rst, sections 4.37, 7.27 and 7.33) when a VM is created. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitBody } from '../../src/session/stored-body.ts';
import { type Bench, bench, PROGRAM, runToEnd, vmSpec } from './support.ts';

const NISV_TO_USER = 177;
const SYSTEM_SUSPEND = 216;
const SET_GUEST_DEBUG = 23;

let made: Bench;
beforeEach(async () => {
  made = await bench();
});
afterEach(() => made.service.close());

async function firstExit(program: readonly number[], enableCapabilities?: readonly number[]) {
  const { service } = made;
  const spec = vmSpec(program);
  const vm = await service.createVm(
    enableCapabilities === undefined ? spec : { ...spec, enableCapabilities },
  );
  return { vm, run: await runToEnd(service, vm.id, 0, { budget: { instructions: 100 } }) };
}

describe('capabilities enabled with the VM', () => {
  it('KVM_CAP_ARM_NISV_TO_USER: an access without a valid syndrome is an exit, and ENOSYS without it', async () => {
    expect((await firstExit(PROGRAM.pairToDevice)).run.end).toEqual({ reason: 'error', errno: 'ENOSYS' });
    const { vm, run } = await firstExit(PROGRAM.pairToDevice, [NISV_TO_USER]);
    expect(run.end).toEqual({ reason: 'exit' });
    expect(exitBody(run.exit!)).toMatchObject({
      reason: 'KVM_EXIT_ARM_NISV',
      armNisv: { faultIpa: '0x0000000000001000' },
    });
    await made.service.reset(vm.id);
    const again = await runToEnd(made.service, vm.id, 0, { budget: { instructions: 100 } });
    expect(again.exit?.exitReason).toBe('KVM_EXIT_ARM_NISV');
  });

  it('KVM_CAP_ARM_SYSTEM_SUSPEND: PSCI SYSTEM_SUSPEND is a system event, and unknown without it', async () => {
    expect((await firstExit(PROGRAM.systemSuspend)).run.exit?.exitReason).not.toBe('KVM_EXIT_SYSTEM_EVENT');
    const { run } = await firstExit(PROGRAM.systemSuspend, [NISV_TO_USER, SYSTEM_SUSPEND]);
    expect(exitBody(run.exit!).systemEvent?.type).toBe('KVM_SYSTEM_EVENT_SUSPEND');
  });

  it.each([SET_GUEST_DEBUG, 0x7fff_ffff])('refuses %i with EINVAL, and makes no VM', async (cap) => {
    const { service, ports } = made;
    const wanted = { ...vmSpec(PROGRAM.brk), name: 'free', enableCapabilities: [SYSTEM_SUSPEND, cap] };
    await expect(service.createVm(wanted)).rejects.toMatchObject({ code: 'kvm-refused', errno: 'EINVAL' });
    expect(service.stats()).toMatchObject({ vms: 0, memoryBytes: 0 });
    expect(ports.history.stored).toEqual([]);
    await service.createVm({ ...vmSpec(PROGRAM.brk), name: 'free' });
  });
});
