/**
 * A guest for a virt board with GICv3: every vcpu takes timer interrupts, takes a spin lock with exclusives, changes
 * what all share, divides and multiplies in floating point, writes its own memory, sends its letter and waits.
 */
export const INTERRUPTED = {
  /** Words as GNU as has them; every vcpu starts at the first. They find their data 1 MiB further on. */
  main: [
    0xd53800b4, // mrs x20, mpidr_el1
    0x92401e94, // and x20, x20, #0xff
    0x10003fc0, // adr x0, .+2040
    0xd518c000, // msr vbar_el1, x0
    0xd2a00600, // mov x0, #0x300000
    0xd5181040, // msr cpacr_el1, x0
    0xd5033fdf, // isb
    0xd2a80015, // mov x21, #0x40000000
    0x914402b5, // add x21, x21, #0x100, lsl #12
    0x914006b6, // add x22, x21, #0x1, lsl #12
    0x8b1442d6, // add x22, x22, x20, lsl #16
    0x914022c0, // add x0, x22, #0x8, lsl #12
    0x9100001f, // mov sp, x0
    0xd2a10157, // mov x23, #0x80a0000
    0x914042f7, // add x23, x23, #0x10, lsl #12
    0x8b1446f7, // add x23, x23, x20, lsl #17
    0x12800000, // mov w0, #0xffffffff
    0xb90082e0, // str w0, [x23, #128]
    0x52a10000, // mov w0, #0x8000000
    0xb90102e0, // str w0, [x23, #256]
    0xd2a10000, // mov x0, #0x8000000
    0x52800041, // mov w1, #0x2
    0xb9000001, // str w1, [x0]
    0xd2801fe0, // mov x0, #0xff
    0xd5184600, // msr icc_pmr_el1, x0
    0xd2800020, // mov x0, #0x1
    0xd518cce0, // msr icc_igrpen1_el1, x0
    0xd2817738, // mov x24, #0xbb9
    0x9b186298, // madd x24, x20, x24, x24
    0xd51be318, // msr cntv_tval_el0, x24
    0xd51be320, // msr cntv_ctl_el0, x0
    0xd50342ff, // msr daifclr, #0x2
    0x9e620301, // scvtf d1, x24
    0x1e6e1000, // fmov d0, #1.000000000000000000e+00
    0xc85ffea0, // ldaxr x0, [x21]
    0xb5ffffe0, // cbnz x0, .-4
    0xd2800020, // mov x0, #0x1
    0xc8017ea0, // stxr w1, x0, [x21]
    0x35ffff81, // cbnz w1, .-16
    0xf94006a2, // ldr x2, [x21, #8]
    0x8b020442, // add x2, x2, x2, lsl #1
    0x8b140042, // add x2, x2, x20
    0xd29ffe23, // mov x3, #0xfff1
    0x9ac30844, // udiv x4, x2, x3
    0x9b038882, // msub x2, x4, x3, x2
    0xf90006a2, // str x2, [x21, #8]
    0xc89ffebf, // stlr xzr, [x21]
    0x927d2045, // and x5, x2, #0xff8
    0xf8656ac6, // ldr x6, [x22, x5]
    0x8b1900c6, // add x6, x6, x25
    0xf8256ac6, // str x6, [x22, x5]
    0x1e601822, // fdiv d2, d1, d0
    0x1e622800, // fadd d0, d0, d2
    0x4e61cc03, // fmla v3.2d, v0.2d, v1.2d
    0x91000739, // add x25, x25, #0x1
    0xf240273f, // tst x25, #0x3ff
    0x54fffd41, // b.ne .-88
    0xd2a12007, // mov x7, #0x9000000
    0x11018680, // add w0, w20, #0x61
    0x390000e0, // strb w0, [x7]
    0xd503207f, // wfi
    0x17ffffe5, // b .-108
  ],
  /** Distance of the vector for IRQs from the first word: VBAR_EL1 is at 0x800. */
  irqAt: 0x800 + 0x280,
  irq: [
    0xa9bf07e0, // stp x0, x1, [sp, #-16]!
    0xd538cc00, // mrs x0, icc_iar1_el1
    0xd51be318, // msr cntv_tval_el0, x24
    0xf94802c1, // ldr x1, [x22, #4096]
    0x91000421, // add x1, x1, #0x1
    0xf90802c1, // str x1, [x22, #4096]
    0xd518cc20, // msr icc_eoir1_el1, x0
    0xa8c107e0, // ldp x0, x1, [sp], #16
    0xd69f03e0, // eret
  ],
} as const;
