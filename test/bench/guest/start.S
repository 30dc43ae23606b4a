/*
 * Entry of a benchmark kernel: kernel(iterations), result to `result`, then `done`. Under this project's engine a
 * breakpoint on `done` ends the run; under QEMU the semihosting call that follows it does.
 * `iterations` is the first word of .data, so that a run can choose its length: 0x40080000 is the load address,
 * the symbol table has the rest.
 */
        .section .text.start, "ax"
        .globl  _start
        .type   _start, %function
_start:
        mov     x1, #(3 << 20)                  // CPACR_EL1.FPEN: floating point is not trapped
        msr     cpacr_el1, x1
        isb
        ldr     x1, =stack_top
        mov     sp, x1
        ldr     x1, =iterations
        ldr     x0, [x1]
        bl      kernel
        ldr     x1, =result
        str     x0, [x1]
        .globl  done
        .type   done, %function
done:
        eor     x2, x0, x0, lsr #32             // fold the checksum into an exit status
        eor     x2, x2, x2, lsr #16
        eor     x2, x2, x2, lsr #8
        and     x2, x2, #0xff
        mov     x3, #0x26                       // ADP_Stopped_ApplicationExit
        movk    x3, #2, lsl #16
        stp     x3, x2, [sp, #-16]!
        mov     x1, sp
        mov     w0, #0x18                       // SYS_EXIT
        hlt     #0xf000
        b       .

        .section .data.first, "aw"
        .globl  iterations
        .type   iterations, %object
        .size   iterations, 8
iterations:
        .quad   1

        .bss
        .balign 16
        .space  65536
stack_top:
        .globl  result
        .type   result, %object
        .size   result, 8
result: .quad   0
