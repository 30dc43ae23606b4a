/** A boot of a VM with a board, added to what else the VM is loaded with. */
import { type BootFiles, planBoot } from '../../kvm/boot.ts';
import type { VmConfig } from '../../kvm/contract.ts';
import { assert } from '../../base/assert.ts';
import { SessionError } from '../errors.ts';
import type { LoadPlan } from './load-plan.ts';

/** The load items come on top of the boot's pieces. */
export function withBoot(plan: LoadPlan, config: VmConfig, files: BootFiles): LoadPlan {
  const { board } = config;
  assert(board !== undefined, 'a boot without a board was refused');
  const boot = planBoot({ ...config, board }, files);
  if ('problem' in boot) {
    throw new SessionError('vm-spec-invalid', `The VM cannot boot this: ${boot.problem}.`);
  }
  return {
    segments: [...boot.pieces, ...plan.segments],
    occupied: [
      ...boot.pieces.map(({ address, bytes }) => ({ start: address, end: address + bytes.length })),
      ...plan.occupied,
    ],
    symbols: plan.symbols,
    entry: BigInt(boot.entry),
    arguments: boot.x.map(BigInt),
  };
}
