/*
 * Entry, exception vectors and the three calls out of the guest. Runs at EL1 with the MMU off, as
 * KVM_ARM_VCPU_INIT leaves the vcpu. Built by build.sh.
 */
        .equ    UART, 0x09000000                // no memory there: each access is a KVM_EXIT_MMIO
        .equ    PSCI_SYSTEM_OFF, 0x84000008

        .macro  function name
        .globl  \name
        .type   \name, %function
\name:
        .endm
        .macro  end name
        .size   \name, . - \name
        .endm

        .section .text.start, "ax"
function _start
        ldr     x0, =stack_top
        mov     sp, x0
        ldr     x0, =vectors
        msr     vbar_el1, x0
        isb
        bl      main
        b       system_off
end _start

function system_off                             // void system_off(void)
        ldr     w0, =PSCI_SYSTEM_OFF
        hvc     #0
        b       .
end system_off

        .text
function uart_putc                              // void uart_putc(unsigned char c)
        mov     x1, #UART
        strb    w0, [x1]
        ret
end uart_putc

function trap                                   // void trap(void): the guest's own system call
        svc     #1
        ret
end trap

/* One handler for the exceptions that this guest causes itself; anything else is a bug and ends it. */
function sync_handler
        stp     x0, x1, [sp, #-16]!
        mrs     x0, esr_el1
        lsr     x0, x0, #26
        cmp     x0, #0x15                       // SVC from AArch64: ELR_EL1 is after it
        b.eq    1f
        cmp     x0, #0x3c                       // BRK: ELR_EL1 is at it, step over
        b.ne    unexpected
        mrs     x0, elr_el1
        add     x0, x0, #4
        msr     elr_el1, x0
1:      ldr     x1, =traps
        ldr     w0, [x1]
        add     w0, w0, #1
        str     w0, [x1]
        ldp     x0, x1, [sp], #16
        eret
end sync_handler

function unexpected
        mov     w0, #'!'
        bl      uart_putc
        b       system_off
end unexpected

        .macro  vector target
        .balign 0x80
        b       \target
        .endm

        .section .text.vectors, "ax"
        .balign 0x800
        .globl  vectors
vectors:
        .rept   4                               // current EL with SP_EL0: never used
        vector  unexpected
        .endr
        vector  sync_handler                    // current EL with SP_ELx
        .rept   3
        vector  unexpected
        .endr
        .rept   8                               // lower EL: there is none
        vector  unexpected
        .endr

        .bss
        .balign 16
        .space  4096
stack_top:
        .globl  traps
        .type   traps, %object
        .size   traps, 4
traps:  .word   0
