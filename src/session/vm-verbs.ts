/** VMs: created, looked at, changed, paused, reset, deleted. */
import { hex32 } from '../base/u64.ts';
import { asIoctl } from './kvm-refusals.ts';
import type { Limits } from './limits.ts';
import { compact, type Registry } from './registry.ts';
import type { RunBook } from './run-book.ts';
import { stopRun } from './run-verbs.ts';
import type { Service } from './service.ts';
import type { Tier, VmView } from './types.ts';
import { checkLabels, checkTtl } from './validate.ts';
import { requireVersion, type VerbContext } from './vcpu-verbs.ts';
import { requireStopped, type VmRecord, vmView } from './vm-record.ts';

export interface VmContext {
  readonly limits: Limits;
  /** Of VMs whose spec names none. */
  readonly tier: Tier;
  readonly registry: Registry;
  readonly runs: RunBook;
  /** Refuses when the service is stopping. */
  requireOpen(): void;
  vm(ref: string): VmRecord;
  /** Puts it on the timeline. */
  readonly action: VerbContext['action'];
}

export type VmVerbs = Pick<
  Service,
  'createVm' | 'vm' | 'vms' | 'patchVm' | 'deleteVm' | 'pause' | 'reset' | 'digest' | 'vmIrqLine'
>;

export function vmVerbs(context: VmContext): VmVerbs {
  const { limits, tier, registry, runs } = context;

  async function view(record: VmRecord): Promise<VmView> {
    return vmView(record, await record.thread.call('status', { vm: record.id }));
  }

  return {
    async createVm(spec) {
      context.requireOpen();
      return view(await registry.create({ tier, ...spec }));
    },
    async vm(ref) {
      return view(context.vm(ref));
    },
    async vms({ labels = {}, after = '', limit }) {
      const wanted = Object.entries(labels);
      const page = [...registry.all]
        .filter((record) => record.id > after && wanted.every(([key, value]) => record.labels[key] === value))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit);
      return Promise.all(page.map(view));
    },
    async patchVm(ref, change, ifVersion) {
      const record = context.vm(ref);
      requireVersion(ifVersion, record.version, 'configuration of the VM');
      if (change.labels !== undefined) {
        checkLabels(limits, change.labels);
      }
      if (typeof change.ttlSeconds === 'number') {
        checkTtl(limits, change.ttlSeconds);
      }
      if (change.name !== undefined) {
        registry.rename(record, change.name);
      }
      record.labels = change.labels ?? record.labels;
      if (change.ttlSeconds !== undefined) {
        registry.setLease(record, change.ttlSeconds);
      }
      record.version += 1;
      context.action(record, null, 'patch-vm', { ...change });
      return view(record);
    },
    async deleteVm(ref, reason = 'vm-deleted') {
      await registry.destroy(context.vm(ref), reason);
    },
    async pause(ref) {
      const record = context.vm(ref);
      await Promise.all(runs.of(record).map(stopRun));
      return view(record);
    },
    async digest(ref) {
      const record = context.vm(ref);
      requireStopped(record, 'a digest');
      return record.thread.call('digest', { vm: record.id });
    },
    async vmIrqLine(ref, irq, level) {
      const record = context.vm(ref);
      await asIoctl('other', record.thread.call('vmIrqLine', { vm: record.id, irq, level }));
      context.action(record, null, 'irq-line', { irq: hex32(irq), level });
    },
    async reset(ref) {
      const record = context.vm(ref);
      return record.gate.run(async () => {
        context.vm(record.id);
        requireStopped(record, 'a reset');
        const { segments, buffers } = compact((await registry.plan(record.spec)).segments);
        const { stopWord } = await asIoctl(
          'init',
          record.thread.call('resetVm', { vm: record.id, segments }, buffers),
        );
        record.stopWord = stopWord;
        for (const vcpu of record.vcpus) {
          vcpu.registerVersion += 1;
          vcpu.lastExit = null;
        }
        context.action(record, null, 'reset', {});
        return view(record);
      });
    },
  };
}
