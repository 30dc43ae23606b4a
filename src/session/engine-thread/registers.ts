/** Registers by name: names and groups to KVM ids, several at once. */
import type { Vcpu } from '../../kvm/contract.ts';
import { SessionError } from '../errors.ts';
import type { KvmBinding } from './kvm-binding.ts';

/** Ids by name, groups spelled out; `register-unknown` for a name that is none. */
export function resolveRegisters(kvm: KvmBinding, vcpu: Vcpu, names: readonly string[]): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const name of names.flatMap((entry) => kvm.registerGroup(vcpu, entry) ?? [entry])) {
    const id = kvm.registerId(vcpu, name);
    if (id === null) {
      throw new SessionError(
        'register-unknown',
        `vcpu ${vcpu.index} has no register or group called ${JSON.stringify(name)}; groups are core, simd and system.`,
      );
    }
    found.set(name, id);
  }
  return found;
}

export function readRegisters(kvm: KvmBinding, vcpu: Vcpu, names: readonly string[]): Record<string, bigint> {
  const values: Record<string, bigint> = {};
  for (const [name, id] of resolveRegisters(kvm, vcpu, names)) {
    values[name] = vcpu.getOneReg(id);
  }
  return values;
}

/** All or none: what was written before a refusal is put back. Answers what the registers then hold. */
export function writeRegisters(
  kvm: KvmBinding,
  vcpu: Vcpu,
  values: Readonly<Record<string, bigint>>,
): Record<string, bigint> {
  const names = Object.keys(values);
  const ids = resolveRegisters(kvm, vcpu, names);
  const before = names.map((name) => vcpu.getOneReg(ids.get(name)!));
  let written = 0;
  try {
    for (const name of names) {
      vcpu.setOneReg(ids.get(name)!, values[name]!);
      written += 1;
    }
  } catch (error) {
    while (written > 0) {
      written -= 1;
      vcpu.setOneReg(ids.get(names[written]!)!, before[written]!);
    }
    throw error;
  }
  return readRegisters(kvm, vcpu, names);
}
