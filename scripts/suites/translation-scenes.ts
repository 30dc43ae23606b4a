/** The kernel's own tables, walked from outside: its image, the linear map, stacks, pages of a program, nothing. */
import type { Scene } from './scene.ts';
import { hex } from './target.ts';

/** 48-bit kernel addresses. Source: the kernel's arch/arm64/include/asm/memory.h and Documentation/arm64/memory.rst. */
const PAGE_OFFSET = 0xffff_0000_0000_0000n;
/** The last page, whose addresses are error codes (ERR_PTR) and which is never mapped. */
const ERROR_POINTERS = 0xffff_ffff_ffff_f000n;
const PAGE = 4096n;
const BYTES = 64;
const NORMAL = 'Normal Write-Back Read-Write-Allocate';

/** Physical address of the kernel's first instruction, by its own account. */
async function codeAddress({ console, target }: Scene): Promise<bigint> {
  const text = await console.command(await target.start(), 'grep Kernel /proc/iomem', ': Kernel data');
  await target.pause();
  const digits = /([0-9a-f]+)-[0-9a-f]+ : Kernel code/.exec(text)?.[1];
  if (digits === undefined) throw new Error('/proc/iomem has no Kernel code');
  return BigInt(`0x${digits}`);
}

/** A mapped address: its physical one, its rights, and the same bytes by either. */
async function mapped(
  { checks, target }: Scene,
  what: string,
  vcpu: number,
  address: bigint,
  { physical, el0, el1 }: { readonly physical?: bigint; readonly el0: string; readonly el1: string },
): Promise<void> {
  const found = await target.translation(vcpu, address);
  const last = found.levels.at(-1);
  checks.is(`${what}: mapped`, found.ok, true);
  checks.is(`${what}: half`, found.range?.register, address >> 55n === 0n ? 'TTBR0_EL1' : 'TTBR1_EL1');
  checks.is(`${what}: offset`, BigInt(found.physical ?? 0) % PAGE, address % PAGE);
  if (physical !== undefined) checks.is(`${what}: physical`, found.physical, hex(physical));
  checks.is(`${what}: memory type`, found.mapping?.memoryType, NORMAL);
  checks.is(`${what}: shareability`, found.mapping?.shareability, 'inner');
  checks.is(`${what}: rights of EL0`, found.permissions?.el0, el0);
  checks.is(`${what}: rights of EL1`, found.permissions?.el1, el1);
  const byVirtual = await target.memory(address, BYTES, vcpu);
  checks.is(
    `${what}: bytes by either address`,
    byVirtual,
    await target.memory(BigInt(found.physical ?? 0), BYTES),
  );
  checks.note(`${what}: ${hex(address)} is ${found.physical}, a ${last?.kind} of level ${last?.level}`);
}

/** At the shell's prompt, stopped in the kernel. */
export async function walkKernel(scene: Scene): Promise<void> {
  const { checks, target, address } = scene;
  const [start, state] = [await address('_stext'), await address('system_state')];
  const text = await codeAddress(scene);
  // The image is in one piece.
  const data = text + state - start;
  await mapped(scene, "the kernel's code", 0, start, { physical: text, el0: '---', el1: 'r-x' });
  await mapped(scene, "the kernel's data", 0, state, { physical: data, el0: '---', el1: 'rw-' });

  const memstart = BigInt(`0x${reversed(await target.memory(await address('memstart_addr'), 8, 0))}`);
  const linear = (physical: bigint): bigint => physical - memstart + PAGE_OFFSET;
  await mapped(scene, 'its code in the linear map', 0, linear(text), {
    physical: text,
    el0: '---',
    el1: 'r--',
  });
  await mapped(scene, 'its data in the linear map', 0, linear(data), {
    physical: data,
    el0: '---',
    el1: 'rw-',
  });
  const [sp] = await target.registers(0, ['sp_el1']);
  const stack = sp! & ~(PAGE - 1n);
  await mapped(scene, "the idle task's stack, in the image", 0, stack, {
    physical: text + stack - start,
    el0: '---',
    el1: 'rw-',
  });

  const nothing = await target.translation(0, ERROR_POINTERS);
  checks.is('an error pointer: mapped', nothing.ok, false);
  checks.matches(
    'an error pointer: reason',
    nothing.fault?.reason ?? null,
    /^Translation fault, level [0-3]$/,
  );
  checks.matches('an error pointer: cause', nothing.fault?.cause ?? null, /bit 0 of the descriptor is 0/);
  checks.is('an error pointer: as memory', await target.memory(ERROR_POINTERS, 4, 0), 'memory-not-mapped');
  checks.note(`${hex(ERROR_POINTERS)}: ${nothing.fault?.reason}, ${nothing.fault?.cause}`);
}

/** Stopped at EL0, at `pc`. */
export async function walkUser(scene: Scene, vcpu: number, pc: bigint): Promise<void> {
  const { checks, target, address } = scene;
  await mapped(scene, "a program's code", vcpu, pc & ~63n, { el0: 'r-x', el1: 'r--' });
  const [sp] = await target.registers(vcpu, ['sp_el0']);
  await mapped(scene, "a program's stack", vcpu, sp! & ~63n, { el0: 'rw-', el1: 'rw-' });
  // Empty while the program executes: the stack pointer is behind its last page. CONFIG_VMAP_STACK.
  const [top] = await target.registers(vcpu, ['sp_el1']);
  await mapped(scene, "the program's stack in the kernel, in the vmalloc area", vcpu, top! - PAGE, {
    el0: '---',
    el1: 'rw-',
  });
  const code = await target.translation(vcpu, pc, '&access=fetch');
  checks.is("a program's code: access", [code.access.kind, code.access.el], ['fetch', 0]);
  checks.is("a program's code: fault", code.fault, undefined);
  checks.is("a program's code: nG", code.mapping?.notGlobal, true);
  checks.is("a program's code: has an ASID", (code.range?.asid ?? 0) > 0, true);
  const kernel = await target.translation(vcpu, await address('_stext'));
  checks.matches(
    "the kernel's code from EL0",
    kernel.fault?.reason ?? null,
    /^Permission fault, level [1-3]$/,
  );
  checks.is("the kernel's code from EL0: cause", kernel.fault?.cause, 'a read needs r, and EL0 has ---');
  const nothing = await target.translation(vcpu, 0n);
  checks.matches('a null pointer', nothing.fault?.reason ?? null, /^Translation fault, level [0-3]$/);
}

/** Bytes as digits, the other way round. */
function reversed(digits: string): string {
  return Buffer.from(digits, 'hex').reverse().toString('hex');
}
