/** Hosts to choose from, and what they answer without a VM. */
import type { Profile } from '../kvm/contract.ts';
import { KvmError } from '../kvm/errors.ts';
import { checkHostExtension } from '../kvm/capabilities.ts';
import { customProfile, DEFAULT_PROFILE, profile, profiles } from '../kvm/profiles.ts';
import { SessionError } from './errors.ts';
import type { ProfileChoice } from './types.ts';

/** The profile that a choice names; `profile-unknown` or `profile-invalid` when there is none. */
export function resolveProfile(choice: ProfileChoice): Profile {
  const { name, kernel, custom } = choice;
  if (custom !== undefined && name !== 'custom') {
    throw new SessionError(
      'profile-invalid',
      `The members of custom change nothing of the profile ${JSON.stringify(name)}: name the profile "custom", with ${JSON.stringify(name)} as custom.base, or leave custom out.`,
    );
  }
  try {
    if (name === 'custom') {
      return customProfile({ ...custom, ...(kernel !== undefined && { kernel }) });
    }
    return profile(name, kernel);
  } catch (error) {
    if (error instanceof KvmError) {
      throw new SessionError(
        error.errno === 'ENOENT' ? 'profile-unknown' : 'profile-invalid',
        `${error.message}.`,
      );
    }
    throw error;
  }
}

/** vcpus of one VM run on one host, whatever kinds of core it has; and a host runs one kernel. */
export function requireOneKernel(profiles: readonly Profile[]): void {
  const kernels = [...new Set(profiles.map(({ kernel }) => kernel))];
  if (kernels.length > 1) {
    throw new SessionError(
      'profile-invalid',
      `The vcpus of this VM ask for the kernels ${kernels.join(' and ')}, and one host has one kernel. Give all of them the same; their profiles may differ.`,
    );
  }
}

export function allProfiles(): readonly Profile[] {
  return profiles();
}

/** KVM_CHECK_EXTENSION on the default profile's host; unknown capabilities are 0. */
export function checkDefaultHost(cap: number): number {
  return checkHostExtension(cap, profile(DEFAULT_PROFILE));
}
