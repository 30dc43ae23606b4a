/** Semihosting of a VM: what a client asks for, and what it sees. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { SemihostingSpec } from '../../session/types.ts';

export const SemihostingInput = Type.Object(
  {
    commandLine: Type.Optional(
      Type.String({
        maxLength: 2047,
        pattern: '^[ -~]*$',
        description:
          'What SYS_GET_CMDLINE answers: by custom the name of the program, then its arguments. Default empty.',
        examples: ['selftest -v'],
      }),
    ),
    files: Type.Optional(
      Type.Boolean({
        description:
          'The guest may read and write files below the directory that the operator named with --semihosting-directory; it is the root of their names. Default false: the guest finds no files.',
      }),
    ),
  },
  {
    additionalProperties: false,
    description:
      'HLT #0xf000 at EL1 is a semihosting call, as a debugger answers it: console output and input (the same console as that of a board), the end of the program with an exit status (end.reason semihosting-exit of its run), command line, heap, virtual time. Default: none, HLT is UNDEFINED as on KVM.',
  },
);

export const Semihosting = Type.Unsafe<{ commandLine: string; files: boolean } | null>({
  type: ['object', 'null'],
  properties: { commandLine: { type: 'string' }, files: { type: 'boolean' } },
  required: ['commandLine', 'files'],
  description: 'What its semihosting calls find; null when it has none.',
});

export function semihostingFromWire(input: Static<typeof SemihostingInput>): SemihostingSpec {
  return { commandLine: input.commandLine ?? '', files: input.files ?? false };
}
