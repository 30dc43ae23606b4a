/** `struct kvm_guest_debug` on the wire: the argument of KVM_SET_GUEST_DEBUG and what the host set last. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { GuestDebug } from '../../session/types.ts';
import { hex32, hex64, parseU32, parseU64, U32, U32Input, U64, U64Input, type WireU64 } from '../codec.ts';
import { invalid } from '../problems.ts';
import { ref } from './common.ts';

/** The structure always has room for 16 of each, whatever the profile implements. */
const SLOTS = 16;

const FLAGS = {
  KVM_GUESTDBG_ENABLE: 0x1,
  KVM_GUESTDBG_SINGLESTEP: 0x2,
  KVM_GUESTDBG_USE_SW_BP: 0x1_0000,
  KVM_GUESTDBG_USE_HW: 0x2_0000,
} as const;
