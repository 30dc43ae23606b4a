/** Every shared schema, once: for validation, serialisation and the document. */
import type { TSchema } from 'typebox';
import { COMMON } from './wire/common.ts';
import { Event } from './wire/event.ts';
import { Exit } from './wire/exit.ts';
import { GuestDebugInput, GuestDebugView } from './wire/guest-debug.ts';
import { Image, ImageInput, SymbolSchema } from './wire/image.ts';
import { Profile } from './wire/profile.ts';
import { CollectMemory, CollectRegisters, Run, RunInput } from './wire/run.ts';
import { Session, SessionInput, SessionPatch } from './wire/session.ts';
import { Translation } from './wire/translation.ts';
import { Vcpu } from './wire/vcpu.ts';
import { Vm, VmInput, VmPatch } from './wire/vm.ts';

export const COMPONENTS: readonly TSchema[] = [
  ...COMMON,
  Exit,
  Event,
  GuestDebugInput,
  GuestDebugView,
  Image,
  ImageInput,
  SymbolSchema,
  Profile,
  CollectRegisters,
  CollectMemory,
  Run,
  RunInput,
  Session,
  SessionInput,
  SessionPatch,
  Translation,
  Vcpu,
  Vm,
  VmInput,
  VmPatch,
];
