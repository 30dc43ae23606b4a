/** Guest programs of a few words, assembled by hand from the Arm manual's encodings. */
export const WORDS = {
  /** b . */
  spin: '14000000',
  nop: 'd503201f',
  /** mov x0, #3 ; mov x1, #4 ; add x0, x0, x1 ; b . */
  add: ['d2800060', 'd2800081', '8b010000', '14000000'],
  /** mov x1, #0x9000000 ; str x0, [x1]: no memory there, so KVM_EXIT_MMIO. */
  mmioStore: ['d2a12001', 'f9000020'],
  /** mov x1, #0x9000000 ; ldr x0, [x1] ; b . */
  mmioLoad: ['d2a12001', 'f9400020', '14000000'],
} as const;

export const RAM = '0x40000000';

export function load(words: readonly string[]): object {
  return { load: [{ address: RAM, words }] };
}
