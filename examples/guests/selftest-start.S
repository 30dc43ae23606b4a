/* Entry and semihosting calls of selftest.c. Runs at EL1 with the MMU off; an exception ends the program. */
        .equ    SYS_EXIT, 0x18
        .equ    ADP_Stopped_RunTimeErrorUnknown, 0x20023

        .section .text.start, "ax"
        .globl  _start
        .type   _start, %function
_start: ldr     x0, =stack_top
        mov     sp, x0
        ldr     x0, =vectors
        msr     vbar_el1, x0
        isb
        bl      main
        b       .
        .size   _start, . - _start

        .text
        .globl  semihosting                     // long semihosting(int operation, void *parameter)
        .type   semihosting, %function
semihosting:
        hlt     #0xf000
        ret
        .size   semihosting, . - semihosting

        .section .text.vectors, "ax"
        .balign 0x800
        .globl  vectors
vectors:
        .rept   16
        adr     x1, crash
        mov     w0, #SYS_EXIT
        hlt     #0xf000
        .balign 0x80
        .endr
crash:  .quad   ADP_Stopped_RunTimeErrorUnknown, 0

        .bss
        .balign 16
        .space  4096
stack_top:
