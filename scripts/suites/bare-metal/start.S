/*
 * A C program at EL1 with nothing below it: stack, flat map (RAM from 1 to 2 GiB; unaligned accesses need Normal
 * memory), caches, floating point, thread pointer, constructors, and semihosting calls.
 */
        .equ    BLOCK_NORMAL, 0x705             /* access flag, inner shareable, attribute 1 */
        .equ    MAIR, 0xff00                    /* 0: Device-nGnRnE, 1: Normal write-back */
        .equ    TCR, 0x803519                   /* T0SZ 25: 39 bits, 4 KiB, write-back, EPD1 */

        .section .text.start, "ax"
        .globl  _start
_start: ldr     x0, =stack_top
        mov     sp, x0
        ldr     x0, =vectors
        msr     vbar_el1, x0
        mov     x0, #3 << 20
        msr     cpacr_el1, x0
        ldr     x0, =MAIR
        msr     mair_el1, x0
        ldr     x0, =TCR
        msr     tcr_el1, x0
        ldr     x0, =level1
        msr     ttbr0_el1, x0
        isb
        tlbi    vmalle1
        dsb     sy
        isb
        mrs     x0, sctlr_el1
        ldr     x1, =0x1005                     /* M, C, I */
        orr     x0, x0, x1
        bic     x0, x0, #2                      /* A: unaligned accesses are allowed */
        msr     sctlr_el1, x0
        isb
        msr     fpcr, xzr
        msr     fpsr, xzr
        ldr     x0, =thread_pointer
        msr     tpidr_el0, x0
        mov     x29, xzr
        mov     x30, xzr
        ldr     x19, =__init_array_start
        ldr     x20, =__init_array_end
1:      cmp     x19, x20
        b.eq    2f
        ldr     x0, [x19], #8
        blr     x0
        b       1b
2:      mov     w0, #1
        ldr     x1, =arguments
        add     x2, x1, #8
        bl      main
        b       exit

        .text
        .globl  semihosting
semihosting:                                    /* long semihosting(int operation, void *parameter) */
        hlt     #0xf000
        ret

        .globl  setjmp, _setjmp
setjmp:
_setjmp:
        mov     x2, sp
        stp     x19, x20, [x0]
        stp     x21, x22, [x0, #16]
        stp     x23, x24, [x0, #32]
        stp     x25, x26, [x0, #48]
        stp     x27, x28, [x0, #64]
        stp     x29, x30, [x0, #80]
        str     x2, [x0, #96]
        stp     d8, d9, [x0, #104]
        stp     d10, d11, [x0, #120]
        stp     d12, d13, [x0, #136]
        stp     d14, d15, [x0, #152]
        mov     w0, wzr
        ret
        .globl  longjmp, _longjmp
longjmp:
_longjmp:
        ldp     x19, x20, [x0]
        ldp     x21, x22, [x0, #16]
        ldp     x23, x24, [x0, #32]
        ldp     x25, x26, [x0, #48]
        ldp     x27, x28, [x0, #64]
        ldp     x29, x30, [x0, #80]
        ldr     x2, [x0, #96]
        ldp     d8, d9, [x0, #104]
        ldp     d10, d11, [x0, #120]
        ldp     d12, d13, [x0, #136]
        ldp     d14, d15, [x0, #152]
        mov     sp, x2
        cmp     w1, #0
        csinc   w0, w1, wzr, ne
        ret

unexpected:
        ldr     x0, =stack_top
        mov     sp, x0
        mrs     x0, esr_el1
        mrs     x1, elr_el1
        mrs     x2, far_el1
        b       console_exception

        .section .text.vectors, "ax"
        .balign 0x800
vectors:
        .rept   16
        b       unexpected
        .balign 0x80
        .endr

        .data
        .balign 4096
level1: .quad   0
        .quad   0x40000000 | BLOCK_NORMAL
        .space  4096 - 16
arguments:
        .quad   program_name, 0, 0
program_name:
        .asciz  "test"
