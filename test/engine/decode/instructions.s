// One line for each form of each decode row; the comment is the row's name. instructions.golden holds the words that
// aarch64-linux-gnu-as makes of them: see test/oracle/README.md.
.arch armv8.4-a+crypto+fp16
adr x1, .+0x1235 // ADR
adr x30, .-0x100000 // ADR
adrp x2, .+0x5000 // ADRP
adrp x3, .-0x7000 // ADRP
add x0, sp, #0xfff // ADD (immediate)
add wsp, w3, #1, lsl #12 // ADD (immediate)
add sp, x7, #16 // ADD (immediate)
adds x0, sp, #0xfff // ADDS (immediate)
adds wzr, wsp, #1, lsl #12 // ADDS (immediate)
add x0, x1, x2 // ADD (shifted register)
add w3, w4, wzr, lsl #31 // ADD (shifted register)
add x5, xzr, x6, lsr #63 // ADD (shifted register)
add x5, x30, x6, asr #1 // ADD (shifted register)
add x0, sp, w2, uxtb #0 // ADD (extended register)
add x0, sp, w2, uxth #1 // ADD (extended register)
add x0, sp, w2, uxtw #2 // ADD (extended register)
add x0, sp, x2, uxtx #3 // ADD (extended register)
add x0, sp, w2, sxtb #4 // ADD (extended register)
add x0, sp, w2, sxth #0 // ADD (extended register)
add x0, sp, w2, sxtw #1 // ADD (extended register)
add x0, sp, x2, sxtx #2 // ADD (extended register)
add w0, wsp, w3, uxth #4 // ADD (extended register)
adds x0, x1, x2 // ADDS (shifted register)
adds w3, w4, wzr, lsl #31 // ADDS (shifted register)
adds x5, xzr, x6, lsr #63 // ADDS (shifted register)
adds x5, x30, x6, asr #1 // ADDS (shifted register)
adds x0, sp, w2, uxtb #0 // ADDS (extended register)
adds x0, sp, w2, uxth #1 // ADDS (extended register)
adds x0, sp, w2, uxtw #2 // ADDS (extended register)
adds x0, sp, x2, uxtx #3 // ADDS (extended register)
adds x0, sp, w2, sxtb #4 // ADDS (extended register)
adds x0, sp, w2, sxth #0 // ADDS (extended register)
adds x0, sp, w2, sxtw #1 // ADDS (extended register)
adds x0, sp, x2, sxtx #2 // ADDS (extended register)
adds w0, wsp, w3, uxth #4 // ADDS (extended register)
adc x1, x2, x3 // ADC
adc w1, wzr, w3 // ADC
adcs x1, x2, x3 // ADCS
adcs w1, wzr, w3 // ADCS
sub x0, sp, #0xfff // SUB (immediate)
sub wsp, w3, #1, lsl #12 // SUB (immediate)
sub sp, x7, #16 // SUB (immediate)
subs x0, sp, #0xfff // SUBS (immediate)
subs wzr, wsp, #1, lsl #12 // SUBS (immediate)
sub x0, x1, x2 // SUB (shifted register)
sub w3, w4, wzr, lsl #31 // SUB (shifted register)
sub x5, xzr, x6, lsr #63 // SUB (shifted register)
sub x5, x30, x6, asr #1 // SUB (shifted register)
sub x0, sp, w2, uxtb #0 // SUB (extended register)
sub x0, sp, w2, uxth #1 // SUB (extended register)
sub x0, sp, w2, uxtw #2 // SUB (extended register)
sub x0, sp, x2, uxtx #3 // SUB (extended register)
sub x0, sp, w2, sxtb #4 // SUB (extended register)
sub x0, sp, w2, sxth #0 // SUB (extended register)
sub x0, sp, w2, sxtw #1 // SUB (extended register)
sub x0, sp, x2, sxtx #2 // SUB (extended register)
sub w0, wsp, w3, uxth #4 // SUB (extended register)
subs x0, x1, x2 // SUBS (shifted register)
subs w3, w4, wzr, lsl #31 // SUBS (shifted register)
subs x5, xzr, x6, lsr #63 // SUBS (shifted register)
subs x5, x30, x6, asr #1 // SUBS (shifted register)
subs x0, sp, w2, uxtb #0 // SUBS (extended register)
subs x0, sp, w2, uxth #1 // SUBS (extended register)
subs x0, sp, w2, uxtw #2 // SUBS (extended register)
subs x0, sp, x2, uxtx #3 // SUBS (extended register)
subs x0, sp, w2, sxtb #4 // SUBS (extended register)
subs x0, sp, w2, sxth #0 // SUBS (extended register)
subs x0, sp, w2, sxtw #1 // SUBS (extended register)
subs x0, sp, x2, sxtx #2 // SUBS (extended register)
subs w0, wsp, w3, uxth #4 // SUBS (extended register)
sbc x1, x2, x3 // SBC
sbc w1, wzr, w3 // SBC
sbcs x1, x2, x3 // SBCS
sbcs w1, wzr, w3 // SBCS
and x1, x2, #0x5555555555555555 // AND (immediate)
and w1, w2, #0xf0000001 // AND (immediate)
and x3, xzr, #0xffffffff00000000 // AND (immediate)
and sp, x1, #0xfffffffffffffff0 // AND (immediate)
and x1, x2, x3 // AND (shifted register)
and w1, w2, w3, lsl #31 // AND (shifted register)
and x1, x2, x3, lsr #63 // AND (shifted register)
and x1, x2, x3, asr #7 // AND (shifted register)
and w1, w2, w3, ror #31 // AND (shifted register)
bic x1, x2, x3 // BIC (shifted register)
bic w1, w2, w3, lsl #31 // BIC (shifted register)
bic x1, x2, x3, lsr #63 // BIC (shifted register)
bic x1, x2, x3, asr #7 // BIC (shifted register)
bic w1, w2, w3, ror #31 // BIC (shifted register)
orr x1, x2, #0x5555555555555555 // ORR (immediate)
orr w1, w2, #0xf0000001 // ORR (immediate)
orr x3, xzr, #0xffffffff00000000 // ORR (immediate)
orr sp, x1, #0xfffffffffffffff0 // ORR (immediate)
orr x1, x2, x3 // ORR (shifted register)
orr w1, w2, w3, lsl #31 // ORR (shifted register)
orr x1, x2, x3, lsr #63 // ORR (shifted register)
orr x1, x2, x3, asr #7 // ORR (shifted register)
orr w1, w2, w3, ror #31 // ORR (shifted register)
orn x1, x2, x3 // ORN (shifted register)
orn w1, w2, w3, lsl #31 // ORN (shifted register)
orn x1, x2, x3, lsr #63 // ORN (shifted register)
orn x1, x2, x3, asr #7 // ORN (shifted register)
orn w1, w2, w3, ror #31 // ORN (shifted register)
eor x1, x2, #0x5555555555555555 // EOR (immediate)
eor w1, w2, #0xf0000001 // EOR (immediate)
eor x3, xzr, #0xffffffff00000000 // EOR (immediate)
eor sp, x1, #0xfffffffffffffff0 // EOR (immediate)
eor x1, x2, x3 // EOR (shifted register)
eor w1, w2, w3, lsl #31 // EOR (shifted register)
eor x1, x2, x3, lsr #63 // EOR (shifted register)
eor x1, x2, x3, asr #7 // EOR (shifted register)
eor w1, w2, w3, ror #31 // EOR (shifted register)
eon x1, x2, x3 // EON (shifted register)
eon w1, w2, w3, lsl #31 // EON (shifted register)
eon x1, x2, x3, lsr #63 // EON (shifted register)
eon x1, x2, x3, asr #7 // EON (shifted register)
eon w1, w2, w3, ror #31 // EON (shifted register)
ands x1, x2, #0x5555555555555555 // ANDS (immediate)
ands w1, w2, #0xf0000001 // ANDS (immediate)
ands x3, xzr, #0xffffffff00000000 // ANDS (immediate)
ands x1, x2, x3 // ANDS (shifted register)
ands w1, w2, w3, lsl #31 // ANDS (shifted register)
ands x1, x2, x3, lsr #63 // ANDS (shifted register)
ands x1, x2, x3, asr #7 // ANDS (shifted register)
ands w1, w2, w3, ror #31 // ANDS (shifted register)
bics x1, x2, x3 // BICS (shifted register)
bics w1, w2, w3, lsl #31 // BICS (shifted register)
bics x1, x2, x3, lsr #63 // BICS (shifted register)
bics x1, x2, x3, asr #7 // BICS (shifted register)
bics w1, w2, w3, ror #31 // BICS (shifted register)
mov x1, x2 // ORR (shifted register)
mov w3, w4 // ORR (shifted register)
mvn x1, x2 // ORN (shifted register)
movz x1, #0xffff, lsl #48 // MOVZ
movz w1, #5, lsl #16 // MOVZ
movn x1, #1, lsl #32 // MOVN
movn w9, #0 // MOVN
movk x1, #0xabcd, lsl #32 // MOVK
movk w1, #1, lsl #16 // MOVK
ubfx x1, x2, #3, #7 // UBFM
ubfiz x1, x2, #3, #7 // UBFM
lsr x1, x2, #63 // UBFM
lsl x1, x2, #63 // UBFM
lsr w1, w2, #31 // UBFM
lsl w1, w2, #1 // UBFM
uxtb w1, w2 // UBFM
uxth w1, w2 // UBFM
sbfx x1, x2, #3, #7 // SBFM
sbfiz w1, w2, #3, #7 // SBFM
asr x1, x2, #63 // SBFM
sxtb x1, w2 // SBFM
sxth w1, w2 // SBFM
sxtw x1, w2 // SBFM
bfxil x1, x2, #3, #7 // BFM
bfi w1, w2, #30, #2 // BFM
bfi x1, x2, #0, #64 // BFM
extr x1, x2, x3, #63 // EXTR
ror w1, w2, #31 // EXTR
b .+0x7fffffc // B
b .-0x8000000 // B
bl .+4 // BL
bl .-0x8000000 // BL
b.eq .+0 // B.cond
b.ne .+4 // B.cond
b.cs .+8 // B.cond
b.cc .+12 // B.cond
b.mi .+16 // B.cond
b.pl .+20 // B.cond
b.vs .+24 // B.cond
b.vc .+28 // B.cond
b.hi .+32 // B.cond
b.ls .+36 // B.cond
b.ge .+40 // B.cond
b.lt .+44 // B.cond
b.gt .+48 // B.cond
b.le .+52 // B.cond
b.al .+56 // B.cond
b.nv .+60 // B.cond
b.ne .-0x100000 // B.cond
cbz x1, .+8 // CBZ
cbz wzr, .-0x100000 // CBZ
cbnz x1, .+8 // CBNZ
cbnz wzr, .-0x100000 // CBNZ
tbz x1, #63, .+8 // TBZ
tbz w30, #31, .-0x8000 // TBZ
tbnz x1, #63, .+8 // TBNZ
tbnz w30, #31, .-0x8000 // TBNZ
br x17 // BR
blr x30 // BLR
ret // RET
ret x1 // RET
svc #0xffff // SVC
hvc #1 // HVC
smc #0 // SMC
brk #0xf000 // BRK
hlt #0xf000 // HLT
nop // HINT
yield // HINT
wfe // HINT
wfi // HINT
sev // HINT
sevl // HINT
hint #6 // HINT
hint #127 // HINT
clrex // CLREX
clrex #3 // CLREX
dsb sy // DSB
dsb ishst // DSB
dmb ish // DMB
dmb oshld // DMB
isb // ISB
msr daifset, #2 // MSR (immediate)
msr daifclr, #15 // MSR (immediate)
msr spsel, #0 // MSR (immediate)
ic ivau, x3 // SYS
dc civac, x1 // SYS
tlbi vmalle1is // SYS
at s1e1r, x0 // SYS
dc zva, x9 // SYS
sysl x1, #0, c7, c1, #0 // SYSL
msr tpidr_el0, x3 // MSR (register)
msr s3_7_c15_c15_7, xzr // MSR (register)
msr mdscr_el1, x1 // MSR (register)
mrs x1, tpidr_el0 // MRS
mrs x3, s3_7_c15_c15_7 // MRS
mrs x2, dbgbcr0_el1 // MRS
eret // ERET
drps // DRPS
stxrb w1, w2, [sp] // STXR
stxrh w1, w2, [sp] // STXR
stxr w1, w2, [sp] // STXR
stxr w1, x2, [sp] // STXR
stlxrb w1, w2, [sp] // STLXR
stlxrh w1, w2, [sp] // STLXR
stlxr w1, w2, [sp] // STLXR
stlxr w1, x2, [sp] // STLXR
ldxrb w2, [x30] // LDXR
ldxrh w2, [x30] // LDXR
ldxr w2, [x30] // LDXR
ldxr x2, [x30] // LDXR
ldxr xzr, [sp] // LDXR
ldaxrb w2, [x30] // LDAXR
ldaxrh w2, [x30] // LDAXR
ldaxr w2, [x30] // LDAXR
ldaxr x2, [x30] // LDAXR
ldaxr xzr, [sp] // LDAXR
ldarb w2, [x30] // LDAR
ldarh w2, [x30] // LDAR
ldar w2, [x30] // LDAR
ldar x2, [x30] // LDAR
ldar xzr, [sp] // LDAR
stlrb w2, [x30] // STLR
stlrh w2, [x30] // STLR
stlr w2, [x30] // STLR
stlr x2, [x30] // STLR
stlr xzr, [sp] // STLR
ldlarb w2, [x30] // LDLAR
ldlarh w2, [x30] // LDLAR
ldlar w2, [x30] // LDLAR
ldlar x2, [x30] // LDLAR
ldlar xzr, [sp] // LDLAR
stllrb w2, [x30] // STLLR
stllrh w2, [x30] // STLLR
stllr w2, [x30] // STLLR
stllr x2, [x30] // STLLR
stllr xzr, [sp] // STLLR
ldaprb w2, [x30] // LDAPR
ldaprh w2, [x30] // LDAPR
ldapr w2, [x30] // LDAPR
ldapr x2, [x30] // LDAPR
ldapr xzr, [sp] // LDAPR
stxp w1, w2, w3, [sp] // STXP
stxp wzr, x2, x3, [x4] // STXP
stlxp w1, w2, w3, [sp] // STLXP
stlxp wzr, x2, x3, [x4] // STLXP
ldxp w2, w3, [sp] // LDXP
ldxp x2, xzr, [x4] // LDXP
ldaxp w2, w3, [sp] // LDAXP
ldaxp x2, xzr, [x4] // LDAXP
ldaddb w1, w2, [x3] // LDADD
ldaddlh w1, w2, [sp] // LDADD
ldadda w1, wzr, [x3] // LDADD
ldaddal x1, x2, [x3] // LDADD
stadd w1, [x2] // LDADD
staddl x1, [sp] // LDADD
ldclrb w1, w2, [x3] // LDCLR
ldclrlh w1, w2, [sp] // LDCLR
ldclra w1, wzr, [x3] // LDCLR
ldclral x1, x2, [x3] // LDCLR
stclr w1, [x2] // LDCLR
stclrl x1, [sp] // LDCLR
ldeorb w1, w2, [x3] // LDEOR
ldeorlh w1, w2, [sp] // LDEOR
ldeora w1, wzr, [x3] // LDEOR
ldeoral x1, x2, [x3] // LDEOR
steor w1, [x2] // LDEOR
steorl x1, [sp] // LDEOR
ldsetb w1, w2, [x3] // LDSET
ldsetlh w1, w2, [sp] // LDSET
ldseta w1, wzr, [x3] // LDSET
ldsetal x1, x2, [x3] // LDSET
stset w1, [x2] // LDSET
stsetl x1, [sp] // LDSET
ldsmaxb w1, w2, [x3] // LDSMAX
ldsmaxlh w1, w2, [sp] // LDSMAX
ldsmaxa w1, wzr, [x3] // LDSMAX
ldsmaxal x1, x2, [x3] // LDSMAX
stsmax w1, [x2] // LDSMAX
stsmaxl x1, [sp] // LDSMAX
ldsminb w1, w2, [x3] // LDSMIN
ldsminlh w1, w2, [sp] // LDSMIN
ldsmina w1, wzr, [x3] // LDSMIN
ldsminal x1, x2, [x3] // LDSMIN
stsmin w1, [x2] // LDSMIN
stsminl x1, [sp] // LDSMIN
ldumaxb w1, w2, [x3] // LDUMAX
ldumaxlh w1, w2, [sp] // LDUMAX
ldumaxa w1, wzr, [x3] // LDUMAX
ldumaxal x1, x2, [x3] // LDUMAX
stumax w1, [x2] // LDUMAX
stumaxl x1, [sp] // LDUMAX
lduminb w1, w2, [x3] // LDUMIN
lduminlh w1, w2, [sp] // LDUMIN
ldumina w1, wzr, [x3] // LDUMIN
lduminal x1, x2, [x3] // LDUMIN
stumin w1, [x2] // LDUMIN
stuminl x1, [sp] // LDUMIN
swpb w1, w2, [x3] // SWP
swplh w1, w2, [sp] // SWP
swpa w1, wzr, [x3] // SWP
swpal x1, x2, [x3] // SWP
casb w1, w2, [x3] // CAS
cash w1, w2, [sp] // CAS
casa w1, wzr, [x3] // CAS
casal x1, x2, [x3] // CAS
casp w2, w3, w4, w5, [sp] // CASP
caspal x30, xzr, x28, x29, [x1] // CASP
ldr w1, .+0xffffc // LDR (32-bit) (literal)
ldr x1, .-0x100000 // LDR (64-bit) (literal)
ldrsw x1, .+4 // LDRSW (literal)
prfm pldl1keep, .+8 // PRFM (literal)
ldr s31, .+8 // LDR (32-bit SIMD&FP) (literal)
ldr d31, .+8 // LDR (64-bit SIMD&FP) (literal)
ldr q31, .+8 // LDR (128-bit SIMD&FP) (literal)
stp w1, w2, [sp, #252] // STP (32-bit) (signed offset)
stp w1, w2, [x3, #-256]! // STP (32-bit) (pre-index)
stp w1, w2, [sp], #4 // STP (32-bit) (post-index)
stnp w1, w2, [x3, #-4] // STNP (32-bit)
ldp w1, w2, [sp, #252] // LDP (32-bit) (signed offset)
ldp w1, w2, [x3, #-256]! // LDP (32-bit) (pre-index)
ldp w1, w2, [sp], #4 // LDP (32-bit) (post-index)
ldnp w1, w2, [x3, #-4] // LDNP (32-bit)
stp x1, x2, [sp, #504] // STP (64-bit) (signed offset)
stp x1, x2, [x3, #-512]! // STP (64-bit) (pre-index)
stp x1, x2, [sp], #8 // STP (64-bit) (post-index)
stnp x1, x2, [x3, #-8] // STNP (64-bit)
ldp x1, x2, [sp, #504] // LDP (64-bit) (signed offset)
ldp x1, x2, [x3, #-512]! // LDP (64-bit) (pre-index)
ldp x1, x2, [sp], #8 // LDP (64-bit) (post-index)
ldnp x1, x2, [x3, #-8] // LDNP (64-bit)
stp s1, s2, [sp, #252] // STP (32-bit SIMD&FP) (signed offset)
stp s1, s2, [x3, #-256]! // STP (32-bit SIMD&FP) (pre-index)
stp s1, s2, [sp], #4 // STP (32-bit SIMD&FP) (post-index)
stnp s1, s2, [x3, #-4] // STNP (32-bit SIMD&FP)
ldp s1, s2, [sp, #252] // LDP (32-bit SIMD&FP) (signed offset)
ldp s1, s2, [x3, #-256]! // LDP (32-bit SIMD&FP) (pre-index)
ldp s1, s2, [sp], #4 // LDP (32-bit SIMD&FP) (post-index)
ldnp s1, s2, [x3, #-4] // LDNP (32-bit SIMD&FP)
stp d1, d2, [sp, #504] // STP (64-bit SIMD&FP) (signed offset)
stp d1, d2, [x3, #-512]! // STP (64-bit SIMD&FP) (pre-index)
stp d1, d2, [sp], #8 // STP (64-bit SIMD&FP) (post-index)
stnp d1, d2, [x3, #-8] // STNP (64-bit SIMD&FP)
ldp d1, d2, [sp, #504] // LDP (64-bit SIMD&FP) (signed offset)
ldp d1, d2, [x3, #-512]! // LDP (64-bit SIMD&FP) (pre-index)
ldp d1, d2, [sp], #8 // LDP (64-bit SIMD&FP) (post-index)
ldnp d1, d2, [x3, #-8] // LDNP (64-bit SIMD&FP)
stp q1, q2, [sp, #1008] // STP (128-bit SIMD&FP) (signed offset)
stp q1, q2, [x3, #-1024]! // STP (128-bit SIMD&FP) (pre-index)
stp q1, q2, [sp], #16 // STP (128-bit SIMD&FP) (post-index)
stnp q1, q2, [x3, #-16] // STNP (128-bit SIMD&FP)
ldp q1, q2, [sp, #1008] // LDP (128-bit SIMD&FP) (signed offset)
ldp q1, q2, [x3, #-1024]! // LDP (128-bit SIMD&FP) (pre-index)
ldp q1, q2, [sp], #16 // LDP (128-bit SIMD&FP) (post-index)
ldnp q1, q2, [x3, #-16] // LDNP (128-bit SIMD&FP)
ldpsw x1, x2, [x3] // LDPSW (signed offset)
ldpsw x1, x2, [x3, #4]! // LDPSW (pre-index)
ldpsw x1, x2, [x3], #-256 // LDPSW (post-index)
strb w1, [sp, #4095] // STRB (unsigned offset)
strb w30, [x30] // STRB (unsigned offset)
strb w1, [sp], #-256 // STRB (post-index)
strb w1, [x2, #255]! // STRB (pre-index)
sturb w1, [sp, #-1] // STURB
strb w1, [sp, x2] // STRB (register offset)
strb w1, [x3, x2, lsl #0] // STRB (register offset)
strb w1, [x3, w2, uxtw] // STRB (register offset)
strb w1, [x3, w2, sxtw #0] // STRB (register offset)
strb w1, [x3, xzr, sxtx] // STRB (register offset)
sttrb w1, [sp, #-1] // STTRB
ldrb w1, [sp, #4095] // LDRB (unsigned offset)
ldrb w30, [x30] // LDRB (unsigned offset)
ldrb w1, [sp], #-256 // LDRB (post-index)
ldrb w1, [x2, #255]! // LDRB (pre-index)
ldurb w1, [sp, #-1] // LDURB
ldrb w1, [sp, x2] // LDRB (register offset)
ldrb w1, [x3, x2, lsl #0] // LDRB (register offset)
ldrb w1, [x3, w2, uxtw] // LDRB (register offset)
ldrb w1, [x3, w2, sxtw #0] // LDRB (register offset)
ldrb w1, [x3, xzr, sxtx] // LDRB (register offset)
ldtrb w1, [sp, #-1] // LDTRB
ldrsb x1, [sp, #4095] // LDRSB (64-bit) (unsigned offset)
ldrsb x30, [x30] // LDRSB (64-bit) (unsigned offset)
ldrsb x1, [sp], #-256 // LDRSB (64-bit) (post-index)
ldrsb x1, [x2, #255]! // LDRSB (64-bit) (pre-index)
ldursb x1, [sp, #-1] // LDURSB (64-bit)
ldrsb x1, [sp, x2] // LDRSB (64-bit) (register offset)
ldrsb x1, [x3, x2, lsl #0] // LDRSB (64-bit) (register offset)
ldrsb x1, [x3, w2, uxtw] // LDRSB (64-bit) (register offset)
ldrsb x1, [x3, w2, sxtw #0] // LDRSB (64-bit) (register offset)
ldrsb x1, [x3, xzr, sxtx] // LDRSB (64-bit) (register offset)
ldtrsb x1, [sp, #-1] // LDTRSB (64-bit)
ldrsb w1, [sp, #4095] // LDRSB (32-bit) (unsigned offset)
ldrsb w30, [x30] // LDRSB (32-bit) (unsigned offset)
ldrsb w1, [sp], #-256 // LDRSB (32-bit) (post-index)
ldrsb w1, [x2, #255]! // LDRSB (32-bit) (pre-index)
ldursb w1, [sp, #-1] // LDURSB (32-bit)
ldrsb w1, [sp, x2] // LDRSB (32-bit) (register offset)
ldrsb w1, [x3, x2, lsl #0] // LDRSB (32-bit) (register offset)
ldrsb w1, [x3, w2, uxtw] // LDRSB (32-bit) (register offset)
ldrsb w1, [x3, w2, sxtw #0] // LDRSB (32-bit) (register offset)
ldrsb w1, [x3, xzr, sxtx] // LDRSB (32-bit) (register offset)
ldtrsb w1, [sp, #-1] // LDTRSB (32-bit)
strh w1, [sp, #8190] // STRH (unsigned offset)
strh w30, [x30] // STRH (unsigned offset)
strh w1, [sp], #-256 // STRH (post-index)
strh w1, [x2, #255]! // STRH (pre-index)
sturh w1, [sp, #-1] // STURH
strh w1, [sp, x2] // STRH (register offset)
strh w1, [x3, x2, lsl #1] // STRH (register offset)
strh w1, [x3, w2, uxtw] // STRH (register offset)
strh w1, [x3, w2, sxtw #1] // STRH (register offset)
strh w1, [x3, xzr, sxtx] // STRH (register offset)
sttrh w1, [sp, #-1] // STTRH
ldrh w1, [sp, #8190] // LDRH (unsigned offset)
ldrh w30, [x30] // LDRH (unsigned offset)
ldrh w1, [sp], #-256 // LDRH (post-index)
ldrh w1, [x2, #255]! // LDRH (pre-index)
ldurh w1, [sp, #-1] // LDURH
ldrh w1, [sp, x2] // LDRH (register offset)
ldrh w1, [x3, x2, lsl #1] // LDRH (register offset)
ldrh w1, [x3, w2, uxtw] // LDRH (register offset)
ldrh w1, [x3, w2, sxtw #1] // LDRH (register offset)
ldrh w1, [x3, xzr, sxtx] // LDRH (register offset)
ldtrh w1, [sp, #-1] // LDTRH
ldrsh x1, [sp, #8190] // LDRSH (64-bit) (unsigned offset)
ldrsh x30, [x30] // LDRSH (64-bit) (unsigned offset)
ldrsh x1, [sp], #-256 // LDRSH (64-bit) (post-index)
ldrsh x1, [x2, #255]! // LDRSH (64-bit) (pre-index)
ldursh x1, [sp, #-1] // LDURSH (64-bit)
ldrsh x1, [sp, x2] // LDRSH (64-bit) (register offset)
ldrsh x1, [x3, x2, lsl #1] // LDRSH (64-bit) (register offset)
ldrsh x1, [x3, w2, uxtw] // LDRSH (64-bit) (register offset)
ldrsh x1, [x3, w2, sxtw #1] // LDRSH (64-bit) (register offset)
ldrsh x1, [x3, xzr, sxtx] // LDRSH (64-bit) (register offset)
ldtrsh x1, [sp, #-1] // LDTRSH (64-bit)
ldrsh w1, [sp, #8190] // LDRSH (32-bit) (unsigned offset)
ldrsh w30, [x30] // LDRSH (32-bit) (unsigned offset)
ldrsh w1, [sp], #-256 // LDRSH (32-bit) (post-index)
ldrsh w1, [x2, #255]! // LDRSH (32-bit) (pre-index)
ldursh w1, [sp, #-1] // LDURSH (32-bit)
ldrsh w1, [sp, x2] // LDRSH (32-bit) (register offset)
ldrsh w1, [x3, x2, lsl #1] // LDRSH (32-bit) (register offset)
ldrsh w1, [x3, w2, uxtw] // LDRSH (32-bit) (register offset)
ldrsh w1, [x3, w2, sxtw #1] // LDRSH (32-bit) (register offset)
ldrsh w1, [x3, xzr, sxtx] // LDRSH (32-bit) (register offset)
ldtrsh w1, [sp, #-1] // LDTRSH (32-bit)
str w1, [sp, #16380] // STR (32-bit) (unsigned offset)
str w30, [x30] // STR (32-bit) (unsigned offset)
str w1, [sp], #-256 // STR (32-bit) (post-index)
str w1, [x2, #255]! // STR (32-bit) (pre-index)
stur w1, [sp, #-1] // STUR (32-bit)
str w1, [sp, x2] // STR (32-bit) (register offset)
str w1, [x3, x2, lsl #2] // STR (32-bit) (register offset)
str w1, [x3, w2, uxtw] // STR (32-bit) (register offset)
str w1, [x3, w2, sxtw #2] // STR (32-bit) (register offset)
str w1, [x3, xzr, sxtx] // STR (32-bit) (register offset)
sttr w1, [sp, #-1] // STTR (32-bit)
ldr w1, [sp, #16380] // LDR (32-bit) (unsigned offset)
ldr w30, [x30] // LDR (32-bit) (unsigned offset)
ldr w1, [sp], #-256 // LDR (32-bit) (post-index)
ldr w1, [x2, #255]! // LDR (32-bit) (pre-index)
ldur w1, [sp, #-1] // LDUR (32-bit)
ldr w1, [sp, x2] // LDR (32-bit) (register offset)
ldr w1, [x3, x2, lsl #2] // LDR (32-bit) (register offset)
ldr w1, [x3, w2, uxtw] // LDR (32-bit) (register offset)
ldr w1, [x3, w2, sxtw #2] // LDR (32-bit) (register offset)
ldr w1, [x3, xzr, sxtx] // LDR (32-bit) (register offset)
ldtr w1, [sp, #-1] // LDTR (32-bit)
ldrsw x1, [sp, #16380] // LDRSW (unsigned offset)
ldrsw x30, [x30] // LDRSW (unsigned offset)
ldrsw x1, [sp], #-256 // LDRSW (post-index)
ldrsw x1, [x2, #255]! // LDRSW (pre-index)
ldursw x1, [sp, #-1] // LDURSW
ldrsw x1, [sp, x2] // LDRSW (register offset)
ldrsw x1, [x3, x2, lsl #2] // LDRSW (register offset)
ldrsw x1, [x3, w2, uxtw] // LDRSW (register offset)
ldrsw x1, [x3, w2, sxtw #2] // LDRSW (register offset)
ldrsw x1, [x3, xzr, sxtx] // LDRSW (register offset)
ldtrsw x1, [sp, #-1] // LDTRSW
str x1, [sp, #32760] // STR (64-bit) (unsigned offset)
str x30, [x30] // STR (64-bit) (unsigned offset)
str x1, [sp], #-256 // STR (64-bit) (post-index)
str x1, [x2, #255]! // STR (64-bit) (pre-index)
stur x1, [sp, #-1] // STUR (64-bit)
str x1, [sp, x2] // STR (64-bit) (register offset)
str x1, [x3, x2, lsl #3] // STR (64-bit) (register offset)
str x1, [x3, w2, uxtw] // STR (64-bit) (register offset)
str x1, [x3, w2, sxtw #3] // STR (64-bit) (register offset)
str x1, [x3, xzr, sxtx] // STR (64-bit) (register offset)
sttr x1, [sp, #-1] // STTR (64-bit)
ldr x1, [sp, #32760] // LDR (64-bit) (unsigned offset)
ldr x30, [x30] // LDR (64-bit) (unsigned offset)
ldr x1, [sp], #-256 // LDR (64-bit) (post-index)
ldr x1, [x2, #255]! // LDR (64-bit) (pre-index)
ldur x1, [sp, #-1] // LDUR (64-bit)
ldr x1, [sp, x2] // LDR (64-bit) (register offset)
ldr x1, [x3, x2, lsl #3] // LDR (64-bit) (register offset)
ldr x1, [x3, w2, uxtw] // LDR (64-bit) (register offset)
ldr x1, [x3, w2, sxtw #3] // LDR (64-bit) (register offset)
ldr x1, [x3, xzr, sxtx] // LDR (64-bit) (register offset)
ldtr x1, [sp, #-1] // LDTR (64-bit)
str b1, [sp, #4095] // STR (8-bit SIMD&FP) (unsigned offset)
str b30, [x30] // STR (8-bit SIMD&FP) (unsigned offset)
str b1, [sp], #-256 // STR (8-bit SIMD&FP) (post-index)
str b1, [x2, #255]! // STR (8-bit SIMD&FP) (pre-index)
stur b1, [sp, #-1] // STUR (8-bit SIMD&FP)
str b1, [sp, x2] // STR (8-bit SIMD&FP) (register offset)
str b1, [x3, x2, lsl #0] // STR (8-bit SIMD&FP) (register offset)
str b1, [x3, w2, uxtw] // STR (8-bit SIMD&FP) (register offset)
str b1, [x3, w2, sxtw #0] // STR (8-bit SIMD&FP) (register offset)
str b1, [x3, xzr, sxtx] // STR (8-bit SIMD&FP) (register offset)
ldr b1, [sp, #4095] // LDR (8-bit SIMD&FP) (unsigned offset)
ldr b30, [x30] // LDR (8-bit SIMD&FP) (unsigned offset)
ldr b1, [sp], #-256 // LDR (8-bit SIMD&FP) (post-index)
ldr b1, [x2, #255]! // LDR (8-bit SIMD&FP) (pre-index)
ldur b1, [sp, #-1] // LDUR (8-bit SIMD&FP)
ldr b1, [sp, x2] // LDR (8-bit SIMD&FP) (register offset)
ldr b1, [x3, x2, lsl #0] // LDR (8-bit SIMD&FP) (register offset)
ldr b1, [x3, w2, uxtw] // LDR (8-bit SIMD&FP) (register offset)
ldr b1, [x3, w2, sxtw #0] // LDR (8-bit SIMD&FP) (register offset)
ldr b1, [x3, xzr, sxtx] // LDR (8-bit SIMD&FP) (register offset)
str h1, [sp, #8190] // STR (16-bit SIMD&FP) (unsigned offset)
str h30, [x30] // STR (16-bit SIMD&FP) (unsigned offset)
str h1, [sp], #-256 // STR (16-bit SIMD&FP) (post-index)
str h1, [x2, #255]! // STR (16-bit SIMD&FP) (pre-index)
stur h1, [sp, #-1] // STUR (16-bit SIMD&FP)
str h1, [sp, x2] // STR (16-bit SIMD&FP) (register offset)
str h1, [x3, x2, lsl #1] // STR (16-bit SIMD&FP) (register offset)
str h1, [x3, w2, uxtw] // STR (16-bit SIMD&FP) (register offset)
str h1, [x3, w2, sxtw #1] // STR (16-bit SIMD&FP) (register offset)
str h1, [x3, xzr, sxtx] // STR (16-bit SIMD&FP) (register offset)
ldr h1, [sp, #8190] // LDR (16-bit SIMD&FP) (unsigned offset)
ldr h30, [x30] // LDR (16-bit SIMD&FP) (unsigned offset)
ldr h1, [sp], #-256 // LDR (16-bit SIMD&FP) (post-index)
ldr h1, [x2, #255]! // LDR (16-bit SIMD&FP) (pre-index)
ldur h1, [sp, #-1] // LDUR (16-bit SIMD&FP)
ldr h1, [sp, x2] // LDR (16-bit SIMD&FP) (register offset)
ldr h1, [x3, x2, lsl #1] // LDR (16-bit SIMD&FP) (register offset)
ldr h1, [x3, w2, uxtw] // LDR (16-bit SIMD&FP) (register offset)
ldr h1, [x3, w2, sxtw #1] // LDR (16-bit SIMD&FP) (register offset)
ldr h1, [x3, xzr, sxtx] // LDR (16-bit SIMD&FP) (register offset)
str s1, [sp, #16380] // STR (32-bit SIMD&FP) (unsigned offset)
str s30, [x30] // STR (32-bit SIMD&FP) (unsigned offset)
str s1, [sp], #-256 // STR (32-bit SIMD&FP) (post-index)
str s1, [x2, #255]! // STR (32-bit SIMD&FP) (pre-index)
stur s1, [sp, #-1] // STUR (32-bit SIMD&FP)
str s1, [sp, x2] // STR (32-bit SIMD&FP) (register offset)
str s1, [x3, x2, lsl #2] // STR (32-bit SIMD&FP) (register offset)
str s1, [x3, w2, uxtw] // STR (32-bit SIMD&FP) (register offset)
str s1, [x3, w2, sxtw #2] // STR (32-bit SIMD&FP) (register offset)
str s1, [x3, xzr, sxtx] // STR (32-bit SIMD&FP) (register offset)
ldr s1, [sp, #16380] // LDR (32-bit SIMD&FP) (unsigned offset)
ldr s30, [x30] // LDR (32-bit SIMD&FP) (unsigned offset)
ldr s1, [sp], #-256 // LDR (32-bit SIMD&FP) (post-index)
ldr s1, [x2, #255]! // LDR (32-bit SIMD&FP) (pre-index)
ldur s1, [sp, #-1] // LDUR (32-bit SIMD&FP)
ldr s1, [sp, x2] // LDR (32-bit SIMD&FP) (register offset)
ldr s1, [x3, x2, lsl #2] // LDR (32-bit SIMD&FP) (register offset)
ldr s1, [x3, w2, uxtw] // LDR (32-bit SIMD&FP) (register offset)
ldr s1, [x3, w2, sxtw #2] // LDR (32-bit SIMD&FP) (register offset)
ldr s1, [x3, xzr, sxtx] // LDR (32-bit SIMD&FP) (register offset)
str d1, [sp, #32760] // STR (64-bit SIMD&FP) (unsigned offset)
str d30, [x30] // STR (64-bit SIMD&FP) (unsigned offset)
str d1, [sp], #-256 // STR (64-bit SIMD&FP) (post-index)
str d1, [x2, #255]! // STR (64-bit SIMD&FP) (pre-index)
stur d1, [sp, #-1] // STUR (64-bit SIMD&FP)
str d1, [sp, x2] // STR (64-bit SIMD&FP) (register offset)
str d1, [x3, x2, lsl #3] // STR (64-bit SIMD&FP) (register offset)
str d1, [x3, w2, uxtw] // STR (64-bit SIMD&FP) (register offset)
str d1, [x3, w2, sxtw #3] // STR (64-bit SIMD&FP) (register offset)
str d1, [x3, xzr, sxtx] // STR (64-bit SIMD&FP) (register offset)
ldr d1, [sp, #32760] // LDR (64-bit SIMD&FP) (unsigned offset)
ldr d30, [x30] // LDR (64-bit SIMD&FP) (unsigned offset)
ldr d1, [sp], #-256 // LDR (64-bit SIMD&FP) (post-index)
ldr d1, [x2, #255]! // LDR (64-bit SIMD&FP) (pre-index)
ldur d1, [sp, #-1] // LDUR (64-bit SIMD&FP)
ldr d1, [sp, x2] // LDR (64-bit SIMD&FP) (register offset)
ldr d1, [x3, x2, lsl #3] // LDR (64-bit SIMD&FP) (register offset)
ldr d1, [x3, w2, uxtw] // LDR (64-bit SIMD&FP) (register offset)
ldr d1, [x3, w2, sxtw #3] // LDR (64-bit SIMD&FP) (register offset)
ldr d1, [x3, xzr, sxtx] // LDR (64-bit SIMD&FP) (register offset)
str q1, [sp, #65520] // STR (128-bit SIMD&FP) (unsigned offset)
str q30, [x30] // STR (128-bit SIMD&FP) (unsigned offset)
str q1, [sp], #-256 // STR (128-bit SIMD&FP) (post-index)
str q1, [x2, #255]! // STR (128-bit SIMD&FP) (pre-index)
stur q1, [sp, #-1] // STUR (128-bit SIMD&FP)
str q1, [sp, x2] // STR (128-bit SIMD&FP) (register offset)
str q1, [x3, x2, lsl #4] // STR (128-bit SIMD&FP) (register offset)
str q1, [x3, w2, uxtw] // STR (128-bit SIMD&FP) (register offset)
str q1, [x3, w2, sxtw #4] // STR (128-bit SIMD&FP) (register offset)
str q1, [x3, xzr, sxtx] // STR (128-bit SIMD&FP) (register offset)
ldr q1, [sp, #65520] // LDR (128-bit SIMD&FP) (unsigned offset)
ldr q30, [x30] // LDR (128-bit SIMD&FP) (unsigned offset)
ldr q1, [sp], #-256 // LDR (128-bit SIMD&FP) (post-index)
ldr q1, [x2, #255]! // LDR (128-bit SIMD&FP) (pre-index)
ldur q1, [sp, #-1] // LDUR (128-bit SIMD&FP)
ldr q1, [sp, x2] // LDR (128-bit SIMD&FP) (register offset)
ldr q1, [x3, x2, lsl #4] // LDR (128-bit SIMD&FP) (register offset)
ldr q1, [x3, w2, uxtw] // LDR (128-bit SIMD&FP) (register offset)
ldr q1, [x3, w2, sxtw #4] // LDR (128-bit SIMD&FP) (register offset)
ldr q1, [x3, xzr, sxtx] // LDR (128-bit SIMD&FP) (register offset)
prfm pldl1keep, [x1, #8] // PRFM (immediate)
prfum pldl1keep, [x1, #-1] // PRFUM
prfm pstl3strm, [x1, x2, lsl #3] // PRFM (register)
ccmn x1, x2, #15, ne // CCMN (register)
ccmn w1, wzr, #0, al // CCMN (register)
ccmn x1, #31, #1, eq // CCMN (immediate)
ccmn w1, #0, #8, lt // CCMN (immediate)
ccmp x1, x2, #15, ne // CCMP (register)
ccmp w1, wzr, #0, al // CCMP (register)
ccmp x1, #31, #1, eq // CCMP (immediate)
ccmp w1, #0, #8, lt // CCMP (immediate)
csel x1, x2, x3, ge // CSEL
csel w1, wzr, w3, vs // CSEL
csinc x1, x2, x3, ge // CSINC
csinc w1, wzr, w3, vs // CSINC
csinv x1, x2, x3, ge // CSINV
csinv w1, wzr, w3, vs // CSINV
csneg x1, x2, x3, ge // CSNEG
csneg w1, wzr, w3, vs // CSNEG
cset x1, eq // CSINC
csetm w1, eq // CSINV
rbit x1, x2 // RBIT
rbit w1, w2 // RBIT
rev16 x1, x2 // REV16
rev16 w1, w2 // REV16
clz x1, x2 // CLZ
clz w1, w2 // CLZ
cls x1, x2 // CLS
cls w1, w2 // CLS
rev w1, w2 // REV (32-bit)
rev32 x1, x2 // REV32
rev x1, x2 // REV (64-bit)
udiv x1, x2, x3 // UDIV
udiv w1, w2, w3 // UDIV
sdiv x1, x2, x3 // SDIV
sdiv w1, w2, w3 // SDIV
lslv x1, x2, x3 // LSLV
lslv w1, w2, w3 // LSLV
lsrv x1, x2, x3 // LSRV
lsrv w1, w2, w3 // LSRV
asrv x1, x2, x3 // ASRV
asrv w1, w2, w3 // ASRV
rorv x1, x2, x3 // RORV
rorv w1, w2, w3 // RORV
crc32b w1, w2, w3 // CRC32
crc32h w1, w2, w3 // CRC32
crc32w w1, w2, w3 // CRC32
crc32x w1, w2, x3 // CRC32
crc32cb w1, w2, w3 // CRC32C
crc32ch w1, w2, w3 // CRC32C
crc32cw w1, w2, w3 // CRC32C
crc32cx w1, w2, x3 // CRC32C
madd x1, x2, x3, x4 // MADD
madd w1, w2, w3, wzr // MADD
msub x1, x2, x3, x4 // MSUB
msub w1, w2, w3, wzr // MSUB
smaddl x1, w2, w3, x4 // SMADDL
smsubl x1, w2, w3, x4 // SMSUBL
umaddl x1, w2, w3, x4 // UMADDL
umsubl x1, w2, w3, x4 // UMSUBL
smulh x1, x2, x3 // SMULH
umulh x1, x2, x3 // UMULH
dup v1.16b, v2.b[15] // DUP (element)
dup v1.8b, v2.b[0] // DUP (element)
dup v1.4h, v2.h[7] // DUP (element)
dup v1.4s, v2.s[3] // DUP (element)
dup v1.2d, v2.d[1] // DUP (element)
dup v1.16b, w2 // DUP (general)
dup v1.4h, w2 // DUP (general)
dup v1.2s, wzr // DUP (general)
dup v1.2d, x2 // DUP (general)
dup b1, v2.b[15] // DUP (element, scalar)
dup h1, v2.h[1] // DUP (element, scalar)
dup s1, v2.s[3] // DUP (element, scalar)
dup d1, v2.d[1] // DUP (element, scalar)
smov w1, v2.b[15] // SMOV
smov x1, v2.b[3] // SMOV
smov w1, v2.h[7] // SMOV
smov x1, v2.s[3] // SMOV
umov w1, v2.b[15] // UMOV
umov w1, v2.h[7] // UMOV
umov w1, v2.s[3] // UMOV
umov x1, v2.d[1] // UMOV
ins v1.b[15], w2 // INS (general)
ins v1.h[7], w2 // INS (general)
ins v1.s[3], w2 // INS (general)
ins v1.d[1], x2 // INS (general)
ins v1.b[15], v2.b[3] // INS (element)
ins v1.h[7], v2.h[0] // INS (element)
ins v1.s[3], v2.s[2] // INS (element)
ins v1.d[1], v2.d[0] // INS (element)
and v1.8b, v2.8b, v3.8b // AND (vector)
and v1.16b, v2.16b, v3.16b // AND (vector)
bic v1.8b, v2.8b, v3.8b // BIC (vector)
bic v1.16b, v2.16b, v3.16b // BIC (vector)
orr v1.8b, v2.8b, v3.8b // ORR (vector)
orr v1.16b, v2.16b, v3.16b // ORR (vector)
orn v1.8b, v2.8b, v3.8b // ORN (vector)
orn v1.16b, v2.16b, v3.16b // ORN (vector)
eor v1.8b, v2.8b, v3.8b // EOR (vector)
eor v1.16b, v2.16b, v3.16b // EOR (vector)
bsl v1.8b, v2.8b, v3.8b // BSL (vector)
bsl v1.16b, v2.16b, v3.16b // BSL (vector)
bit v1.8b, v2.8b, v3.8b // BIT (vector)
bit v1.16b, v2.16b, v3.16b // BIT (vector)
bif v1.8b, v2.8b, v3.8b // BIF (vector)
bif v1.16b, v2.16b, v3.16b // BIF (vector)
movi v1.2s, #255 // MOVI (32-bit shifted)
movi v1.4s, #1, lsl #24 // MOVI (32-bit shifted)
movi v1.4h, #255 // MOVI (16-bit shifted)
movi v1.8h, #1, lsl #8 // MOVI (16-bit shifted)
movi v1.2s, #255, msl #8 // MOVI (32-bit shifting ones)
movi v1.4s, #1, msl #16 // MOVI (32-bit shifting ones)
mvni v1.2s, #255 // MVNI (32-bit shifted)
mvni v1.4s, #1, lsl #24 // MVNI (32-bit shifted)
mvni v1.4h, #255 // MVNI (16-bit shifted)
mvni v1.8h, #1, lsl #8 // MVNI (16-bit shifted)
mvni v1.2s, #255, msl #8 // MVNI (32-bit shifting ones)
mvni v1.4s, #1, msl #16 // MVNI (32-bit shifting ones)
movi v1.8b, #0x5a // MOVI (8-bit)
movi v1.16b, #0xff // MOVI (8-bit)
movi d1, #0xff00ff00ff00ff00 // MOVI (64-bit)
movi v1.2d, #0x00000000ffffffff // MOVI (64-bit)
orr v1.2s, #255 // ORR (vector, immediate, 32-bit)
orr v1.4s, #1, lsl #16 // ORR (vector, immediate, 32-bit)
orr v1.4h, #255 // ORR (vector, immediate, 16-bit)
orr v1.8h, #1, lsl #8 // ORR (vector, immediate, 16-bit)
bic v1.2s, #255 // BIC (vector, immediate, 32-bit)
bic v1.4s, #1, lsl #16 // BIC (vector, immediate, 32-bit)
bic v1.4h, #255 // BIC (vector, immediate, 16-bit)
bic v1.8h, #1, lsl #8 // BIC (vector, immediate, 16-bit)
fmov v1.2s, #1.0 // FMOV (vector, immediate, single)
fmov v1.4s, #-0.125 // FMOV (vector, immediate, single)
fmov v1.2d, #31.0 // FMOV (vector, immediate, double)
fmov s1, s2 // FMOV (register, single)
fmov d1, d31 // FMOV (register, double)
fmov w1, s2 // FMOV (single to 32-bit)
fmov s1, wzr // FMOV (32-bit to single)
fmov x1, d2 // FMOV (double to 64-bit)
fmov d1, x2 // FMOV (64-bit to double)
fmov x1, v2.d[1] // FMOV (top half to 64-bit)
fmov v1.d[1], x2 // FMOV (64-bit to top half)
fmov s1, #-2.5 // FMOV (scalar, immediate, single)
fmov d31, #0.125 // FMOV (scalar, immediate, double)
st1 {v0.8b}, [sp] // ST1 (multiple structures, one register)
st1 {v30.2d}, [x1], #16 // ST1 (multiple structures, one register)
st1 {v0.1d}, [x1], x2 // ST1 (multiple structures, one register)
st1 {v0.8b, v1.8b}, [sp] // ST1 (multiple structures, two registers)
st1 {v30.2d, v31.2d}, [x1], #32 // ST1 (multiple structures, two registers)
st1 {v0.1d, v1.1d}, [x1], x2 // ST1 (multiple structures, two registers)
st1 {v0.8b, v1.8b, v2.8b}, [sp] // ST1 (multiple structures, three registers)
st1 {v30.2d, v31.2d, v0.2d}, [x1], #48 // ST1 (multiple structures, three registers)
st1 {v0.1d, v1.1d, v2.1d}, [x1], x2 // ST1 (multiple structures, three registers)
st1 {v0.8b, v1.8b, v2.8b, v3.8b}, [sp] // ST1 (multiple structures, four registers)
st1 {v30.2d, v31.2d, v0.2d, v1.2d}, [x1], #64 // ST1 (multiple structures, four registers)
st1 {v0.1d, v1.1d, v2.1d, v3.1d}, [x1], x2 // ST1 (multiple structures, four registers)
st2 {v0.8b, v1.8b}, [sp] // ST2 (multiple structures)
st2 {v30.2d, v31.2d}, [x1], #32 // ST2 (multiple structures)
st2 {v0.4h, v1.4h}, [x1], x2 // ST2 (multiple structures)
st3 {v0.8b, v1.8b, v2.8b}, [sp] // ST3 (multiple structures)
st3 {v30.2d, v31.2d, v0.2d}, [x1], #48 // ST3 (multiple structures)
st3 {v0.4h, v1.4h, v2.4h}, [x1], x2 // ST3 (multiple structures)
st4 {v0.8b, v1.8b, v2.8b, v3.8b}, [sp] // ST4 (multiple structures)
st4 {v30.2d, v31.2d, v0.2d, v1.2d}, [x1], #64 // ST4 (multiple structures)
st4 {v0.4h, v1.4h, v2.4h, v3.4h}, [x1], x2 // ST4 (multiple structures)
st1 {v0.b}[15], [sp] // ST1 (single structure, 8-bit)
st1 {v29.b}[0], [x1], #1 // ST1 (single structure, 8-bit)
st1 {v0.b}[1], [x1], x2 // ST1 (single structure, 8-bit)
st1 {v0.h}[7], [sp] // ST1 (single structure, 16-bit)
st1 {v29.h}[0], [x1], #2 // ST1 (single structure, 16-bit)
st1 {v0.h}[1], [x1], x2 // ST1 (single structure, 16-bit)
st1 {v0.s}[3], [sp] // ST1 (single structure, 32-bit)
st1 {v29.s}[0], [x1], #4 // ST1 (single structure, 32-bit)
st1 {v0.s}[1], [x1], x2 // ST1 (single structure, 32-bit)
st1 {v0.d}[1], [sp] // ST1 (single structure, 64-bit)
st1 {v29.d}[0], [x1], #8 // ST1 (single structure, 64-bit)
st1 {v0.d}[1], [x1], x2 // ST1 (single structure, 64-bit)
st2 {v0.b, v1.b}[15], [sp] // ST2 (single structure, 8-bit)
st2 {v29.b, v30.b}[0], [x1], #2 // ST2 (single structure, 8-bit)
st2 {v0.b, v1.b}[1], [x1], x2 // ST2 (single structure, 8-bit)
st2 {v0.h, v1.h}[7], [sp] // ST2 (single structure, 16-bit)
st2 {v29.h, v30.h}[0], [x1], #4 // ST2 (single structure, 16-bit)
st2 {v0.h, v1.h}[1], [x1], x2 // ST2 (single structure, 16-bit)
st2 {v0.s, v1.s}[3], [sp] // ST2 (single structure, 32-bit)
st2 {v29.s, v30.s}[0], [x1], #8 // ST2 (single structure, 32-bit)
st2 {v0.s, v1.s}[1], [x1], x2 // ST2 (single structure, 32-bit)
st2 {v0.d, v1.d}[1], [sp] // ST2 (single structure, 64-bit)
st2 {v29.d, v30.d}[0], [x1], #16 // ST2 (single structure, 64-bit)
st2 {v0.d, v1.d}[1], [x1], x2 // ST2 (single structure, 64-bit)
st3 {v0.b, v1.b, v2.b}[15], [sp] // ST3 (single structure, 8-bit)
st3 {v29.b, v30.b, v31.b}[0], [x1], #3 // ST3 (single structure, 8-bit)
st3 {v0.b, v1.b, v2.b}[1], [x1], x2 // ST3 (single structure, 8-bit)
st3 {v0.h, v1.h, v2.h}[7], [sp] // ST3 (single structure, 16-bit)
st3 {v29.h, v30.h, v31.h}[0], [x1], #6 // ST3 (single structure, 16-bit)
st3 {v0.h, v1.h, v2.h}[1], [x1], x2 // ST3 (single structure, 16-bit)
st3 {v0.s, v1.s, v2.s}[3], [sp] // ST3 (single structure, 32-bit)
st3 {v29.s, v30.s, v31.s}[0], [x1], #12 // ST3 (single structure, 32-bit)
st3 {v0.s, v1.s, v2.s}[1], [x1], x2 // ST3 (single structure, 32-bit)
st3 {v0.d, v1.d, v2.d}[1], [sp] // ST3 (single structure, 64-bit)
st3 {v29.d, v30.d, v31.d}[0], [x1], #24 // ST3 (single structure, 64-bit)
st3 {v0.d, v1.d, v2.d}[1], [x1], x2 // ST3 (single structure, 64-bit)
st4 {v0.b, v1.b, v2.b, v3.b}[15], [sp] // ST4 (single structure, 8-bit)
st4 {v29.b, v30.b, v31.b, v0.b}[0], [x1], #4 // ST4 (single structure, 8-bit)
st4 {v0.b, v1.b, v2.b, v3.b}[1], [x1], x2 // ST4 (single structure, 8-bit)
st4 {v0.h, v1.h, v2.h, v3.h}[7], [sp] // ST4 (single structure, 16-bit)
st4 {v29.h, v30.h, v31.h, v0.h}[0], [x1], #8 // ST4 (single structure, 16-bit)
st4 {v0.h, v1.h, v2.h, v3.h}[1], [x1], x2 // ST4 (single structure, 16-bit)
st4 {v0.s, v1.s, v2.s, v3.s}[3], [sp] // ST4 (single structure, 32-bit)
st4 {v29.s, v30.s, v31.s, v0.s}[0], [x1], #16 // ST4 (single structure, 32-bit)
st4 {v0.s, v1.s, v2.s, v3.s}[1], [x1], x2 // ST4 (single structure, 32-bit)
st4 {v0.d, v1.d, v2.d, v3.d}[1], [sp] // ST4 (single structure, 64-bit)
st4 {v29.d, v30.d, v31.d, v0.d}[0], [x1], #32 // ST4 (single structure, 64-bit)
st4 {v0.d, v1.d, v2.d, v3.d}[1], [x1], x2 // ST4 (single structure, 64-bit)
ld1 {v0.8b}, [sp] // LD1 (multiple structures, one register)
ld1 {v30.2d}, [x1], #16 // LD1 (multiple structures, one register)
ld1 {v0.1d}, [x1], x2 // LD1 (multiple structures, one register)
ld1 {v0.8b, v1.8b}, [sp] // LD1 (multiple structures, two registers)
ld1 {v30.2d, v31.2d}, [x1], #32 // LD1 (multiple structures, two registers)
ld1 {v0.1d, v1.1d}, [x1], x2 // LD1 (multiple structures, two registers)
ld1 {v0.8b, v1.8b, v2.8b}, [sp] // LD1 (multiple structures, three registers)
ld1 {v30.2d, v31.2d, v0.2d}, [x1], #48 // LD1 (multiple structures, three registers)
ld1 {v0.1d, v1.1d, v2.1d}, [x1], x2 // LD1 (multiple structures, three registers)
ld1 {v0.8b, v1.8b, v2.8b, v3.8b}, [sp] // LD1 (multiple structures, four registers)
ld1 {v30.2d, v31.2d, v0.2d, v1.2d}, [x1], #64 // LD1 (multiple structures, four registers)
ld1 {v0.1d, v1.1d, v2.1d, v3.1d}, [x1], x2 // LD1 (multiple structures, four registers)
ld2 {v0.8b, v1.8b}, [sp] // LD2 (multiple structures)
ld2 {v30.2d, v31.2d}, [x1], #32 // LD2 (multiple structures)
ld2 {v0.4h, v1.4h}, [x1], x2 // LD2 (multiple structures)
ld3 {v0.8b, v1.8b, v2.8b}, [sp] // LD3 (multiple structures)
ld3 {v30.2d, v31.2d, v0.2d}, [x1], #48 // LD3 (multiple structures)
ld3 {v0.4h, v1.4h, v2.4h}, [x1], x2 // LD3 (multiple structures)
ld4 {v0.8b, v1.8b, v2.8b, v3.8b}, [sp] // LD4 (multiple structures)
ld4 {v30.2d, v31.2d, v0.2d, v1.2d}, [x1], #64 // LD4 (multiple structures)
ld4 {v0.4h, v1.4h, v2.4h, v3.4h}, [x1], x2 // LD4 (multiple structures)
ld1 {v0.b}[15], [sp] // LD1 (single structure, 8-bit)
ld1 {v29.b}[0], [x1], #1 // LD1 (single structure, 8-bit)
ld1 {v0.b}[1], [x1], x2 // LD1 (single structure, 8-bit)
ld1 {v0.h}[7], [sp] // LD1 (single structure, 16-bit)
ld1 {v29.h}[0], [x1], #2 // LD1 (single structure, 16-bit)
ld1 {v0.h}[1], [x1], x2 // LD1 (single structure, 16-bit)
ld1 {v0.s}[3], [sp] // LD1 (single structure, 32-bit)
ld1 {v29.s}[0], [x1], #4 // LD1 (single structure, 32-bit)
ld1 {v0.s}[1], [x1], x2 // LD1 (single structure, 32-bit)
ld1 {v0.d}[1], [sp] // LD1 (single structure, 64-bit)
ld1 {v29.d}[0], [x1], #8 // LD1 (single structure, 64-bit)
ld1 {v0.d}[1], [x1], x2 // LD1 (single structure, 64-bit)
ld2 {v0.b, v1.b}[15], [sp] // LD2 (single structure, 8-bit)
ld2 {v29.b, v30.b}[0], [x1], #2 // LD2 (single structure, 8-bit)
ld2 {v0.b, v1.b}[1], [x1], x2 // LD2 (single structure, 8-bit)
ld2 {v0.h, v1.h}[7], [sp] // LD2 (single structure, 16-bit)
ld2 {v29.h, v30.h}[0], [x1], #4 // LD2 (single structure, 16-bit)
ld2 {v0.h, v1.h}[1], [x1], x2 // LD2 (single structure, 16-bit)
ld2 {v0.s, v1.s}[3], [sp] // LD2 (single structure, 32-bit)
ld2 {v29.s, v30.s}[0], [x1], #8 // LD2 (single structure, 32-bit)
ld2 {v0.s, v1.s}[1], [x1], x2 // LD2 (single structure, 32-bit)
ld2 {v0.d, v1.d}[1], [sp] // LD2 (single structure, 64-bit)
ld2 {v29.d, v30.d}[0], [x1], #16 // LD2 (single structure, 64-bit)
ld2 {v0.d, v1.d}[1], [x1], x2 // LD2 (single structure, 64-bit)
ld3 {v0.b, v1.b, v2.b}[15], [sp] // LD3 (single structure, 8-bit)
ld3 {v29.b, v30.b, v31.b}[0], [x1], #3 // LD3 (single structure, 8-bit)
ld3 {v0.b, v1.b, v2.b}[1], [x1], x2 // LD3 (single structure, 8-bit)
ld3 {v0.h, v1.h, v2.h}[7], [sp] // LD3 (single structure, 16-bit)
ld3 {v29.h, v30.h, v31.h}[0], [x1], #6 // LD3 (single structure, 16-bit)
ld3 {v0.h, v1.h, v2.h}[1], [x1], x2 // LD3 (single structure, 16-bit)
ld3 {v0.s, v1.s, v2.s}[3], [sp] // LD3 (single structure, 32-bit)
ld3 {v29.s, v30.s, v31.s}[0], [x1], #12 // LD3 (single structure, 32-bit)
ld3 {v0.s, v1.s, v2.s}[1], [x1], x2 // LD3 (single structure, 32-bit)
ld3 {v0.d, v1.d, v2.d}[1], [sp] // LD3 (single structure, 64-bit)
ld3 {v29.d, v30.d, v31.d}[0], [x1], #24 // LD3 (single structure, 64-bit)
ld3 {v0.d, v1.d, v2.d}[1], [x1], x2 // LD3 (single structure, 64-bit)
ld4 {v0.b, v1.b, v2.b, v3.b}[15], [sp] // LD4 (single structure, 8-bit)
ld4 {v29.b, v30.b, v31.b, v0.b}[0], [x1], #4 // LD4 (single structure, 8-bit)
ld4 {v0.b, v1.b, v2.b, v3.b}[1], [x1], x2 // LD4 (single structure, 8-bit)
ld4 {v0.h, v1.h, v2.h, v3.h}[7], [sp] // LD4 (single structure, 16-bit)
ld4 {v29.h, v30.h, v31.h, v0.h}[0], [x1], #8 // LD4 (single structure, 16-bit)
ld4 {v0.h, v1.h, v2.h, v3.h}[1], [x1], x2 // LD4 (single structure, 16-bit)
ld4 {v0.s, v1.s, v2.s, v3.s}[3], [sp] // LD4 (single structure, 32-bit)
ld4 {v29.s, v30.s, v31.s, v0.s}[0], [x1], #16 // LD4 (single structure, 32-bit)
ld4 {v0.s, v1.s, v2.s, v3.s}[1], [x1], x2 // LD4 (single structure, 32-bit)
ld4 {v0.d, v1.d, v2.d, v3.d}[1], [sp] // LD4 (single structure, 64-bit)
ld4 {v29.d, v30.d, v31.d, v0.d}[0], [x1], #32 // LD4 (single structure, 64-bit)
ld4 {v0.d, v1.d, v2.d, v3.d}[1], [x1], x2 // LD4 (single structure, 64-bit)
ld1r {v0.8b}, [sp] // LD1R
ld1r {v31.2d}, [x1], #8 // LD1R
ld1r {v0.4h}, [x1], x2 // LD1R
ld2r {v0.8b, v1.8b}, [sp] // LD2R
ld2r {v31.2d, v0.2d}, [x1], #16 // LD2R
ld2r {v0.4h, v1.4h}, [x1], x2 // LD2R
ld3r {v0.8b, v1.8b, v2.8b}, [sp] // LD3R
ld3r {v31.2d, v0.2d, v1.2d}, [x1], #24 // LD3R
ld3r {v0.4h, v1.4h, v2.4h}, [x1], x2 // LD3R
ld4r {v0.8b, v1.8b, v2.8b, v3.8b}, [sp] // LD4R
ld4r {v31.2d, v0.2d, v1.2d, v2.2d}, [x1], #32 // LD4R
ld4r {v0.4h, v1.4h, v2.4h, v3.4h}, [x1], x2 // LD4R
fcvtns w1, s2 // FCVTNS (scalar, integer)
fcvtns x3, s31 // FCVTNS (scalar, integer)
fcvtns wzr, d4 // FCVTNS (scalar, integer)
fcvtns x30, d5 // FCVTNS (scalar, integer)
fcvtnu w1, s2 // FCVTNU (scalar, integer)
fcvtnu x3, s31 // FCVTNU (scalar, integer)
fcvtnu wzr, d4 // FCVTNU (scalar, integer)
fcvtnu x30, d5 // FCVTNU (scalar, integer)
fcvtas w1, s2 // FCVTAS (scalar, integer)
fcvtas x3, s31 // FCVTAS (scalar, integer)
fcvtas wzr, d4 // FCVTAS (scalar, integer)
fcvtas x30, d5 // FCVTAS (scalar, integer)
fcvtau w1, s2 // FCVTAU (scalar, integer)
fcvtau x3, s31 // FCVTAU (scalar, integer)
fcvtau wzr, d4 // FCVTAU (scalar, integer)
fcvtau x30, d5 // FCVTAU (scalar, integer)
fcvtps w1, s2 // FCVTPS (scalar, integer)
fcvtps x3, s31 // FCVTPS (scalar, integer)
fcvtps wzr, d4 // FCVTPS (scalar, integer)
fcvtps x30, d5 // FCVTPS (scalar, integer)
fcvtpu w1, s2 // FCVTPU (scalar, integer)
fcvtpu x3, s31 // FCVTPU (scalar, integer)
fcvtpu wzr, d4 // FCVTPU (scalar, integer)
fcvtpu x30, d5 // FCVTPU (scalar, integer)
fcvtms w1, s2 // FCVTMS (scalar, integer)
fcvtms x3, s31 // FCVTMS (scalar, integer)
fcvtms wzr, d4 // FCVTMS (scalar, integer)
fcvtms x30, d5 // FCVTMS (scalar, integer)
fcvtmu w1, s2 // FCVTMU (scalar, integer)
fcvtmu x3, s31 // FCVTMU (scalar, integer)
fcvtmu wzr, d4 // FCVTMU (scalar, integer)
fcvtmu x30, d5 // FCVTMU (scalar, integer)
fcvtzs w1, s2 // FCVTZS (scalar, integer)
fcvtzs x3, s31 // FCVTZS (scalar, integer)
fcvtzs wzr, d4 // FCVTZS (scalar, integer)
fcvtzs x30, d5 // FCVTZS (scalar, integer)
fcvtzu w1, s2 // FCVTZU (scalar, integer)
fcvtzu x3, s31 // FCVTZU (scalar, integer)
fcvtzu wzr, d4 // FCVTZU (scalar, integer)
fcvtzu x30, d5 // FCVTZU (scalar, integer)
scvtf s2, w1 // SCVTF (scalar, integer)
scvtf s31, x3 // SCVTF (scalar, integer)
scvtf d4, wzr // SCVTF (scalar, integer)
scvtf d5, x30 // SCVTF (scalar, integer)
ucvtf s2, w1 // UCVTF (scalar, integer)
ucvtf s31, x3 // UCVTF (scalar, integer)
ucvtf d4, wzr // UCVTF (scalar, integer)
ucvtf d5, x30 // UCVTF (scalar, integer)
fcvtzs w1, s2, #1 // FCVTZS (scalar, fixed-point)
fcvtzs x3, s31, #64 // FCVTZS (scalar, fixed-point)
fcvtzs wzr, d4, #32 // FCVTZS (scalar, fixed-point)
fcvtzs x30, d5, #33 // FCVTZS (scalar, fixed-point)
fcvtzu w1, s2, #1 // FCVTZU (scalar, fixed-point)
fcvtzu x3, s31, #64 // FCVTZU (scalar, fixed-point)
fcvtzu wzr, d4, #32 // FCVTZU (scalar, fixed-point)
fcvtzu x30, d5, #33 // FCVTZU (scalar, fixed-point)
scvtf s2, w1, #1 // SCVTF (scalar, fixed-point)
scvtf s31, x3, #64 // SCVTF (scalar, fixed-point)
scvtf d4, wzr, #32 // SCVTF (scalar, fixed-point)
scvtf d5, x30, #33 // SCVTF (scalar, fixed-point)
ucvtf s2, w1, #1 // UCVTF (scalar, fixed-point)
ucvtf s31, x3, #64 // UCVTF (scalar, fixed-point)
ucvtf d4, wzr, #32 // UCVTF (scalar, fixed-point)
ucvtf d5, x30, #33 // UCVTF (scalar, fixed-point)
fcmp s1, s30 // FCMP
fcmp d31, d2 // FCMP
fcmp s1, #0.0 // FCMP (zero)
fcmp d31, #0.0 // FCMP (zero)
fcmpe s1, s30 // FCMPE
fcmpe d31, d2 // FCMPE
fcmpe s1, #0.0 // FCMPE (zero)
fcmpe d31, #0.0 // FCMPE (zero)
fccmp s1, s30, #5, gt // FCCMP
fccmp d31, d2, #15, eq // FCCMP
fccmpe s1, s30, #5, gt // FCCMPE
fccmpe d31, d2, #15, eq // FCCMPE
fcsel s1, s30, s3, mi // FCSEL
fcsel d31, d2, d0, vs // FCSEL
fabs s1, s30 // FABS (scalar)
fabs d31, d2 // FABS (scalar)
fneg s1, s30 // FNEG (scalar)
fneg d31, d2 // FNEG (scalar)
fsqrt s1, s30 // FSQRT (scalar)
fsqrt d31, d2 // FSQRT (scalar)
frintn s1, s30 // FRINTN (scalar)
frintn d31, d2 // FRINTN (scalar)
frintp s1, s30 // FRINTP (scalar)
frintp d31, d2 // FRINTP (scalar)
frintm s1, s30 // FRINTM (scalar)
frintm d31, d2 // FRINTM (scalar)
frintz s1, s30 // FRINTZ (scalar)
frintz d31, d2 // FRINTZ (scalar)
frinta s1, s30 // FRINTA (scalar)
frinta d31, d2 // FRINTA (scalar)
frintx s1, s30 // FRINTX (scalar)
frintx d31, d2 // FRINTX (scalar)
frinti s1, s30 // FRINTI (scalar)
frinti d31, d2 // FRINTI (scalar)
fcvt s1, h30 // FCVT (half to single)
fcvt d1, h30 // FCVT (half to double)
fcvt h1, s30 // FCVT (single to half)
fcvt d1, s30 // FCVT (single to double)
fcvt h1, d30 // FCVT (double to half)
fcvt s1, d30 // FCVT (double to single)
fmul s1, s30, s9 // FMUL (scalar)
fmul d31, d2, d16 // FMUL (scalar)
fdiv s1, s30, s9 // FDIV (scalar)
fdiv d31, d2, d16 // FDIV (scalar)
fadd s1, s30, s9 // FADD (scalar)
fadd d31, d2, d16 // FADD (scalar)
fsub s1, s30, s9 // FSUB (scalar)
fsub d31, d2, d16 // FSUB (scalar)
fmax s1, s30, s9 // FMAX (scalar)
fmax d31, d2, d16 // FMAX (scalar)
fmin s1, s30, s9 // FMIN (scalar)
fmin d31, d2, d16 // FMIN (scalar)
fmaxnm s1, s30, s9 // FMAXNM (scalar)
fmaxnm d31, d2, d16 // FMAXNM (scalar)
fminnm s1, s30, s9 // FMINNM (scalar)
fminnm d31, d2, d16 // FMINNM (scalar)
fnmul s1, s30, s9 // FNMUL (scalar)
fnmul d31, d2, d16 // FNMUL (scalar)
fmadd s1, s30, s9, s4 // FMADD
fmadd d31, d2, d16, d0 // FMADD
fmsub s1, s30, s9, s4 // FMSUB
fmsub d31, d2, d16, d0 // FMSUB
fnmadd s1, s30, s9, s4 // FNMADD
fnmadd d31, d2, d16, d0 // FNMADD
fnmsub s1, s30, s9, s4 // FNMSUB
fnmsub d31, d2, d16, d0 // FNMSUB
shadd v0.8b, v1.8b, v2.8b // SHADD
shadd v31.16b, v30.16b, v29.16b // SHADD
shadd v5.4h, v17.4h, v9.4h // SHADD
shadd v0.8h, v1.8h, v2.8h // SHADD
shadd v31.2s, v30.2s, v29.2s // SHADD
shadd v5.4s, v17.4s, v9.4s // SHADD
uhadd v0.8b, v1.8b, v2.8b // UHADD
uhadd v31.16b, v30.16b, v29.16b // UHADD
uhadd v5.4h, v17.4h, v9.4h // UHADD
uhadd v0.8h, v1.8h, v2.8h // UHADD
uhadd v31.2s, v30.2s, v29.2s // UHADD
uhadd v5.4s, v17.4s, v9.4s // UHADD
srhadd v0.8b, v1.8b, v2.8b // SRHADD
srhadd v31.16b, v30.16b, v29.16b // SRHADD
srhadd v5.4h, v17.4h, v9.4h // SRHADD
srhadd v0.8h, v1.8h, v2.8h // SRHADD
srhadd v31.2s, v30.2s, v29.2s // SRHADD
srhadd v5.4s, v17.4s, v9.4s // SRHADD
urhadd v0.8b, v1.8b, v2.8b // URHADD
urhadd v31.16b, v30.16b, v29.16b // URHADD
urhadd v5.4h, v17.4h, v9.4h // URHADD
urhadd v0.8h, v1.8h, v2.8h // URHADD
urhadd v31.2s, v30.2s, v29.2s // URHADD
urhadd v5.4s, v17.4s, v9.4s // URHADD
shsub v0.8b, v1.8b, v2.8b // SHSUB
shsub v31.16b, v30.16b, v29.16b // SHSUB
shsub v5.4h, v17.4h, v9.4h // SHSUB
shsub v0.8h, v1.8h, v2.8h // SHSUB
shsub v31.2s, v30.2s, v29.2s // SHSUB
shsub v5.4s, v17.4s, v9.4s // SHSUB
uhsub v0.8b, v1.8b, v2.8b // UHSUB
uhsub v31.16b, v30.16b, v29.16b // UHSUB
uhsub v5.4h, v17.4h, v9.4h // UHSUB
uhsub v0.8h, v1.8h, v2.8h // UHSUB
uhsub v31.2s, v30.2s, v29.2s // UHSUB
uhsub v5.4s, v17.4s, v9.4s // UHSUB
smax v0.8b, v1.8b, v2.8b // SMAX
smax v31.16b, v30.16b, v29.16b // SMAX
smax v5.4h, v17.4h, v9.4h // SMAX
smax v0.8h, v1.8h, v2.8h // SMAX
smax v31.2s, v30.2s, v29.2s // SMAX
smax v5.4s, v17.4s, v9.4s // SMAX
umax v0.8b, v1.8b, v2.8b // UMAX
umax v31.16b, v30.16b, v29.16b // UMAX
umax v5.4h, v17.4h, v9.4h // UMAX
umax v0.8h, v1.8h, v2.8h // UMAX
umax v31.2s, v30.2s, v29.2s // UMAX
umax v5.4s, v17.4s, v9.4s // UMAX
smin v0.8b, v1.8b, v2.8b // SMIN
smin v31.16b, v30.16b, v29.16b // SMIN
smin v5.4h, v17.4h, v9.4h // SMIN
smin v0.8h, v1.8h, v2.8h // SMIN
smin v31.2s, v30.2s, v29.2s // SMIN
smin v5.4s, v17.4s, v9.4s // SMIN
umin v0.8b, v1.8b, v2.8b // UMIN
umin v31.16b, v30.16b, v29.16b // UMIN
umin v5.4h, v17.4h, v9.4h // UMIN
umin v0.8h, v1.8h, v2.8h // UMIN
umin v31.2s, v30.2s, v29.2s // UMIN
umin v5.4s, v17.4s, v9.4s // UMIN
sabd v0.8b, v1.8b, v2.8b // SABD
sabd v31.16b, v30.16b, v29.16b // SABD
sabd v5.4h, v17.4h, v9.4h // SABD
sabd v0.8h, v1.8h, v2.8h // SABD
sabd v31.2s, v30.2s, v29.2s // SABD
sabd v5.4s, v17.4s, v9.4s // SABD
uabd v0.8b, v1.8b, v2.8b // UABD
uabd v31.16b, v30.16b, v29.16b // UABD
uabd v5.4h, v17.4h, v9.4h // UABD
uabd v0.8h, v1.8h, v2.8h // UABD
uabd v31.2s, v30.2s, v29.2s // UABD
uabd v5.4s, v17.4s, v9.4s // UABD
saba v0.8b, v1.8b, v2.8b // SABA
saba v31.16b, v30.16b, v29.16b // SABA
saba v5.4h, v17.4h, v9.4h // SABA
saba v0.8h, v1.8h, v2.8h // SABA
saba v31.2s, v30.2s, v29.2s // SABA
saba v5.4s, v17.4s, v9.4s // SABA
uaba v0.8b, v1.8b, v2.8b // UABA
uaba v31.16b, v30.16b, v29.16b // UABA
uaba v5.4h, v17.4h, v9.4h // UABA
uaba v0.8h, v1.8h, v2.8h // UABA
uaba v31.2s, v30.2s, v29.2s // UABA
uaba v5.4s, v17.4s, v9.4s // UABA
mla v0.8b, v1.8b, v2.8b // MLA (vector)
mla v31.16b, v30.16b, v29.16b // MLA (vector)
mla v5.4h, v17.4h, v9.4h // MLA (vector)
mla v0.8h, v1.8h, v2.8h // MLA (vector)
mla v31.2s, v30.2s, v29.2s // MLA (vector)
mla v5.4s, v17.4s, v9.4s // MLA (vector)
mls v0.8b, v1.8b, v2.8b // MLS (vector)
mls v31.16b, v30.16b, v29.16b // MLS (vector)
mls v5.4h, v17.4h, v9.4h // MLS (vector)
mls v0.8h, v1.8h, v2.8h // MLS (vector)
mls v31.2s, v30.2s, v29.2s // MLS (vector)
mls v5.4s, v17.4s, v9.4s // MLS (vector)
mul v0.8b, v1.8b, v2.8b // MUL (vector)
mul v31.16b, v30.16b, v29.16b // MUL (vector)
mul v5.4h, v17.4h, v9.4h // MUL (vector)
mul v0.8h, v1.8h, v2.8h // MUL (vector)
mul v31.2s, v30.2s, v29.2s // MUL (vector)
mul v5.4s, v17.4s, v9.4s // MUL (vector)
smaxp v0.8b, v1.8b, v2.8b // SMAXP
smaxp v31.16b, v30.16b, v29.16b // SMAXP
smaxp v5.4h, v17.4h, v9.4h // SMAXP
smaxp v0.8h, v1.8h, v2.8h // SMAXP
smaxp v31.2s, v30.2s, v29.2s // SMAXP
smaxp v5.4s, v17.4s, v9.4s // SMAXP
umaxp v0.8b, v1.8b, v2.8b // UMAXP
umaxp v31.16b, v30.16b, v29.16b // UMAXP
umaxp v5.4h, v17.4h, v9.4h // UMAXP
umaxp v0.8h, v1.8h, v2.8h // UMAXP
umaxp v31.2s, v30.2s, v29.2s // UMAXP
umaxp v5.4s, v17.4s, v9.4s // UMAXP
sminp v0.8b, v1.8b, v2.8b // SMINP
sminp v31.16b, v30.16b, v29.16b // SMINP
sminp v5.4h, v17.4h, v9.4h // SMINP
sminp v0.8h, v1.8h, v2.8h // SMINP
sminp v31.2s, v30.2s, v29.2s // SMINP
sminp v5.4s, v17.4s, v9.4s // SMINP
uminp v0.8b, v1.8b, v2.8b // UMINP
uminp v31.16b, v30.16b, v29.16b // UMINP
uminp v5.4h, v17.4h, v9.4h // UMINP
uminp v0.8h, v1.8h, v2.8h // UMINP
uminp v31.2s, v30.2s, v29.2s // UMINP
uminp v5.4s, v17.4s, v9.4s // UMINP
sqadd v0.8b, v1.8b, v2.8b // SQADD
sqadd v31.16b, v30.16b, v29.16b // SQADD
sqadd v5.4h, v17.4h, v9.4h // SQADD
sqadd v0.8h, v1.8h, v2.8h // SQADD
sqadd v31.2s, v30.2s, v29.2s // SQADD
sqadd v5.4s, v17.4s, v9.4s // SQADD
sqadd v0.2d, v1.2d, v2.2d // SQADD
sqadd b0, b1, b2 // SQADD (scalar)
sqadd h31, h30, h29 // SQADD (scalar)
sqadd s5, s17, s9 // SQADD (scalar)
sqadd d0, d1, d2 // SQADD (scalar)
uqadd v0.8b, v1.8b, v2.8b // UQADD
uqadd v31.16b, v30.16b, v29.16b // UQADD
uqadd v5.4h, v17.4h, v9.4h // UQADD
uqadd v0.8h, v1.8h, v2.8h // UQADD
uqadd v31.2s, v30.2s, v29.2s // UQADD
uqadd v5.4s, v17.4s, v9.4s // UQADD
uqadd v0.2d, v1.2d, v2.2d // UQADD
uqadd b0, b1, b2 // UQADD (scalar)
uqadd h31, h30, h29 // UQADD (scalar)
uqadd s5, s17, s9 // UQADD (scalar)
uqadd d0, d1, d2 // UQADD (scalar)
sqsub v0.8b, v1.8b, v2.8b // SQSUB
sqsub v31.16b, v30.16b, v29.16b // SQSUB
sqsub v5.4h, v17.4h, v9.4h // SQSUB
sqsub v0.8h, v1.8h, v2.8h // SQSUB
sqsub v31.2s, v30.2s, v29.2s // SQSUB
sqsub v5.4s, v17.4s, v9.4s // SQSUB
sqsub v0.2d, v1.2d, v2.2d // SQSUB
sqsub b0, b1, b2 // SQSUB (scalar)
sqsub h31, h30, h29 // SQSUB (scalar)
sqsub s5, s17, s9 // SQSUB (scalar)
sqsub d0, d1, d2 // SQSUB (scalar)
uqsub v0.8b, v1.8b, v2.8b // UQSUB
uqsub v31.16b, v30.16b, v29.16b // UQSUB
uqsub v5.4h, v17.4h, v9.4h // UQSUB
uqsub v0.8h, v1.8h, v2.8h // UQSUB
uqsub v31.2s, v30.2s, v29.2s // UQSUB
uqsub v5.4s, v17.4s, v9.4s // UQSUB
uqsub v0.2d, v1.2d, v2.2d // UQSUB
uqsub b0, b1, b2 // UQSUB (scalar)
uqsub h31, h30, h29 // UQSUB (scalar)
uqsub s5, s17, s9 // UQSUB (scalar)
uqsub d0, d1, d2 // UQSUB (scalar)
sqshl v0.8b, v1.8b, v2.8b // SQSHL (register)
sqshl v31.16b, v30.16b, v29.16b // SQSHL (register)
sqshl v5.4h, v17.4h, v9.4h // SQSHL (register)
sqshl v0.8h, v1.8h, v2.8h // SQSHL (register)
sqshl v31.2s, v30.2s, v29.2s // SQSHL (register)
sqshl v5.4s, v17.4s, v9.4s // SQSHL (register)
sqshl v0.2d, v1.2d, v2.2d // SQSHL (register)
sqshl b0, b1, b2 // SQSHL (register, scalar)
sqshl h31, h30, h29 // SQSHL (register, scalar)
sqshl s5, s17, s9 // SQSHL (register, scalar)
sqshl d0, d1, d2 // SQSHL (register, scalar)
uqshl v0.8b, v1.8b, v2.8b // UQSHL (register)
uqshl v31.16b, v30.16b, v29.16b // UQSHL (register)
uqshl v5.4h, v17.4h, v9.4h // UQSHL (register)
uqshl v0.8h, v1.8h, v2.8h // UQSHL (register)
uqshl v31.2s, v30.2s, v29.2s // UQSHL (register)
uqshl v5.4s, v17.4s, v9.4s // UQSHL (register)
uqshl v0.2d, v1.2d, v2.2d // UQSHL (register)
uqshl b0, b1, b2 // UQSHL (register, scalar)
uqshl h31, h30, h29 // UQSHL (register, scalar)
uqshl s5, s17, s9 // UQSHL (register, scalar)
uqshl d0, d1, d2 // UQSHL (register, scalar)
sqrshl v0.8b, v1.8b, v2.8b // SQRSHL
sqrshl v31.16b, v30.16b, v29.16b // SQRSHL
sqrshl v5.4h, v17.4h, v9.4h // SQRSHL
sqrshl v0.8h, v1.8h, v2.8h // SQRSHL
sqrshl v31.2s, v30.2s, v29.2s // SQRSHL
sqrshl v5.4s, v17.4s, v9.4s // SQRSHL
sqrshl v0.2d, v1.2d, v2.2d // SQRSHL
sqrshl b0, b1, b2 // SQRSHL (scalar)
sqrshl h31, h30, h29 // SQRSHL (scalar)
sqrshl s5, s17, s9 // SQRSHL (scalar)
sqrshl d0, d1, d2 // SQRSHL (scalar)
uqrshl v0.8b, v1.8b, v2.8b // UQRSHL
uqrshl v31.16b, v30.16b, v29.16b // UQRSHL
uqrshl v5.4h, v17.4h, v9.4h // UQRSHL
uqrshl v0.8h, v1.8h, v2.8h // UQRSHL
uqrshl v31.2s, v30.2s, v29.2s // UQRSHL
uqrshl v5.4s, v17.4s, v9.4s // UQRSHL
uqrshl v0.2d, v1.2d, v2.2d // UQRSHL
uqrshl b0, b1, b2 // UQRSHL (scalar)
uqrshl h31, h30, h29 // UQRSHL (scalar)
uqrshl s5, s17, s9 // UQRSHL (scalar)
uqrshl d0, d1, d2 // UQRSHL (scalar)
cmgt v0.8b, v1.8b, v2.8b // CMGT (register)
cmgt v31.16b, v30.16b, v29.16b // CMGT (register)
cmgt v5.4h, v17.4h, v9.4h // CMGT (register)
cmgt v0.8h, v1.8h, v2.8h // CMGT (register)
cmgt v31.2s, v30.2s, v29.2s // CMGT (register)
cmgt v5.4s, v17.4s, v9.4s // CMGT (register)
cmgt v0.2d, v1.2d, v2.2d // CMGT (register)
cmgt d0, d1, d2 // CMGT (register, scalar)
cmhi v0.8b, v1.8b, v2.8b // CMHI (register)
cmhi v31.16b, v30.16b, v29.16b // CMHI (register)
cmhi v5.4h, v17.4h, v9.4h // CMHI (register)
cmhi v0.8h, v1.8h, v2.8h // CMHI (register)
cmhi v31.2s, v30.2s, v29.2s // CMHI (register)
cmhi v5.4s, v17.4s, v9.4s // CMHI (register)
cmhi v0.2d, v1.2d, v2.2d // CMHI (register)
cmhi d0, d1, d2 // CMHI (register, scalar)
cmge v0.8b, v1.8b, v2.8b // CMGE (register)
cmge v31.16b, v30.16b, v29.16b // CMGE (register)
cmge v5.4h, v17.4h, v9.4h // CMGE (register)
cmge v0.8h, v1.8h, v2.8h // CMGE (register)
cmge v31.2s, v30.2s, v29.2s // CMGE (register)
cmge v5.4s, v17.4s, v9.4s // CMGE (register)
cmge v0.2d, v1.2d, v2.2d // CMGE (register)
cmge d0, d1, d2 // CMGE (register, scalar)
cmhs v0.8b, v1.8b, v2.8b // CMHS (register)
cmhs v31.16b, v30.16b, v29.16b // CMHS (register)
cmhs v5.4h, v17.4h, v9.4h // CMHS (register)
cmhs v0.8h, v1.8h, v2.8h // CMHS (register)
cmhs v31.2s, v30.2s, v29.2s // CMHS (register)
cmhs v5.4s, v17.4s, v9.4s // CMHS (register)
cmhs v0.2d, v1.2d, v2.2d // CMHS (register)
cmhs d0, d1, d2 // CMHS (register, scalar)
cmeq v0.8b, v1.8b, v2.8b // CMEQ (register)
cmeq v31.16b, v30.16b, v29.16b // CMEQ (register)
cmeq v5.4h, v17.4h, v9.4h // CMEQ (register)
cmeq v0.8h, v1.8h, v2.8h // CMEQ (register)
cmeq v31.2s, v30.2s, v29.2s // CMEQ (register)
cmeq v5.4s, v17.4s, v9.4s // CMEQ (register)
cmeq v0.2d, v1.2d, v2.2d // CMEQ (register)
cmeq d0, d1, d2 // CMEQ (register, scalar)
cmtst v0.8b, v1.8b, v2.8b // CMTST
cmtst v31.16b, v30.16b, v29.16b // CMTST
cmtst v5.4h, v17.4h, v9.4h // CMTST
cmtst v0.8h, v1.8h, v2.8h // CMTST
cmtst v31.2s, v30.2s, v29.2s // CMTST
cmtst v5.4s, v17.4s, v9.4s // CMTST
cmtst v0.2d, v1.2d, v2.2d // CMTST
cmtst d0, d1, d2 // CMTST (scalar)
sshl v0.8b, v1.8b, v2.8b // SSHL
sshl v31.16b, v30.16b, v29.16b // SSHL
sshl v5.4h, v17.4h, v9.4h // SSHL
sshl v0.8h, v1.8h, v2.8h // SSHL
sshl v31.2s, v30.2s, v29.2s // SSHL
sshl v5.4s, v17.4s, v9.4s // SSHL
sshl v0.2d, v1.2d, v2.2d // SSHL
sshl d0, d1, d2 // SSHL (scalar)
ushl v0.8b, v1.8b, v2.8b // USHL
ushl v31.16b, v30.16b, v29.16b // USHL
ushl v5.4h, v17.4h, v9.4h // USHL
ushl v0.8h, v1.8h, v2.8h // USHL
ushl v31.2s, v30.2s, v29.2s // USHL
ushl v5.4s, v17.4s, v9.4s // USHL
ushl v0.2d, v1.2d, v2.2d // USHL
ushl d0, d1, d2 // USHL (scalar)
srshl v0.8b, v1.8b, v2.8b // SRSHL
srshl v31.16b, v30.16b, v29.16b // SRSHL
srshl v5.4h, v17.4h, v9.4h // SRSHL
srshl v0.8h, v1.8h, v2.8h // SRSHL
srshl v31.2s, v30.2s, v29.2s // SRSHL
srshl v5.4s, v17.4s, v9.4s // SRSHL
srshl v0.2d, v1.2d, v2.2d // SRSHL
srshl d0, d1, d2 // SRSHL (scalar)
urshl v0.8b, v1.8b, v2.8b // URSHL
urshl v31.16b, v30.16b, v29.16b // URSHL
urshl v5.4h, v17.4h, v9.4h // URSHL
urshl v0.8h, v1.8h, v2.8h // URSHL
urshl v31.2s, v30.2s, v29.2s // URSHL
urshl v5.4s, v17.4s, v9.4s // URSHL
urshl v0.2d, v1.2d, v2.2d // URSHL
urshl d0, d1, d2 // URSHL (scalar)
add v0.8b, v1.8b, v2.8b // ADD (vector)
add v31.16b, v30.16b, v29.16b // ADD (vector)
add v5.4h, v17.4h, v9.4h // ADD (vector)
add v0.8h, v1.8h, v2.8h // ADD (vector)
add v31.2s, v30.2s, v29.2s // ADD (vector)
add v5.4s, v17.4s, v9.4s // ADD (vector)
add v0.2d, v1.2d, v2.2d // ADD (vector)
add d0, d1, d2 // ADD (vector, scalar)
sub v0.8b, v1.8b, v2.8b // SUB (vector)
sub v31.16b, v30.16b, v29.16b // SUB (vector)
sub v5.4h, v17.4h, v9.4h // SUB (vector)
sub v0.8h, v1.8h, v2.8h // SUB (vector)
sub v31.2s, v30.2s, v29.2s // SUB (vector)
sub v5.4s, v17.4s, v9.4s // SUB (vector)
sub v0.2d, v1.2d, v2.2d // SUB (vector)
sub d0, d1, d2 // SUB (vector, scalar)
pmul v0.8b, v1.8b, v2.8b // PMUL
pmul v31.16b, v30.16b, v29.16b // PMUL
addp v0.8b, v1.8b, v2.8b // ADDP (vector)
addp v31.16b, v30.16b, v29.16b // ADDP (vector)
addp v5.4h, v17.4h, v9.4h // ADDP (vector)
addp v0.8h, v1.8h, v2.8h // ADDP (vector)
addp v31.2s, v30.2s, v29.2s // ADDP (vector)
addp v5.4s, v17.4s, v9.4s // ADDP (vector)
addp v0.2d, v1.2d, v2.2d // ADDP (vector)
sqdmulh v0.4h, v1.4h, v2.4h // SQDMULH (vector)
sqdmulh v31.8h, v30.8h, v29.8h // SQDMULH (vector)
sqdmulh v5.2s, v17.2s, v9.2s // SQDMULH (vector)
sqdmulh v0.4s, v1.4s, v2.4s // SQDMULH (vector)
sqdmulh h0, h1, h2 // SQDMULH (vector, scalar)
sqdmulh s31, s30, s29 // SQDMULH (vector, scalar)
sqrdmulh v0.4h, v1.4h, v2.4h // SQRDMULH (vector)
sqrdmulh v31.8h, v30.8h, v29.8h // SQRDMULH (vector)
sqrdmulh v5.2s, v17.2s, v9.2s // SQRDMULH (vector)
sqrdmulh v0.4s, v1.4s, v2.4s // SQRDMULH (vector)
sqrdmulh h0, h1, h2 // SQRDMULH (vector, scalar)
sqrdmulh s31, s30, s29 // SQRDMULH (vector, scalar)
sqrdmlah v0.4h, v1.4h, v2.4h // SQRDMLAH (vector)
sqrdmlah v31.8h, v30.8h, v29.8h // SQRDMLAH (vector)
sqrdmlah v5.2s, v17.2s, v9.2s // SQRDMLAH (vector)
sqrdmlah v0.4s, v1.4s, v2.4s // SQRDMLAH (vector)
sqrdmlah h0, h1, h2 // SQRDMLAH (vector, scalar)
sqrdmlah s31, s30, s29 // SQRDMLAH (vector, scalar)
sqrdmlsh v0.4h, v1.4h, v2.4h // SQRDMLSH (vector)
sqrdmlsh v31.8h, v30.8h, v29.8h // SQRDMLSH (vector)
sqrdmlsh v5.2s, v17.2s, v9.2s // SQRDMLSH (vector)
sqrdmlsh v0.4s, v1.4s, v2.4s // SQRDMLSH (vector)
sqrdmlsh h0, h1, h2 // SQRDMLSH (vector, scalar)
sqrdmlsh s31, s30, s29 // SQRDMLSH (vector, scalar)
sdot v0.2s, v1.8b, v2.8b // SDOT (vector)
sdot v0.2s, v1.8b, v2.4b[3] // SDOT (by element)
sdot v31.4s, v30.16b, v29.16b // SDOT (vector)
sdot v31.4s, v30.16b, v29.4b[1] // SDOT (by element)
udot v0.2s, v1.8b, v2.8b // UDOT (vector)
udot v0.2s, v1.8b, v2.4b[3] // UDOT (by element)
udot v31.4s, v30.16b, v29.16b // UDOT (vector)
udot v31.4s, v30.16b, v29.4b[1] // UDOT (by element)
saddl v31.8h, v30.8b, v29.8b // SADDL
saddl2 v5.8h, v17.16b, v9.16b // SADDL
saddl v5.4s, v17.4h, v9.4h // SADDL
saddl2 v0.4s, v1.8h, v2.8h // SADDL
saddl v31.2d, v30.2s, v29.2s // SADDL
saddl2 v5.2d, v17.4s, v9.4s // SADDL
ssubl v31.8h, v30.8b, v29.8b // SSUBL
ssubl2 v5.8h, v17.16b, v9.16b // SSUBL
ssubl v5.4s, v17.4h, v9.4h // SSUBL
ssubl2 v0.4s, v1.8h, v2.8h // SSUBL
ssubl v31.2d, v30.2s, v29.2s // SSUBL
ssubl2 v5.2d, v17.4s, v9.4s // SSUBL
sabal v31.8h, v30.8b, v29.8b // SABAL
sabal2 v5.8h, v17.16b, v9.16b // SABAL
sabal v5.4s, v17.4h, v9.4h // SABAL
sabal2 v0.4s, v1.8h, v2.8h // SABAL
sabal v31.2d, v30.2s, v29.2s // SABAL
sabal2 v5.2d, v17.4s, v9.4s // SABAL
sabdl v31.8h, v30.8b, v29.8b // SABDL
sabdl2 v5.8h, v17.16b, v9.16b // SABDL
sabdl v5.4s, v17.4h, v9.4h // SABDL
sabdl2 v0.4s, v1.8h, v2.8h // SABDL
sabdl v31.2d, v30.2s, v29.2s // SABDL
sabdl2 v5.2d, v17.4s, v9.4s // SABDL
smlal v31.8h, v30.8b, v29.8b // SMLAL (vector)
smlal2 v5.8h, v17.16b, v9.16b // SMLAL (vector)
smlal v5.4s, v17.4h, v9.4h // SMLAL (vector)
smlal2 v0.4s, v1.8h, v2.8h // SMLAL (vector)
smlal v31.2d, v30.2s, v29.2s // SMLAL (vector)
smlal2 v5.2d, v17.4s, v9.4s // SMLAL (vector)
smlsl v31.8h, v30.8b, v29.8b // SMLSL (vector)
smlsl2 v5.8h, v17.16b, v9.16b // SMLSL (vector)
smlsl v5.4s, v17.4h, v9.4h // SMLSL (vector)
smlsl2 v0.4s, v1.8h, v2.8h // SMLSL (vector)
smlsl v31.2d, v30.2s, v29.2s // SMLSL (vector)
smlsl2 v5.2d, v17.4s, v9.4s // SMLSL (vector)
smull v31.8h, v30.8b, v29.8b // SMULL (vector)
smull2 v5.8h, v17.16b, v9.16b // SMULL (vector)
smull v5.4s, v17.4h, v9.4h // SMULL (vector)
smull2 v0.4s, v1.8h, v2.8h // SMULL (vector)
smull v31.2d, v30.2s, v29.2s // SMULL (vector)
smull2 v5.2d, v17.4s, v9.4s // SMULL (vector)
saddw v31.8h, v30.8h, v29.8b // SADDW
saddw2 v5.8h, v17.8h, v9.16b // SADDW
saddw v5.4s, v17.4s, v9.4h // SADDW
saddw2 v0.4s, v1.4s, v2.8h // SADDW
saddw v31.2d, v30.2d, v29.2s // SADDW
saddw2 v5.2d, v17.2d, v9.4s // SADDW
ssubw v31.8h, v30.8h, v29.8b // SSUBW
ssubw2 v5.8h, v17.8h, v9.16b // SSUBW
ssubw v5.4s, v17.4s, v9.4h // SSUBW
ssubw2 v0.4s, v1.4s, v2.8h // SSUBW
ssubw v31.2d, v30.2d, v29.2s // SSUBW
ssubw2 v5.2d, v17.2d, v9.4s // SSUBW
uaddl v31.8h, v30.8b, v29.8b // UADDL
uaddl2 v5.8h, v17.16b, v9.16b // UADDL
uaddl v5.4s, v17.4h, v9.4h // UADDL
uaddl2 v0.4s, v1.8h, v2.8h // UADDL
uaddl v31.2d, v30.2s, v29.2s // UADDL
uaddl2 v5.2d, v17.4s, v9.4s // UADDL
usubl v31.8h, v30.8b, v29.8b // USUBL
usubl2 v5.8h, v17.16b, v9.16b // USUBL
usubl v5.4s, v17.4h, v9.4h // USUBL
usubl2 v0.4s, v1.8h, v2.8h // USUBL
usubl v31.2d, v30.2s, v29.2s // USUBL
usubl2 v5.2d, v17.4s, v9.4s // USUBL
uabal v31.8h, v30.8b, v29.8b // UABAL
uabal2 v5.8h, v17.16b, v9.16b // UABAL
uabal v5.4s, v17.4h, v9.4h // UABAL
uabal2 v0.4s, v1.8h, v2.8h // UABAL
uabal v31.2d, v30.2s, v29.2s // UABAL
uabal2 v5.2d, v17.4s, v9.4s // UABAL
uabdl v31.8h, v30.8b, v29.8b // UABDL
uabdl2 v5.8h, v17.16b, v9.16b // UABDL
uabdl v5.4s, v17.4h, v9.4h // UABDL
uabdl2 v0.4s, v1.8h, v2.8h // UABDL
uabdl v31.2d, v30.2s, v29.2s // UABDL
uabdl2 v5.2d, v17.4s, v9.4s // UABDL
umlal v31.8h, v30.8b, v29.8b // UMLAL (vector)
umlal2 v5.8h, v17.16b, v9.16b // UMLAL (vector)
umlal v5.4s, v17.4h, v9.4h // UMLAL (vector)
umlal2 v0.4s, v1.8h, v2.8h // UMLAL (vector)
umlal v31.2d, v30.2s, v29.2s // UMLAL (vector)
umlal2 v5.2d, v17.4s, v9.4s // UMLAL (vector)
umlsl v31.8h, v30.8b, v29.8b // UMLSL (vector)
umlsl2 v5.8h, v17.16b, v9.16b // UMLSL (vector)
umlsl v5.4s, v17.4h, v9.4h // UMLSL (vector)
umlsl2 v0.4s, v1.8h, v2.8h // UMLSL (vector)
umlsl v31.2d, v30.2s, v29.2s // UMLSL (vector)
umlsl2 v5.2d, v17.4s, v9.4s // UMLSL (vector)
umull v31.8h, v30.8b, v29.8b // UMULL (vector)
umull2 v5.8h, v17.16b, v9.16b // UMULL (vector)
umull v5.4s, v17.4h, v9.4h // UMULL (vector)
umull2 v0.4s, v1.8h, v2.8h // UMULL (vector)
umull v31.2d, v30.2s, v29.2s // UMULL (vector)
umull2 v5.2d, v17.4s, v9.4s // UMULL (vector)
uaddw v31.8h, v30.8h, v29.8b // UADDW
uaddw2 v5.8h, v17.8h, v9.16b // UADDW
uaddw v5.4s, v17.4s, v9.4h // UADDW
uaddw2 v0.4s, v1.4s, v2.8h // UADDW
uaddw v31.2d, v30.2d, v29.2s // UADDW
uaddw2 v5.2d, v17.2d, v9.4s // UADDW
usubw v31.8h, v30.8h, v29.8b // USUBW
usubw2 v5.8h, v17.8h, v9.16b // USUBW
usubw v5.4s, v17.4s, v9.4h // USUBW
usubw2 v0.4s, v1.4s, v2.8h // USUBW
usubw v31.2d, v30.2d, v29.2s // USUBW
usubw2 v5.2d, v17.2d, v9.4s // USUBW
addhn v31.8b, v30.8h, v29.8h // ADDHN
addhn2 v5.16b, v17.8h, v9.8h // ADDHN
addhn v5.4h, v17.4s, v9.4s // ADDHN
addhn2 v0.8h, v1.4s, v2.4s // ADDHN
addhn v31.2s, v30.2d, v29.2d // ADDHN
addhn2 v5.4s, v17.2d, v9.2d // ADDHN
raddhn v31.8b, v30.8h, v29.8h // RADDHN
raddhn2 v5.16b, v17.8h, v9.8h // RADDHN
raddhn v5.4h, v17.4s, v9.4s // RADDHN
raddhn2 v0.8h, v1.4s, v2.4s // RADDHN
raddhn v31.2s, v30.2d, v29.2d // RADDHN
raddhn2 v5.4s, v17.2d, v9.2d // RADDHN
subhn v31.8b, v30.8h, v29.8h // SUBHN
subhn2 v5.16b, v17.8h, v9.8h // SUBHN
subhn v5.4h, v17.4s, v9.4s // SUBHN
subhn2 v0.8h, v1.4s, v2.4s // SUBHN
subhn v31.2s, v30.2d, v29.2d // SUBHN
subhn2 v5.4s, v17.2d, v9.2d // SUBHN
rsubhn v31.8b, v30.8h, v29.8h // RSUBHN
rsubhn2 v5.16b, v17.8h, v9.8h // RSUBHN
rsubhn v5.4h, v17.4s, v9.4s // RSUBHN
rsubhn2 v0.8h, v1.4s, v2.4s // RSUBHN
rsubhn v31.2s, v30.2d, v29.2d // RSUBHN
rsubhn2 v5.4s, v17.2d, v9.2d // RSUBHN
sqdmlal v5.4s, v17.4h, v9.4h // SQDMLAL (vector)
sqdmlal2 v0.4s, v1.8h, v2.8h // SQDMLAL (vector)
sqdmlal v31.2d, v30.2s, v29.2s // SQDMLAL (vector)
sqdmlal2 v5.2d, v17.4s, v9.4s // SQDMLAL (vector)
sqdmlal s0, h31, h7 // SQDMLAL (vector, scalar)
sqdmlal d0, s31, s7 // SQDMLAL (vector, scalar)
sqdmlsl v5.4s, v17.4h, v9.4h // SQDMLSL (vector)
sqdmlsl2 v0.4s, v1.8h, v2.8h // SQDMLSL (vector)
sqdmlsl v31.2d, v30.2s, v29.2s // SQDMLSL (vector)
sqdmlsl2 v5.2d, v17.4s, v9.4s // SQDMLSL (vector)
sqdmlsl s0, h31, h7 // SQDMLSL (vector, scalar)
sqdmlsl d0, s31, s7 // SQDMLSL (vector, scalar)
sqdmull v5.4s, v17.4h, v9.4h // SQDMULL (vector)
sqdmull2 v0.4s, v1.8h, v2.8h // SQDMULL (vector)
sqdmull v31.2d, v30.2s, v29.2s // SQDMULL (vector)
sqdmull2 v5.2d, v17.4s, v9.4s // SQDMULL (vector)
sqdmull s0, h31, h7 // SQDMULL (vector, scalar)
sqdmull d0, s31, s7 // SQDMULL (vector, scalar)
pmull v31.8h, v30.8b, v29.8b // PMULL (bytes)
pmull2 v5.8h, v17.16b, v9.16b // PMULL (bytes)
pmull v1.1q, v2.1d, v3.1d // PMULL (doublewords)
pmull2 v31.1q, v30.2d, v29.2d // PMULL (doublewords)
rev64 v0.8b, v1.8b // REV64
rev64 v31.16b, v30.16b // REV64
rev64 v5.4h, v17.4h // REV64
rev64 v0.8h, v1.8h // REV64
rev64 v31.2s, v30.2s // REV64
rev64 v5.4s, v17.4s // REV64
rev32 v0.8b, v1.8b // REV32 (vector)
rev32 v31.16b, v30.16b // REV32 (vector)
rev32 v5.4h, v17.4h // REV32 (vector)
rev32 v0.8h, v1.8h // REV32 (vector)
rev16 v0.8b, v1.8b // REV16 (vector)
rev16 v31.16b, v30.16b // REV16 (vector)
suqadd v0.8b, v1.8b // SUQADD
suqadd v31.16b, v30.16b // SUQADD
suqadd v5.4h, v17.4h // SUQADD
suqadd v0.8h, v1.8h // SUQADD
suqadd v31.2s, v30.2s // SUQADD
suqadd v5.4s, v17.4s // SUQADD
suqadd v0.2d, v1.2d // SUQADD
suqadd b0, b1 // SUQADD (scalar)
suqadd h31, h30 // SUQADD (scalar)
suqadd s5, s17 // SUQADD (scalar)
suqadd d0, d1 // SUQADD (scalar)
usqadd v0.8b, v1.8b // USQADD
usqadd v31.16b, v30.16b // USQADD
usqadd v5.4h, v17.4h // USQADD
usqadd v0.8h, v1.8h // USQADD
usqadd v31.2s, v30.2s // USQADD
usqadd v5.4s, v17.4s // USQADD
usqadd v0.2d, v1.2d // USQADD
usqadd b0, b1 // USQADD (scalar)
usqadd h31, h30 // USQADD (scalar)
usqadd s5, s17 // USQADD (scalar)
usqadd d0, d1 // USQADD (scalar)
sqabs v0.8b, v1.8b // SQABS
sqabs v31.16b, v30.16b // SQABS
sqabs v5.4h, v17.4h // SQABS
sqabs v0.8h, v1.8h // SQABS
sqabs v31.2s, v30.2s // SQABS
sqabs v5.4s, v17.4s // SQABS
sqabs v0.2d, v1.2d // SQABS
sqabs b0, b1 // SQABS (scalar)
sqabs h31, h30 // SQABS (scalar)
sqabs s5, s17 // SQABS (scalar)
sqabs d0, d1 // SQABS (scalar)
sqneg v0.8b, v1.8b // SQNEG
sqneg v31.16b, v30.16b // SQNEG
sqneg v5.4h, v17.4h // SQNEG
sqneg v0.8h, v1.8h // SQNEG
sqneg v31.2s, v30.2s // SQNEG
sqneg v5.4s, v17.4s // SQNEG
sqneg v0.2d, v1.2d // SQNEG
sqneg b0, b1 // SQNEG (scalar)
sqneg h31, h30 // SQNEG (scalar)
sqneg s5, s17 // SQNEG (scalar)
sqneg d0, d1 // SQNEG (scalar)
cls v0.8b, v1.8b // CLS (vector)
cls v31.16b, v30.16b // CLS (vector)
cls v5.4h, v17.4h // CLS (vector)
cls v0.8h, v1.8h // CLS (vector)
cls v31.2s, v30.2s // CLS (vector)
cls v5.4s, v17.4s // CLS (vector)
clz v0.8b, v1.8b // CLZ (vector)
clz v31.16b, v30.16b // CLZ (vector)
clz v5.4h, v17.4h // CLZ (vector)
clz v0.8h, v1.8h // CLZ (vector)
clz v31.2s, v30.2s // CLZ (vector)
clz v5.4s, v17.4s // CLZ (vector)
cnt v0.8b, v1.8b // CNT
cnt v31.16b, v30.16b // CNT
not v0.8b, v1.8b // NOT
not v31.16b, v30.16b // NOT
rbit v0.8b, v1.8b // RBIT (vector)
rbit v31.16b, v30.16b // RBIT (vector)
cmgt v0.8b, v1.8b, #0 // CMGT (zero)
cmgt v31.16b, v30.16b, #0 // CMGT (zero)
cmgt v5.4h, v17.4h, #0 // CMGT (zero)
cmgt v0.8h, v1.8h, #0 // CMGT (zero)
cmgt v31.2s, v30.2s, #0 // CMGT (zero)
cmgt v5.4s, v17.4s, #0 // CMGT (zero)
cmgt v0.2d, v1.2d, #0 // CMGT (zero)
cmgt d0, d1, #0 // CMGT (zero, scalar)
cmge v0.8b, v1.8b, #0 // CMGE (zero)
cmge v31.16b, v30.16b, #0 // CMGE (zero)
cmge v5.4h, v17.4h, #0 // CMGE (zero)
cmge v0.8h, v1.8h, #0 // CMGE (zero)
cmge v31.2s, v30.2s, #0 // CMGE (zero)
cmge v5.4s, v17.4s, #0 // CMGE (zero)
cmge v0.2d, v1.2d, #0 // CMGE (zero)
cmge d0, d1, #0 // CMGE (zero, scalar)
cmeq v0.8b, v1.8b, #0 // CMEQ (zero)
cmeq v31.16b, v30.16b, #0 // CMEQ (zero)
cmeq v5.4h, v17.4h, #0 // CMEQ (zero)
cmeq v0.8h, v1.8h, #0 // CMEQ (zero)
cmeq v31.2s, v30.2s, #0 // CMEQ (zero)
cmeq v5.4s, v17.4s, #0 // CMEQ (zero)
cmeq v0.2d, v1.2d, #0 // CMEQ (zero)
cmeq d0, d1, #0 // CMEQ (zero, scalar)
cmle v0.8b, v1.8b, #0 // CMLE (zero)
cmle v31.16b, v30.16b, #0 // CMLE (zero)
cmle v5.4h, v17.4h, #0 // CMLE (zero)
cmle v0.8h, v1.8h, #0 // CMLE (zero)
cmle v31.2s, v30.2s, #0 // CMLE (zero)
cmle v5.4s, v17.4s, #0 // CMLE (zero)
cmle v0.2d, v1.2d, #0 // CMLE (zero)
cmle d0, d1, #0 // CMLE (zero, scalar)
cmlt v0.8b, v1.8b, #0 // CMLT (zero)
cmlt v31.16b, v30.16b, #0 // CMLT (zero)
cmlt v5.4h, v17.4h, #0 // CMLT (zero)
cmlt v0.8h, v1.8h, #0 // CMLT (zero)
cmlt v31.2s, v30.2s, #0 // CMLT (zero)
cmlt v5.4s, v17.4s, #0 // CMLT (zero)
cmlt v0.2d, v1.2d, #0 // CMLT (zero)
cmlt d0, d1, #0 // CMLT (zero, scalar)
abs v0.8b, v1.8b // ABS
abs v31.16b, v30.16b // ABS
abs v5.4h, v17.4h // ABS
abs v0.8h, v1.8h // ABS
abs v31.2s, v30.2s // ABS
abs v5.4s, v17.4s // ABS
abs v0.2d, v1.2d // ABS
abs d0, d1 // ABS (scalar)
neg v0.8b, v1.8b // NEG (vector)
neg v31.16b, v30.16b // NEG (vector)
neg v5.4h, v17.4h // NEG (vector)
neg v0.8h, v1.8h // NEG (vector)
neg v31.2s, v30.2s // NEG (vector)
neg v5.4s, v17.4s // NEG (vector)
neg v0.2d, v1.2d // NEG (vector)
neg d0, d1 // NEG (vector, scalar)
saddlp v0.4h, v1.8b // SADDLP
saddlp v31.8h, v30.16b // SADDLP
saddlp v5.2s, v17.4h // SADDLP
saddlp v0.4s, v1.8h // SADDLP
saddlp v31.1d, v30.2s // SADDLP
saddlp v5.2d, v17.4s // SADDLP
uaddlp v0.4h, v1.8b // UADDLP
uaddlp v31.8h, v30.16b // UADDLP
uaddlp v5.2s, v17.4h // UADDLP
uaddlp v0.4s, v1.8h // UADDLP
uaddlp v31.1d, v30.2s // UADDLP
uaddlp v5.2d, v17.4s // UADDLP
sadalp v0.4h, v1.8b // SADALP
sadalp v31.8h, v30.16b // SADALP
sadalp v5.2s, v17.4h // SADALP
sadalp v0.4s, v1.8h // SADALP
sadalp v31.1d, v30.2s // SADALP
sadalp v5.2d, v17.4s // SADALP
uadalp v0.4h, v1.8b // UADALP
uadalp v31.8h, v30.16b // UADALP
uadalp v5.2s, v17.4h // UADALP
uadalp v0.4s, v1.8h // UADALP
uadalp v31.1d, v30.2s // UADALP
uadalp v5.2d, v17.4s // UADALP
xtn v31.8b, v30.8h // XTN
xtn2 v5.16b, v17.8h // XTN
xtn v5.4h, v17.4s // XTN
xtn2 v0.8h, v1.4s // XTN
xtn v31.2s, v30.2d // XTN
xtn2 v5.4s, v17.2d // XTN
sqxtun v31.8b, v30.8h // SQXTUN
sqxtun2 v5.16b, v17.8h // SQXTUN
sqxtun b0, h31 // SQXTUN (scalar)
sqxtun v5.4h, v17.4s // SQXTUN
sqxtun2 v0.8h, v1.4s // SQXTUN
sqxtun h0, s31 // SQXTUN (scalar)
sqxtun v31.2s, v30.2d // SQXTUN
sqxtun2 v5.4s, v17.2d // SQXTUN
sqxtun s0, d31 // SQXTUN (scalar)
sqxtn v31.8b, v30.8h // SQXTN
sqxtn2 v5.16b, v17.8h // SQXTN
sqxtn b0, h31 // SQXTN (scalar)
sqxtn v5.4h, v17.4s // SQXTN
sqxtn2 v0.8h, v1.4s // SQXTN
sqxtn h0, s31 // SQXTN (scalar)
sqxtn v31.2s, v30.2d // SQXTN
sqxtn2 v5.4s, v17.2d // SQXTN
sqxtn s0, d31 // SQXTN (scalar)
uqxtn v31.8b, v30.8h // UQXTN
uqxtn2 v5.16b, v17.8h // UQXTN
uqxtn b0, h31 // UQXTN (scalar)
uqxtn v5.4h, v17.4s // UQXTN
uqxtn2 v0.8h, v1.4s // UQXTN
uqxtn h0, s31 // UQXTN (scalar)
uqxtn v31.2s, v30.2d // UQXTN
uqxtn2 v5.4s, v17.2d // UQXTN
uqxtn s0, d31 // UQXTN (scalar)
shll v1.8h, v31.8b, #8 // SHLL
shll2 v1.8h, v31.16b, #8 // SHLL
shll v2.4s, v31.4h, #16 // SHLL
shll2 v2.4s, v31.8h, #16 // SHLL
shll v4.2d, v31.2s, #32 // SHLL
shll2 v4.2d, v31.4s, #32 // SHLL
saddlv h30, v1.8b // SADDLV
saddlv h30, v1.16b // SADDLV
saddlv s29, v2.4h // SADDLV
saddlv s29, v2.8h // SADDLV
saddlv d27, v4.4s // SADDLV
uaddlv h30, v1.8b // UADDLV
uaddlv h30, v1.16b // UADDLV
uaddlv s29, v2.4h // UADDLV
uaddlv s29, v2.8h // UADDLV
uaddlv d27, v4.4s // UADDLV
smaxv b30, v1.8b // SMAXV
smaxv b30, v1.16b // SMAXV
smaxv h29, v2.4h // SMAXV
smaxv h29, v2.8h // SMAXV
smaxv s27, v4.4s // SMAXV
umaxv b30, v1.8b // UMAXV
umaxv b30, v1.16b // UMAXV
umaxv h29, v2.4h // UMAXV
umaxv h29, v2.8h // UMAXV
umaxv s27, v4.4s // UMAXV
sminv b30, v1.8b // SMINV
sminv b30, v1.16b // SMINV
sminv h29, v2.4h // SMINV
sminv h29, v2.8h // SMINV
sminv s27, v4.4s // SMINV
uminv b30, v1.8b // UMINV
uminv b30, v1.16b // UMINV
uminv h29, v2.4h // UMINV
uminv h29, v2.8h // UMINV
uminv s27, v4.4s // UMINV
addv b30, v1.8b // ADDV
addv b30, v1.16b // ADDV
addv h29, v2.4h // ADDV
addv h29, v2.8h // ADDV
addv s27, v4.4s // ADDV
addp d0, v31.2d // ADDP (scalar)
addp d31, v0.2d // ADDP (scalar)
sshr v0.8b, v1.8b, #8 // SSHR
sshr v31.16b, v30.16b, #1 // SSHR
sshr v5.4h, v17.4h, #3 // SSHR
sshr v0.8h, v1.8h, #16 // SSHR
sshr v31.2s, v30.2s, #1 // SSHR
sshr v5.4s, v17.4s, #3 // SSHR
sshr v0.2d, v1.2d, #64 // SSHR
sshr d0, d1, #64 // SSHR (scalar)
sshr d0, d1, #1 // SSHR (scalar)
ushr v0.8b, v1.8b, #8 // USHR
ushr v31.16b, v30.16b, #1 // USHR
ushr v5.4h, v17.4h, #3 // USHR
ushr v0.8h, v1.8h, #16 // USHR
ushr v31.2s, v30.2s, #1 // USHR
ushr v5.4s, v17.4s, #3 // USHR
ushr v0.2d, v1.2d, #64 // USHR
ushr d0, d1, #64 // USHR (scalar)
ushr d0, d1, #1 // USHR (scalar)
ssra v0.8b, v1.8b, #8 // SSRA
ssra v31.16b, v30.16b, #1 // SSRA
ssra v5.4h, v17.4h, #3 // SSRA
ssra v0.8h, v1.8h, #16 // SSRA
ssra v31.2s, v30.2s, #1 // SSRA
ssra v5.4s, v17.4s, #3 // SSRA
ssra v0.2d, v1.2d, #64 // SSRA
ssra d0, d1, #64 // SSRA (scalar)
ssra d0, d1, #1 // SSRA (scalar)
usra v0.8b, v1.8b, #8 // USRA
usra v31.16b, v30.16b, #1 // USRA
usra v5.4h, v17.4h, #3 // USRA
usra v0.8h, v1.8h, #16 // USRA
usra v31.2s, v30.2s, #1 // USRA
usra v5.4s, v17.4s, #3 // USRA
usra v0.2d, v1.2d, #64 // USRA
usra d0, d1, #64 // USRA (scalar)
usra d0, d1, #1 // USRA (scalar)
srshr v0.8b, v1.8b, #8 // SRSHR
srshr v31.16b, v30.16b, #1 // SRSHR
srshr v5.4h, v17.4h, #3 // SRSHR
srshr v0.8h, v1.8h, #16 // SRSHR
srshr v31.2s, v30.2s, #1 // SRSHR
srshr v5.4s, v17.4s, #3 // SRSHR
srshr v0.2d, v1.2d, #64 // SRSHR
srshr d0, d1, #64 // SRSHR (scalar)
srshr d0, d1, #1 // SRSHR (scalar)
urshr v0.8b, v1.8b, #8 // URSHR
urshr v31.16b, v30.16b, #1 // URSHR
urshr v5.4h, v17.4h, #3 // URSHR
urshr v0.8h, v1.8h, #16 // URSHR
urshr v31.2s, v30.2s, #1 // URSHR
urshr v5.4s, v17.4s, #3 // URSHR
urshr v0.2d, v1.2d, #64 // URSHR
urshr d0, d1, #64 // URSHR (scalar)
urshr d0, d1, #1 // URSHR (scalar)
srsra v0.8b, v1.8b, #8 // SRSRA
srsra v31.16b, v30.16b, #1 // SRSRA
srsra v5.4h, v17.4h, #3 // SRSRA
srsra v0.8h, v1.8h, #16 // SRSRA
srsra v31.2s, v30.2s, #1 // SRSRA
srsra v5.4s, v17.4s, #3 // SRSRA
srsra v0.2d, v1.2d, #64 // SRSRA
srsra d0, d1, #64 // SRSRA (scalar)
srsra d0, d1, #1 // SRSRA (scalar)
ursra v0.8b, v1.8b, #8 // URSRA
ursra v31.16b, v30.16b, #1 // URSRA
ursra v5.4h, v17.4h, #3 // URSRA
ursra v0.8h, v1.8h, #16 // URSRA
ursra v31.2s, v30.2s, #1 // URSRA
ursra v5.4s, v17.4s, #3 // URSRA
ursra v0.2d, v1.2d, #64 // URSRA
ursra d0, d1, #64 // URSRA (scalar)
ursra d0, d1, #1 // URSRA (scalar)
sri v0.8b, v1.8b, #8 // SRI
sri v31.16b, v30.16b, #1 // SRI
sri v5.4h, v17.4h, #3 // SRI
sri v0.8h, v1.8h, #16 // SRI
sri v31.2s, v30.2s, #1 // SRI
sri v5.4s, v17.4s, #3 // SRI
sri v0.2d, v1.2d, #64 // SRI
sri d0, d1, #64 // SRI (scalar)
sri d0, d1, #1 // SRI (scalar)
shl v0.8b, v1.8b, #7 // SHL
shl v31.16b, v30.16b, #0 // SHL
shl v5.4h, v17.4h, #3 // SHL
shl v0.8h, v1.8h, #15 // SHL
shl v31.2s, v30.2s, #0 // SHL
shl v5.4s, v17.4s, #3 // SHL
shl v0.2d, v1.2d, #63 // SHL
shl d0, d1, #63 // SHL (scalar)
shl d0, d1, #0 // SHL (scalar)
sli v0.8b, v1.8b, #7 // SLI
sli v31.16b, v30.16b, #0 // SLI
sli v5.4h, v17.4h, #3 // SLI
sli v0.8h, v1.8h, #15 // SLI
sli v31.2s, v30.2s, #0 // SLI
sli v5.4s, v17.4s, #3 // SLI
sli v0.2d, v1.2d, #63 // SLI
sli d0, d1, #63 // SLI (scalar)
sli d0, d1, #0 // SLI (scalar)
sqshlu v0.8b, v1.8b, #7 // SQSHLU
sqshlu v31.16b, v30.16b, #0 // SQSHLU
sqshlu v5.4h, v17.4h, #3 // SQSHLU
sqshlu v0.8h, v1.8h, #15 // SQSHLU
sqshlu v31.2s, v30.2s, #0 // SQSHLU
sqshlu v5.4s, v17.4s, #3 // SQSHLU
sqshlu v0.2d, v1.2d, #63 // SQSHLU
sqshlu b0, b1, #7 // SQSHLU (scalar)
sqshlu b0, b1, #0 // SQSHLU (scalar)
sqshlu h31, h30, #15 // SQSHLU (scalar)
sqshlu h31, h30, #0 // SQSHLU (scalar)
sqshlu s5, s17, #31 // SQSHLU (scalar)
sqshlu s5, s17, #0 // SQSHLU (scalar)
sqshlu d0, d1, #63 // SQSHLU (scalar)
sqshlu d0, d1, #0 // SQSHLU (scalar)
sqshl v0.8b, v1.8b, #7 // SQSHL (immediate)
sqshl v31.16b, v30.16b, #0 // SQSHL (immediate)
sqshl v5.4h, v17.4h, #3 // SQSHL (immediate)
sqshl v0.8h, v1.8h, #15 // SQSHL (immediate)
sqshl v31.2s, v30.2s, #0 // SQSHL (immediate)
sqshl v5.4s, v17.4s, #3 // SQSHL (immediate)
sqshl v0.2d, v1.2d, #63 // SQSHL (immediate)
sqshl b0, b1, #7 // SQSHL (immediate, scalar)
sqshl b0, b1, #0 // SQSHL (immediate, scalar)
sqshl h31, h30, #15 // SQSHL (immediate, scalar)
sqshl h31, h30, #0 // SQSHL (immediate, scalar)
sqshl s5, s17, #31 // SQSHL (immediate, scalar)
sqshl s5, s17, #0 // SQSHL (immediate, scalar)
sqshl d0, d1, #63 // SQSHL (immediate, scalar)
sqshl d0, d1, #0 // SQSHL (immediate, scalar)
uqshl v0.8b, v1.8b, #7 // UQSHL (immediate)
uqshl v31.16b, v30.16b, #0 // UQSHL (immediate)
uqshl v5.4h, v17.4h, #3 // UQSHL (immediate)
uqshl v0.8h, v1.8h, #15 // UQSHL (immediate)
uqshl v31.2s, v30.2s, #0 // UQSHL (immediate)
uqshl v5.4s, v17.4s, #3 // UQSHL (immediate)
uqshl v0.2d, v1.2d, #63 // UQSHL (immediate)
uqshl b0, b1, #7 // UQSHL (immediate, scalar)
uqshl b0, b1, #0 // UQSHL (immediate, scalar)
uqshl h31, h30, #15 // UQSHL (immediate, scalar)
uqshl h31, h30, #0 // UQSHL (immediate, scalar)
uqshl s5, s17, #31 // UQSHL (immediate, scalar)
uqshl s5, s17, #0 // UQSHL (immediate, scalar)
uqshl d0, d1, #63 // UQSHL (immediate, scalar)
uqshl d0, d1, #0 // UQSHL (immediate, scalar)
shrn v31.8b, v30.8h, #1 // SHRN
shrn2 v5.16b, v17.8h, #8 // SHRN
shrn v5.4h, v17.4s, #1 // SHRN
shrn2 v0.8h, v1.4s, #16 // SHRN
shrn v31.2s, v30.2d, #1 // SHRN
shrn2 v5.4s, v17.2d, #32 // SHRN
rshrn v31.8b, v30.8h, #1 // RSHRN
rshrn2 v5.16b, v17.8h, #8 // RSHRN
rshrn v5.4h, v17.4s, #1 // RSHRN
rshrn2 v0.8h, v1.4s, #16 // RSHRN
rshrn v31.2s, v30.2d, #1 // RSHRN
rshrn2 v5.4s, v17.2d, #32 // RSHRN
sqshrun v31.8b, v30.8h, #8 // SQSHRUN
sqshrun2 v5.16b, v17.8h, #1 // SQSHRUN
sqshrun b0, h31, #8 // SQSHRUN (scalar)
sqshrun v5.4h, v17.4s, #16 // SQSHRUN
sqshrun2 v0.8h, v1.4s, #1 // SQSHRUN
sqshrun h0, s31, #16 // SQSHRUN (scalar)
sqshrun v31.2s, v30.2d, #32 // SQSHRUN
sqshrun2 v5.4s, v17.2d, #1 // SQSHRUN
sqshrun s0, d31, #32 // SQSHRUN (scalar)
sqrshrun v31.8b, v30.8h, #8 // SQRSHRUN
sqrshrun2 v5.16b, v17.8h, #1 // SQRSHRUN
sqrshrun b0, h31, #8 // SQRSHRUN (scalar)
sqrshrun v5.4h, v17.4s, #16 // SQRSHRUN
sqrshrun2 v0.8h, v1.4s, #1 // SQRSHRUN
sqrshrun h0, s31, #16 // SQRSHRUN (scalar)
sqrshrun v31.2s, v30.2d, #32 // SQRSHRUN
sqrshrun2 v5.4s, v17.2d, #1 // SQRSHRUN
sqrshrun s0, d31, #32 // SQRSHRUN (scalar)
sqshrn v31.8b, v30.8h, #8 // SQSHRN
sqshrn2 v5.16b, v17.8h, #1 // SQSHRN
sqshrn b0, h31, #8 // SQSHRN (scalar)
sqshrn v5.4h, v17.4s, #16 // SQSHRN
sqshrn2 v0.8h, v1.4s, #1 // SQSHRN
sqshrn h0, s31, #16 // SQSHRN (scalar)
sqshrn v31.2s, v30.2d, #32 // SQSHRN
sqshrn2 v5.4s, v17.2d, #1 // SQSHRN
sqshrn s0, d31, #32 // SQSHRN (scalar)
sqrshrn v31.8b, v30.8h, #8 // SQRSHRN
sqrshrn2 v5.16b, v17.8h, #1 // SQRSHRN
sqrshrn b0, h31, #8 // SQRSHRN (scalar)
sqrshrn v5.4h, v17.4s, #16 // SQRSHRN
sqrshrn2 v0.8h, v1.4s, #1 // SQRSHRN
sqrshrn h0, s31, #16 // SQRSHRN (scalar)
sqrshrn v31.2s, v30.2d, #32 // SQRSHRN
sqrshrn2 v5.4s, v17.2d, #1 // SQRSHRN
sqrshrn s0, d31, #32 // SQRSHRN (scalar)
uqshrn v31.8b, v30.8h, #8 // UQSHRN
uqshrn2 v5.16b, v17.8h, #1 // UQSHRN
uqshrn b0, h31, #8 // UQSHRN (scalar)
uqshrn v5.4h, v17.4s, #16 // UQSHRN
uqshrn2 v0.8h, v1.4s, #1 // UQSHRN
uqshrn h0, s31, #16 // UQSHRN (scalar)
uqshrn v31.2s, v30.2d, #32 // UQSHRN
uqshrn2 v5.4s, v17.2d, #1 // UQSHRN
uqshrn s0, d31, #32 // UQSHRN (scalar)
uqrshrn v31.8b, v30.8h, #8 // UQRSHRN
uqrshrn2 v5.16b, v17.8h, #1 // UQRSHRN
uqrshrn b0, h31, #8 // UQRSHRN (scalar)
uqrshrn v5.4h, v17.4s, #16 // UQRSHRN
uqrshrn2 v0.8h, v1.4s, #1 // UQRSHRN
uqrshrn h0, s31, #16 // UQRSHRN (scalar)
uqrshrn v31.2s, v30.2d, #32 // UQRSHRN
uqrshrn2 v5.4s, v17.2d, #1 // UQRSHRN
uqrshrn s0, d31, #32 // UQRSHRN (scalar)
sshll v1.8h, v31.8b, #0 // SSHLL
sshll2 v1.8h, v31.16b, #7 // SSHLL
sshll v2.4s, v31.4h, #0 // SSHLL
sshll2 v2.4s, v31.8h, #15 // SSHLL
sshll v4.2d, v31.2s, #0 // SSHLL
sshll2 v4.2d, v31.4s, #31 // SSHLL
ushll v1.8h, v31.8b, #0 // USHLL
ushll2 v1.8h, v31.16b, #7 // USHLL
ushll v2.4s, v31.4h, #0 // USHLL
ushll2 v2.4s, v31.8h, #15 // USHLL
ushll v4.2d, v31.2s, #0 // USHLL
ushll2 v4.2d, v31.4s, #31 // USHLL
mla v0.4h, v1.4h, v15.h[7] // MLA (by element)
mla v31.8h, v30.8h, v15.h[2] // MLA (by element)
mla v0.2s, v1.2s, v31.s[3] // MLA (by element)
mla v31.4s, v30.4s, v31.s[1] // MLA (by element)
mls v0.4h, v1.4h, v15.h[7] // MLS (by element)
mls v31.8h, v30.8h, v15.h[2] // MLS (by element)
mls v0.2s, v1.2s, v31.s[3] // MLS (by element)
mls v31.4s, v30.4s, v31.s[1] // MLS (by element)
mul v0.4h, v1.4h, v15.h[7] // MUL (by element)
mul v31.8h, v30.8h, v15.h[2] // MUL (by element)
mul v0.2s, v1.2s, v31.s[3] // MUL (by element)
mul v31.4s, v30.4s, v31.s[1] // MUL (by element)
sqdmulh v0.4h, v1.4h, v15.h[7] // SQDMULH (by element)
sqdmulh v31.8h, v30.8h, v15.h[2] // SQDMULH (by element)
sqdmulh h1, h30, v15.h[1] // SQDMULH (by element, scalar)
sqdmulh v0.2s, v1.2s, v31.s[3] // SQDMULH (by element)
sqdmulh v31.4s, v30.4s, v31.s[1] // SQDMULH (by element)
sqdmulh s1, s30, v16.s[1] // SQDMULH (by element, scalar)
sqrdmulh v0.4h, v1.4h, v15.h[7] // SQRDMULH (by element)
sqrdmulh v31.8h, v30.8h, v15.h[2] // SQRDMULH (by element)
sqrdmulh h1, h30, v15.h[1] // SQRDMULH (by element, scalar)
sqrdmulh v0.2s, v1.2s, v31.s[3] // SQRDMULH (by element)
sqrdmulh v31.4s, v30.4s, v31.s[1] // SQRDMULH (by element)
sqrdmulh s1, s30, v16.s[1] // SQRDMULH (by element, scalar)
sqrdmlah v0.4h, v1.4h, v15.h[7] // SQRDMLAH (by element)
sqrdmlah v31.8h, v30.8h, v15.h[2] // SQRDMLAH (by element)
sqrdmlah h1, h30, v15.h[1] // SQRDMLAH (by element, scalar)
sqrdmlah v0.2s, v1.2s, v31.s[3] // SQRDMLAH (by element)
sqrdmlah v31.4s, v30.4s, v31.s[1] // SQRDMLAH (by element)
sqrdmlah s1, s30, v16.s[1] // SQRDMLAH (by element, scalar)
sqrdmlsh v0.4h, v1.4h, v15.h[7] // SQRDMLSH (by element)
sqrdmlsh v31.8h, v30.8h, v15.h[2] // SQRDMLSH (by element)
sqrdmlsh h1, h30, v15.h[1] // SQRDMLSH (by element, scalar)
sqrdmlsh v0.2s, v1.2s, v31.s[3] // SQRDMLSH (by element)
sqrdmlsh v31.4s, v30.4s, v31.s[1] // SQRDMLSH (by element)
sqrdmlsh s1, s30, v16.s[1] // SQRDMLSH (by element, scalar)
smlal v0.4s, v1.4h, v15.h[7] // SMLAL (by element)
smlal2 v31.4s, v30.8h, v15.h[4] // SMLAL (by element)
smlal v0.2d, v1.2s, v31.s[3] // SMLAL (by element)
smlal2 v31.2d, v30.4s, v31.s[2] // SMLAL (by element)
umlal v0.4s, v1.4h, v15.h[7] // UMLAL (by element)
umlal2 v31.4s, v30.8h, v15.h[4] // UMLAL (by element)
umlal v0.2d, v1.2s, v31.s[3] // UMLAL (by element)
umlal2 v31.2d, v30.4s, v31.s[2] // UMLAL (by element)
smlsl v0.4s, v1.4h, v15.h[7] // SMLSL (by element)
smlsl2 v31.4s, v30.8h, v15.h[4] // SMLSL (by element)
smlsl v0.2d, v1.2s, v31.s[3] // SMLSL (by element)
smlsl2 v31.2d, v30.4s, v31.s[2] // SMLSL (by element)
umlsl v0.4s, v1.4h, v15.h[7] // UMLSL (by element)
umlsl2 v31.4s, v30.8h, v15.h[4] // UMLSL (by element)
umlsl v0.2d, v1.2s, v31.s[3] // UMLSL (by element)
umlsl2 v31.2d, v30.4s, v31.s[2] // UMLSL (by element)
smull v0.4s, v1.4h, v15.h[7] // SMULL (by element)
smull2 v31.4s, v30.8h, v15.h[4] // SMULL (by element)
smull v0.2d, v1.2s, v31.s[3] // SMULL (by element)
smull2 v31.2d, v30.4s, v31.s[2] // SMULL (by element)
umull v0.4s, v1.4h, v15.h[7] // UMULL (by element)
umull2 v31.4s, v30.8h, v15.h[4] // UMULL (by element)
umull v0.2d, v1.2s, v31.s[3] // UMULL (by element)
umull2 v31.2d, v30.4s, v31.s[2] // UMULL (by element)
sqdmlal v0.4s, v1.4h, v15.h[7] // SQDMLAL (by element)
sqdmlal2 v31.4s, v30.8h, v15.h[4] // SQDMLAL (by element)
sqdmlal s1, h30, v15.h[1] // SQDMLAL (by element, scalar)
sqdmlal v0.2d, v1.2s, v31.s[3] // SQDMLAL (by element)
sqdmlal2 v31.2d, v30.4s, v31.s[2] // SQDMLAL (by element)
sqdmlal d1, s30, v16.s[1] // SQDMLAL (by element, scalar)
sqdmlsl v0.4s, v1.4h, v15.h[7] // SQDMLSL (by element)
sqdmlsl2 v31.4s, v30.8h, v15.h[4] // SQDMLSL (by element)
sqdmlsl s1, h30, v15.h[1] // SQDMLSL (by element, scalar)
sqdmlsl v0.2d, v1.2s, v31.s[3] // SQDMLSL (by element)
sqdmlsl2 v31.2d, v30.4s, v31.s[2] // SQDMLSL (by element)
sqdmlsl d1, s30, v16.s[1] // SQDMLSL (by element, scalar)
sqdmull v0.4s, v1.4h, v15.h[7] // SQDMULL (by element)
sqdmull2 v31.4s, v30.8h, v15.h[4] // SQDMULL (by element)
sqdmull s1, h30, v15.h[1] // SQDMULL (by element, scalar)
sqdmull v0.2d, v1.2s, v31.s[3] // SQDMULL (by element)
sqdmull2 v31.2d, v30.4s, v31.s[2] // SQDMULL (by element)
sqdmull d1, s30, v16.s[1] // SQDMULL (by element, scalar)
uzp1 v0.8b, v1.8b, v2.8b // UZP1
uzp1 v31.16b, v30.16b, v29.16b // UZP1
uzp1 v5.4h, v17.4h, v9.4h // UZP1
uzp1 v0.8h, v1.8h, v2.8h // UZP1
uzp1 v31.2s, v30.2s, v29.2s // UZP1
uzp1 v5.4s, v17.4s, v9.4s // UZP1
uzp1 v0.2d, v1.2d, v2.2d // UZP1
trn1 v0.8b, v1.8b, v2.8b // TRN1
trn1 v31.16b, v30.16b, v29.16b // TRN1
trn1 v5.4h, v17.4h, v9.4h // TRN1
trn1 v0.8h, v1.8h, v2.8h // TRN1
trn1 v31.2s, v30.2s, v29.2s // TRN1
trn1 v5.4s, v17.4s, v9.4s // TRN1
trn1 v0.2d, v1.2d, v2.2d // TRN1
zip1 v0.8b, v1.8b, v2.8b // ZIP1
zip1 v31.16b, v30.16b, v29.16b // ZIP1
zip1 v5.4h, v17.4h, v9.4h // ZIP1
zip1 v0.8h, v1.8h, v2.8h // ZIP1
zip1 v31.2s, v30.2s, v29.2s // ZIP1
zip1 v5.4s, v17.4s, v9.4s // ZIP1
zip1 v0.2d, v1.2d, v2.2d // ZIP1
uzp2 v0.8b, v1.8b, v2.8b // UZP2
uzp2 v31.16b, v30.16b, v29.16b // UZP2
uzp2 v5.4h, v17.4h, v9.4h // UZP2
uzp2 v0.8h, v1.8h, v2.8h // UZP2
uzp2 v31.2s, v30.2s, v29.2s // UZP2
uzp2 v5.4s, v17.4s, v9.4s // UZP2
uzp2 v0.2d, v1.2d, v2.2d // UZP2
trn2 v0.8b, v1.8b, v2.8b // TRN2
trn2 v31.16b, v30.16b, v29.16b // TRN2
trn2 v5.4h, v17.4h, v9.4h // TRN2
trn2 v0.8h, v1.8h, v2.8h // TRN2
trn2 v31.2s, v30.2s, v29.2s // TRN2
trn2 v5.4s, v17.4s, v9.4s // TRN2
trn2 v0.2d, v1.2d, v2.2d // TRN2
zip2 v0.8b, v1.8b, v2.8b // ZIP2
zip2 v31.16b, v30.16b, v29.16b // ZIP2
zip2 v5.4h, v17.4h, v9.4h // ZIP2
zip2 v0.8h, v1.8h, v2.8h // ZIP2
zip2 v31.2s, v30.2s, v29.2s // ZIP2
zip2 v5.4s, v17.4s, v9.4s // ZIP2
zip2 v0.2d, v1.2d, v2.2d // ZIP2
ext v0.8b, v1.8b, v2.8b, #7 // EXT
ext v31.16b, v30.16b, v29.16b, #15 // EXT
ext v31.16b, v30.16b, v29.16b, #0 // EXT
tbl v1.8b, {v30.16b}, v21.8b // TBL
tbl v1.16b, {v30.16b}, v21.16b // TBL
tbl v2.8b, {v30.16b, v31.16b}, v22.8b // TBL
tbl v2.16b, {v30.16b, v31.16b}, v22.16b // TBL
tbl v3.8b, {v30.16b, v31.16b, v0.16b}, v23.8b // TBL
tbl v3.16b, {v30.16b, v31.16b, v0.16b}, v23.16b // TBL
tbl v4.8b, {v30.16b, v31.16b, v0.16b, v1.16b}, v24.8b // TBL
tbl v4.16b, {v30.16b, v31.16b, v0.16b, v1.16b}, v24.16b // TBL
tbx v1.8b, {v30.16b}, v21.8b // TBX
tbx v1.16b, {v30.16b}, v21.16b // TBX
tbx v2.8b, {v30.16b, v31.16b}, v22.8b // TBX
tbx v2.16b, {v30.16b, v31.16b}, v22.16b // TBX
tbx v3.8b, {v30.16b, v31.16b, v0.16b}, v23.8b // TBX
tbx v3.16b, {v30.16b, v31.16b, v0.16b}, v23.16b // TBX
tbx v4.8b, {v30.16b, v31.16b, v0.16b, v1.16b}, v24.8b // TBX
tbx v4.16b, {v30.16b, v31.16b, v0.16b, v1.16b}, v24.16b // TBX
aese v0.16b, v31.16b // AESE
aese v31.16b, v1.16b // AESE
aesd v0.16b, v31.16b // AESD
aesd v31.16b, v1.16b // AESD
aesmc v0.16b, v31.16b // AESMC
aesmc v31.16b, v1.16b // AESMC
aesimc v0.16b, v31.16b // AESIMC
aesimc v31.16b, v1.16b // AESIMC
sha1c q0, s31, v7.4s // SHA1C
sha1p q0, s31, v7.4s // SHA1P
sha1m q0, s31, v7.4s // SHA1M
sha1su0 v0.4s, v31.4s, v7.4s // SHA1SU0
sha256su1 v0.4s, v31.4s, v7.4s // SHA256SU1
sha256h q0, q31, v7.4s // SHA256H
sha256h2 q0, q31, v7.4s // SHA256H2
sha1h s0, s31 // SHA1H
sha1su1 v0.4s, v31.4s // SHA1SU1
sha256su0 v0.4s, v31.4s // SHA256SU0
fmaxnm v1.2s, v30.2s, v9.2s // FMAXNM (vector)
fmaxnm v31.4s, v2.4s, v16.4s // FMAXNM (vector)
fmaxnm v7.2d, v8.2d, v0.2d // FMAXNM (vector)
fmla v1.2s, v30.2s, v9.2s // FMLA (vector)
fmla v31.4s, v2.4s, v16.4s // FMLA (vector)
fmla v7.2d, v8.2d, v0.2d // FMLA (vector)
fadd v1.2s, v30.2s, v9.2s // FADD (vector)
fadd v31.4s, v2.4s, v16.4s // FADD (vector)
fadd v7.2d, v8.2d, v0.2d // FADD (vector)
fmax v1.2s, v30.2s, v9.2s // FMAX (vector)
fmax v31.4s, v2.4s, v16.4s // FMAX (vector)
fmax v7.2d, v8.2d, v0.2d // FMAX (vector)
fminnm v1.2s, v30.2s, v9.2s // FMINNM (vector)
fminnm v31.4s, v2.4s, v16.4s // FMINNM (vector)
fminnm v7.2d, v8.2d, v0.2d // FMINNM (vector)
fmls v1.2s, v30.2s, v9.2s // FMLS (vector)
fmls v31.4s, v2.4s, v16.4s // FMLS (vector)
fmls v7.2d, v8.2d, v0.2d // FMLS (vector)
fsub v1.2s, v30.2s, v9.2s // FSUB (vector)
fsub v31.4s, v2.4s, v16.4s // FSUB (vector)
fsub v7.2d, v8.2d, v0.2d // FSUB (vector)
fmin v1.2s, v30.2s, v9.2s // FMIN (vector)
fmin v31.4s, v2.4s, v16.4s // FMIN (vector)
fmin v7.2d, v8.2d, v0.2d // FMIN (vector)
fmul v1.2s, v30.2s, v9.2s // FMUL (vector)
fmul v31.4s, v2.4s, v16.4s // FMUL (vector)
fmul v7.2d, v8.2d, v0.2d // FMUL (vector)
fdiv v1.2s, v30.2s, v9.2s // FDIV (vector)
fdiv v31.4s, v2.4s, v16.4s // FDIV (vector)
fdiv v7.2d, v8.2d, v0.2d // FDIV (vector)
fmulx v1.2s, v30.2s, v9.2s // FMULX (vector)
fmulx v31.4s, v2.4s, v16.4s // FMULX (vector)
fmulx v7.2d, v8.2d, v0.2d // FMULX (vector)
fmulx s1, s30, s9 // FMULX (SIMD scalar)
fmulx d31, d2, d16 // FMULX (SIMD scalar)
frecps v1.2s, v30.2s, v9.2s // FRECPS (vector)
frecps v31.4s, v2.4s, v16.4s // FRECPS (vector)
frecps v7.2d, v8.2d, v0.2d // FRECPS (vector)
frecps s1, s30, s9 // FRECPS (SIMD scalar)
frecps d31, d2, d16 // FRECPS (SIMD scalar)
frsqrts v1.2s, v30.2s, v9.2s // FRSQRTS (vector)
frsqrts v31.4s, v2.4s, v16.4s // FRSQRTS (vector)
frsqrts v7.2d, v8.2d, v0.2d // FRSQRTS (vector)
frsqrts s1, s30, s9 // FRSQRTS (SIMD scalar)
frsqrts d31, d2, d16 // FRSQRTS (SIMD scalar)
fabd v1.2s, v30.2s, v9.2s // FABD (vector)
fabd v31.4s, v2.4s, v16.4s // FABD (vector)
fabd v7.2d, v8.2d, v0.2d // FABD (vector)
fabd s1, s30, s9 // FABD (SIMD scalar)
fabd d31, d2, d16 // FABD (SIMD scalar)
fcmeq v1.2s, v30.2s, v9.2s // FCMEQ (vector)
fcmeq v31.4s, v2.4s, v16.4s // FCMEQ (vector)
fcmeq v7.2d, v8.2d, v0.2d // FCMEQ (vector)
fcmeq s1, s30, s9 // FCMEQ (SIMD scalar)
fcmeq d31, d2, d16 // FCMEQ (SIMD scalar)
fcmge v1.2s, v30.2s, v9.2s // FCMGE (vector)
fcmge v31.4s, v2.4s, v16.4s // FCMGE (vector)
fcmge v7.2d, v8.2d, v0.2d // FCMGE (vector)
fcmge s1, s30, s9 // FCMGE (SIMD scalar)
fcmge d31, d2, d16 // FCMGE (SIMD scalar)
fcmgt v1.2s, v30.2s, v9.2s // FCMGT (vector)
fcmgt v31.4s, v2.4s, v16.4s // FCMGT (vector)
fcmgt v7.2d, v8.2d, v0.2d // FCMGT (vector)
fcmgt s1, s30, s9 // FCMGT (SIMD scalar)
fcmgt d31, d2, d16 // FCMGT (SIMD scalar)
facge v1.2s, v30.2s, v9.2s // FACGE (vector)
facge v31.4s, v2.4s, v16.4s // FACGE (vector)
facge v7.2d, v8.2d, v0.2d // FACGE (vector)
facge s1, s30, s9 // FACGE (SIMD scalar)
facge d31, d2, d16 // FACGE (SIMD scalar)
facgt v1.2s, v30.2s, v9.2s // FACGT (vector)
facgt v31.4s, v2.4s, v16.4s // FACGT (vector)
facgt v7.2d, v8.2d, v0.2d // FACGT (vector)
facgt s1, s30, s9 // FACGT (SIMD scalar)
facgt d31, d2, d16 // FACGT (SIMD scalar)
fabs v1.2s, v30.2s // FABS (vector)
fabs v31.4s, v2.4s // FABS (vector)
fabs v7.2d, v8.2d // FABS (vector)
fneg v1.2s, v30.2s // FNEG (vector)
fneg v31.4s, v2.4s // FNEG (vector)
fneg v7.2d, v8.2d // FNEG (vector)
fsqrt v1.2s, v30.2s // FSQRT (vector)
fsqrt v31.4s, v2.4s // FSQRT (vector)
fsqrt v7.2d, v8.2d // FSQRT (vector)
frintn v1.2s, v30.2s // FRINTN (vector)
frintn v31.4s, v2.4s // FRINTN (vector)
frintn v7.2d, v8.2d // FRINTN (vector)
frintm v1.2s, v30.2s // FRINTM (vector)
frintm v31.4s, v2.4s // FRINTM (vector)
frintm v7.2d, v8.2d // FRINTM (vector)
frintp v1.2s, v30.2s // FRINTP (vector)
frintp v31.4s, v2.4s // FRINTP (vector)
frintp v7.2d, v8.2d // FRINTP (vector)
frintz v1.2s, v30.2s // FRINTZ (vector)
frintz v31.4s, v2.4s // FRINTZ (vector)
frintz v7.2d, v8.2d // FRINTZ (vector)
frinta v1.2s, v30.2s // FRINTA (vector)
frinta v31.4s, v2.4s // FRINTA (vector)
frinta v7.2d, v8.2d // FRINTA (vector)
frintx v1.2s, v30.2s // FRINTX (vector)
frintx v31.4s, v2.4s // FRINTX (vector)
frintx v7.2d, v8.2d // FRINTX (vector)
frinti v1.2s, v30.2s // FRINTI (vector)
frinti v31.4s, v2.4s // FRINTI (vector)
frinti v7.2d, v8.2d // FRINTI (vector)
urecpe v1.2s, v30.2s // URECPE
urecpe v31.4s, v2.4s // URECPE
ursqrte v1.2s, v30.2s // URSQRTE
ursqrte v31.4s, v2.4s // URSQRTE
frecpx s1, s30 // FRECPX (SIMD scalar)
frecpx d31, d2 // FRECPX (SIMD scalar)
frecpe v1.2s, v30.2s // FRECPE (vector)
frecpe v31.4s, v2.4s // FRECPE (vector)
frecpe v7.2d, v8.2d // FRECPE (vector)
frecpe s1, s30 // FRECPE (SIMD scalar)
frecpe d31, d2 // FRECPE (SIMD scalar)
frsqrte v1.2s, v30.2s // FRSQRTE (vector)
frsqrte v31.4s, v2.4s // FRSQRTE (vector)
frsqrte v7.2d, v8.2d // FRSQRTE (vector)
frsqrte s1, s30 // FRSQRTE (SIMD scalar)
frsqrte d31, d2 // FRSQRTE (SIMD scalar)
fcvtns v1.2s, v30.2s // FCVTNS (vector)
fcvtns v31.4s, v2.4s // FCVTNS (vector)
fcvtns v7.2d, v8.2d // FCVTNS (vector)
fcvtns s1, s30 // FCVTNS (SIMD scalar)
fcvtns d31, d2 // FCVTNS (SIMD scalar)
fcvtms v1.2s, v30.2s // FCVTMS (vector)
fcvtms v31.4s, v2.4s // FCVTMS (vector)
fcvtms v7.2d, v8.2d // FCVTMS (vector)
fcvtms s1, s30 // FCVTMS (SIMD scalar)
fcvtms d31, d2 // FCVTMS (SIMD scalar)
fcvtas v1.2s, v30.2s // FCVTAS (vector)
fcvtas v31.4s, v2.4s // FCVTAS (vector)
fcvtas v7.2d, v8.2d // FCVTAS (vector)
fcvtas s1, s30 // FCVTAS (SIMD scalar)
fcvtas d31, d2 // FCVTAS (SIMD scalar)
scvtf v1.2s, v30.2s // SCVTF (vector)
scvtf v31.4s, v2.4s // SCVTF (vector)
scvtf v7.2d, v8.2d // SCVTF (vector)
scvtf s1, s30 // SCVTF (SIMD scalar)
scvtf d31, d2 // SCVTF (SIMD scalar)
fcvtps v1.2s, v30.2s // FCVTPS (vector)
fcvtps v31.4s, v2.4s // FCVTPS (vector)
fcvtps v7.2d, v8.2d // FCVTPS (vector)
fcvtps s1, s30 // FCVTPS (SIMD scalar)
fcvtps d31, d2 // FCVTPS (SIMD scalar)
fcvtzs v1.2s, v30.2s // FCVTZS (vector)
fcvtzs v31.4s, v2.4s // FCVTZS (vector)
fcvtzs v7.2d, v8.2d // FCVTZS (vector)
fcvtzs s1, s30 // FCVTZS (SIMD scalar)
fcvtzs d31, d2 // FCVTZS (SIMD scalar)
fcvtnu v1.2s, v30.2s // FCVTNU (vector)
fcvtnu v31.4s, v2.4s // FCVTNU (vector)
fcvtnu v7.2d, v8.2d // FCVTNU (vector)
fcvtnu s1, s30 // FCVTNU (SIMD scalar)
fcvtnu d31, d2 // FCVTNU (SIMD scalar)
fcvtmu v1.2s, v30.2s // FCVTMU (vector)
fcvtmu v31.4s, v2.4s // FCVTMU (vector)
fcvtmu v7.2d, v8.2d // FCVTMU (vector)
fcvtmu s1, s30 // FCVTMU (SIMD scalar)
fcvtmu d31, d2 // FCVTMU (SIMD scalar)
fcvtau v1.2s, v30.2s // FCVTAU (vector)
fcvtau v31.4s, v2.4s // FCVTAU (vector)
fcvtau v7.2d, v8.2d // FCVTAU (vector)
fcvtau s1, s30 // FCVTAU (SIMD scalar)
fcvtau d31, d2 // FCVTAU (SIMD scalar)
ucvtf v1.2s, v30.2s // UCVTF (vector)
ucvtf v31.4s, v2.4s // UCVTF (vector)
ucvtf v7.2d, v8.2d // UCVTF (vector)
ucvtf s1, s30 // UCVTF (SIMD scalar)
ucvtf d31, d2 // UCVTF (SIMD scalar)
fcvtpu v1.2s, v30.2s // FCVTPU (vector)
fcvtpu v31.4s, v2.4s // FCVTPU (vector)
fcvtpu v7.2d, v8.2d // FCVTPU (vector)
fcvtpu s1, s30 // FCVTPU (SIMD scalar)
fcvtpu d31, d2 // FCVTPU (SIMD scalar)
fcvtzu v1.2s, v30.2s // FCVTZU (vector)
fcvtzu v31.4s, v2.4s // FCVTZU (vector)
fcvtzu v7.2d, v8.2d // FCVTZU (vector)
fcvtzu s1, s30 // FCVTZU (SIMD scalar)
fcvtzu d31, d2 // FCVTZU (SIMD scalar)
fcmgt v1.2s, v30.2s, #0.0 // FCMGT (zero) (vector)
fcmgt v31.4s, v2.4s, #0.0 // FCMGT (zero) (vector)
fcmgt v7.2d, v8.2d, #0.0 // FCMGT (zero) (vector)
fcmgt s1, s30, #0.0 // FCMGT (zero) (SIMD scalar)
fcmgt d31, d2, #0.0 // FCMGT (zero) (SIMD scalar)
fcmeq v1.2s, v30.2s, #0.0 // FCMEQ (zero) (vector)
fcmeq v31.4s, v2.4s, #0.0 // FCMEQ (zero) (vector)
fcmeq v7.2d, v8.2d, #0.0 // FCMEQ (zero) (vector)
fcmeq s1, s30, #0.0 // FCMEQ (zero) (SIMD scalar)
fcmeq d31, d2, #0.0 // FCMEQ (zero) (SIMD scalar)
fcmlt v1.2s, v30.2s, #0.0 // FCMLT (zero) (vector)
fcmlt v31.4s, v2.4s, #0.0 // FCMLT (zero) (vector)
fcmlt v7.2d, v8.2d, #0.0 // FCMLT (zero) (vector)
fcmlt s1, s30, #0.0 // FCMLT (zero) (SIMD scalar)
fcmlt d31, d2, #0.0 // FCMLT (zero) (SIMD scalar)
fcmge v1.2s, v30.2s, #0.0 // FCMGE (zero) (vector)
fcmge v31.4s, v2.4s, #0.0 // FCMGE (zero) (vector)
fcmge v7.2d, v8.2d, #0.0 // FCMGE (zero) (vector)
fcmge s1, s30, #0.0 // FCMGE (zero) (SIMD scalar)
fcmge d31, d2, #0.0 // FCMGE (zero) (SIMD scalar)
fcmle v1.2s, v30.2s, #0.0 // FCMLE (zero) (vector)
fcmle v31.4s, v2.4s, #0.0 // FCMLE (zero) (vector)
fcmle v7.2d, v8.2d, #0.0 // FCMLE (zero) (vector)
fcmle s1, s30, #0.0 // FCMLE (zero) (SIMD scalar)
fcmle d31, d2, #0.0 // FCMLE (zero) (SIMD scalar)
fcvtl v1.4s, v30.4h // FCVTL
fcvtl2 v1.4s, v30.8h // FCVTL
fcvtl v31.2d, v2.2s // FCVTL
fcvtl2 v31.2d, v2.4s // FCVTL
fcvtn v1.4h, v30.4s // FCVTN
fcvtn2 v1.8h, v30.4s // FCVTN
fcvtn v31.2s, v2.2d // FCVTN
fcvtn2 v31.4s, v2.2d // FCVTN
fcvtxn v1.2s, v30.2d // FCVTXN
fcvtxn2 v31.4s, v2.2d // FCVTXN
fcvtxn s1, d30 // FCVTXN (SIMD scalar)
fmaxnmp v1.2s, v30.2s, v9.2s // FMAXNMP (vector)
fmaxnmp v31.4s, v2.4s, v16.4s // FMAXNMP (vector)
fmaxnmp v7.2d, v8.2d, v0.2d // FMAXNMP (vector)
fmaxnmp s1, v30.2s // FMAXNMP (SIMD scalar)
fmaxnmp d31, v2.2d // FMAXNMP (SIMD scalar)
faddp v1.2s, v30.2s, v9.2s // FADDP (vector)
faddp v31.4s, v2.4s, v16.4s // FADDP (vector)
faddp v7.2d, v8.2d, v0.2d // FADDP (vector)
faddp s1, v30.2s // FADDP (SIMD scalar)
faddp d31, v2.2d // FADDP (SIMD scalar)
fmaxp v1.2s, v30.2s, v9.2s // FMAXP (vector)
fmaxp v31.4s, v2.4s, v16.4s // FMAXP (vector)
fmaxp v7.2d, v8.2d, v0.2d // FMAXP (vector)
fmaxp s1, v30.2s // FMAXP (SIMD scalar)
fmaxp d31, v2.2d // FMAXP (SIMD scalar)
fminnmp v1.2s, v30.2s, v9.2s // FMINNMP (vector)
fminnmp v31.4s, v2.4s, v16.4s // FMINNMP (vector)
fminnmp v7.2d, v8.2d, v0.2d // FMINNMP (vector)
fminnmp s1, v30.2s // FMINNMP (SIMD scalar)
fminnmp d31, v2.2d // FMINNMP (SIMD scalar)
fminp v1.2s, v30.2s, v9.2s // FMINP (vector)
fminp v31.4s, v2.4s, v16.4s // FMINP (vector)
fminp v7.2d, v8.2d, v0.2d // FMINP (vector)
fminp s1, v30.2s // FMINP (SIMD scalar)
fminp d31, v2.2d // FMINP (SIMD scalar)
fmaxnmv s1, v30.4s // FMAXNMV
fmaxv s1, v30.4s // FMAXV
fminnmv s1, v30.4s // FMINNMV
fminv s1, v30.4s // FMINV
fmla v1.2s, v30.2s, v9.s[0] // FMLA (by element, vector)
fmla v31.4s, v2.4s, v16.s[3] // FMLA (by element, vector)
fmla v7.2d, v8.2d, v31.d[1] // FMLA (by element, vector)
fmla s1, s30, v9.s[1] // FMLA (by element, SIMD scalar)
fmla d31, d2, v16.d[0] // FMLA (by element, SIMD scalar)
fmla s1, s30, v31.s[2] // FMLA (by element, SIMD scalar)
fmls v1.2s, v30.2s, v9.s[0] // FMLS (by element, vector)
fmls v31.4s, v2.4s, v16.s[3] // FMLS (by element, vector)
fmls v7.2d, v8.2d, v31.d[1] // FMLS (by element, vector)
fmls s1, s30, v9.s[1] // FMLS (by element, SIMD scalar)
fmls d31, d2, v16.d[0] // FMLS (by element, SIMD scalar)
fmls s1, s30, v31.s[2] // FMLS (by element, SIMD scalar)
fmul v1.2s, v30.2s, v9.s[0] // FMUL (by element, vector)
fmul v31.4s, v2.4s, v16.s[3] // FMUL (by element, vector)
fmul v7.2d, v8.2d, v31.d[1] // FMUL (by element, vector)
fmul s1, s30, v9.s[1] // FMUL (by element, SIMD scalar)
fmul d31, d2, v16.d[0] // FMUL (by element, SIMD scalar)
fmul s1, s30, v31.s[2] // FMUL (by element, SIMD scalar)
fmulx v1.2s, v30.2s, v9.s[0] // FMULX (by element, vector)
fmulx v31.4s, v2.4s, v16.s[3] // FMULX (by element, vector)
fmulx v7.2d, v8.2d, v31.d[1] // FMULX (by element, vector)
fmulx s1, s30, v9.s[1] // FMULX (by element, SIMD scalar)
fmulx d31, d2, v16.d[0] // FMULX (by element, SIMD scalar)
fmulx s1, s30, v31.s[2] // FMULX (by element, SIMD scalar)
scvtf v1.2s, v30.2s, #1 // SCVTF (vector, 32-bit fixed-point)
scvtf v31.4s, v2.4s, #32 // SCVTF (vector, 32-bit fixed-point)
scvtf v31.2d, v2.2d, #64 // SCVTF (vector, 64-bit fixed-point)
scvtf v1.2d, v30.2d, #1 // SCVTF (vector, 64-bit fixed-point)
scvtf s1, s30, #5 // SCVTF (SIMD scalar, 32-bit fixed-point)
scvtf d31, d2, #40 // SCVTF (SIMD scalar, 64-bit fixed-point)
fcvtzs v1.2s, v30.2s, #1 // FCVTZS (vector, 32-bit fixed-point)
fcvtzs v31.4s, v2.4s, #32 // FCVTZS (vector, 32-bit fixed-point)
fcvtzs v31.2d, v2.2d, #64 // FCVTZS (vector, 64-bit fixed-point)
fcvtzs v1.2d, v30.2d, #1 // FCVTZS (vector, 64-bit fixed-point)
fcvtzs s1, s30, #5 // FCVTZS (SIMD scalar, 32-bit fixed-point)
fcvtzs d31, d2, #40 // FCVTZS (SIMD scalar, 64-bit fixed-point)
ucvtf v1.2s, v30.2s, #1 // UCVTF (vector, 32-bit fixed-point)
ucvtf v31.4s, v2.4s, #32 // UCVTF (vector, 32-bit fixed-point)
ucvtf v31.2d, v2.2d, #64 // UCVTF (vector, 64-bit fixed-point)
ucvtf v1.2d, v30.2d, #1 // UCVTF (vector, 64-bit fixed-point)
ucvtf s1, s30, #5 // UCVTF (SIMD scalar, 32-bit fixed-point)
ucvtf d31, d2, #40 // UCVTF (SIMD scalar, 64-bit fixed-point)
fcvtzu v1.2s, v30.2s, #1 // FCVTZU (vector, 32-bit fixed-point)
fcvtzu v31.4s, v2.4s, #32 // FCVTZU (vector, 32-bit fixed-point)
fcvtzu v31.2d, v2.2d, #64 // FCVTZU (vector, 64-bit fixed-point)
fcvtzu v1.2d, v30.2d, #1 // FCVTZU (vector, 64-bit fixed-point)
fcvtzu s1, s30, #5 // FCVTZU (SIMD scalar, 32-bit fixed-point)
fcvtzu d31, d2, #40 // FCVTZU (SIMD scalar, 64-bit fixed-point)
fcvtns w1, h2 // FCVTNS (scalar, integer, half)
fcvtns x30, h31 // FCVTNS (scalar, integer, half)
fcvtnu w1, h2 // FCVTNU (scalar, integer, half)
fcvtnu x30, h31 // FCVTNU (scalar, integer, half)
fcvtas w1, h2 // FCVTAS (scalar, integer, half)
fcvtas x30, h31 // FCVTAS (scalar, integer, half)
fcvtau w1, h2 // FCVTAU (scalar, integer, half)
fcvtau x30, h31 // FCVTAU (scalar, integer, half)
fcvtps w1, h2 // FCVTPS (scalar, integer, half)
fcvtps x30, h31 // FCVTPS (scalar, integer, half)
fcvtpu w1, h2 // FCVTPU (scalar, integer, half)
fcvtpu x30, h31 // FCVTPU (scalar, integer, half)
fcvtms w1, h2 // FCVTMS (scalar, integer, half)
fcvtms x30, h31 // FCVTMS (scalar, integer, half)
fcvtmu w1, h2 // FCVTMU (scalar, integer, half)
fcvtmu x30, h31 // FCVTMU (scalar, integer, half)
fcvtzs w1, h2 // FCVTZS (scalar, integer, half)
fcvtzs x30, h31 // FCVTZS (scalar, integer, half)
fcvtzu w1, h2 // FCVTZU (scalar, integer, half)
fcvtzu x30, h31 // FCVTZU (scalar, integer, half)
scvtf h2, w1 // SCVTF (scalar, integer, half)
scvtf h31, x30 // SCVTF (scalar, integer, half)
scvtf h2, w1, #3 // SCVTF (scalar, fixed-point, half)
scvtf h31, x30, #64 // SCVTF (scalar, fixed-point, half)
ucvtf h2, w1 // UCVTF (scalar, integer, half)
ucvtf h31, x30 // UCVTF (scalar, integer, half)
ucvtf h2, w1, #3 // UCVTF (scalar, fixed-point, half)
ucvtf h31, x30, #64 // UCVTF (scalar, fixed-point, half)
fcvtzs w1, h2, #3 // FCVTZS (scalar, fixed-point, half)
fcvtzs x30, h31, #64 // FCVTZS (scalar, fixed-point, half)
fcvtzu w1, h2, #3 // FCVTZU (scalar, fixed-point, half)
fcvtzu x30, h31, #64 // FCVTZU (scalar, fixed-point, half)
fcmp h1, h30 // FCMP (half)
fcmp h1, #0.0 // FCMP (zero, half)
fcmpe h1, h30 // FCMPE (half)
fcmpe h1, #0.0 // FCMPE (zero, half)
fccmp h1, h30, #5, gt // FCCMP (half)
fccmpe h1, h30, #5, gt // FCCMPE (half)
fcsel h1, h30, h3, mi // FCSEL (half)
fabs h1, h30 // FABS (scalar, half)
fneg h1, h30 // FNEG (scalar, half)
fsqrt h1, h30 // FSQRT (scalar, half)
frintn h1, h30 // FRINTN (scalar, half)
frintp h1, h30 // FRINTP (scalar, half)
frintm h1, h30 // FRINTM (scalar, half)
frintz h1, h30 // FRINTZ (scalar, half)
frinta h1, h30 // FRINTA (scalar, half)
frintx h1, h30 // FRINTX (scalar, half)
frinti h1, h30 // FRINTI (scalar, half)
fmul h1, h30, h9 // FMUL (scalar, half)
fdiv h1, h30, h9 // FDIV (scalar, half)
fadd h1, h30, h9 // FADD (scalar, half)
fsub h1, h30, h9 // FSUB (scalar, half)
fmax h1, h30, h9 // FMAX (scalar, half)
fmin h1, h30, h9 // FMIN (scalar, half)
fmaxnm h1, h30, h9 // FMAXNM (scalar, half)
fminnm h1, h30, h9 // FMINNM (scalar, half)
fnmul h1, h30, h9 // FNMUL (scalar, half)
fmadd h1, h30, h9, h4 // FMADD (half)
fmsub h1, h30, h9, h4 // FMSUB (half)
fnmadd h1, h30, h9, h4 // FNMADD (half)
fnmsub h1, h30, h9, h4 // FNMSUB (half)
fmov h1, #-1.5 // FMOV (scalar, immediate, half)
fmov h1, h30 // FMOV (register, half)
fmov w1, h30 // FMOV (half to general)
fmov x1, h30 // FMOV (half to general)
fmov h1, w30 // FMOV (general to half)
fmov h1, x30 // FMOV (general to half)
fmov v1.4h, #0.125 // FMOV (vector, immediate, half)
fmov v31.8h, #-31.0 // FMOV (vector, immediate, half)
fmaxnm v1.4h, v30.4h, v9.4h // FMAXNM (vector, half)
fmaxnm v31.8h, v2.8h, v16.8h // FMAXNM (vector, half)
fmla v1.4h, v30.4h, v9.4h // FMLA (vector, half)
fmla v31.8h, v2.8h, v16.8h // FMLA (vector, half)
fadd v1.4h, v30.4h, v9.4h // FADD (vector, half)
fadd v31.8h, v2.8h, v16.8h // FADD (vector, half)
fmax v1.4h, v30.4h, v9.4h // FMAX (vector, half)
fmax v31.8h, v2.8h, v16.8h // FMAX (vector, half)
fminnm v1.4h, v30.4h, v9.4h // FMINNM (vector, half)
fminnm v31.8h, v2.8h, v16.8h // FMINNM (vector, half)
fmls v1.4h, v30.4h, v9.4h // FMLS (vector, half)
fmls v31.8h, v2.8h, v16.8h // FMLS (vector, half)
fsub v1.4h, v30.4h, v9.4h // FSUB (vector, half)
fsub v31.8h, v2.8h, v16.8h // FSUB (vector, half)
fmin v1.4h, v30.4h, v9.4h // FMIN (vector, half)
fmin v31.8h, v2.8h, v16.8h // FMIN (vector, half)
fmul v1.4h, v30.4h, v9.4h // FMUL (vector, half)
fmul v31.8h, v2.8h, v16.8h // FMUL (vector, half)
fdiv v1.4h, v30.4h, v9.4h // FDIV (vector, half)
fdiv v31.8h, v2.8h, v16.8h // FDIV (vector, half)
fmulx v1.4h, v30.4h, v9.4h // FMULX (vector, half)
fmulx v31.8h, v2.8h, v16.8h // FMULX (vector, half)
fmulx h1, h30, h9 // FMULX (SIMD scalar, half)
frecps v1.4h, v30.4h, v9.4h // FRECPS (vector, half)
frecps v31.8h, v2.8h, v16.8h // FRECPS (vector, half)
frecps h1, h30, h9 // FRECPS (SIMD scalar, half)
frsqrts v1.4h, v30.4h, v9.4h // FRSQRTS (vector, half)
frsqrts v31.8h, v2.8h, v16.8h // FRSQRTS (vector, half)
frsqrts h1, h30, h9 // FRSQRTS (SIMD scalar, half)
fabd v1.4h, v30.4h, v9.4h // FABD (vector, half)
fabd v31.8h, v2.8h, v16.8h // FABD (vector, half)
fabd h1, h30, h9 // FABD (SIMD scalar, half)
fcmeq v1.4h, v30.4h, v9.4h // FCMEQ (vector, half)
fcmeq v31.8h, v2.8h, v16.8h // FCMEQ (vector, half)
fcmeq h1, h30, h9 // FCMEQ (SIMD scalar, half)
fcmge v1.4h, v30.4h, v9.4h // FCMGE (vector, half)
fcmge v31.8h, v2.8h, v16.8h // FCMGE (vector, half)
fcmge h1, h30, h9 // FCMGE (SIMD scalar, half)
fcmgt v1.4h, v30.4h, v9.4h // FCMGT (vector, half)
fcmgt v31.8h, v2.8h, v16.8h // FCMGT (vector, half)
fcmgt h1, h30, h9 // FCMGT (SIMD scalar, half)
facge v1.4h, v30.4h, v9.4h // FACGE (vector, half)
facge v31.8h, v2.8h, v16.8h // FACGE (vector, half)
facge h1, h30, h9 // FACGE (SIMD scalar, half)
facgt v1.4h, v30.4h, v9.4h // FACGT (vector, half)
facgt v31.8h, v2.8h, v16.8h // FACGT (vector, half)
facgt h1, h30, h9 // FACGT (SIMD scalar, half)
fabs v1.4h, v30.4h // FABS (vector, half)
fabs v31.8h, v2.8h // FABS (vector, half)
fneg v1.4h, v30.4h // FNEG (vector, half)
fneg v31.8h, v2.8h // FNEG (vector, half)
fsqrt v1.4h, v30.4h // FSQRT (vector, half)
fsqrt v31.8h, v2.8h // FSQRT (vector, half)
frintn v1.4h, v30.4h // FRINTN (vector, half)
frintn v31.8h, v2.8h // FRINTN (vector, half)
frintm v1.4h, v30.4h // FRINTM (vector, half)
frintm v31.8h, v2.8h // FRINTM (vector, half)
frintp v1.4h, v30.4h // FRINTP (vector, half)
frintp v31.8h, v2.8h // FRINTP (vector, half)
frintz v1.4h, v30.4h // FRINTZ (vector, half)
frintz v31.8h, v2.8h // FRINTZ (vector, half)
frinta v1.4h, v30.4h // FRINTA (vector, half)
frinta v31.8h, v2.8h // FRINTA (vector, half)
frintx v1.4h, v30.4h // FRINTX (vector, half)
frintx v31.8h, v2.8h // FRINTX (vector, half)
frinti v1.4h, v30.4h // FRINTI (vector, half)
frinti v31.8h, v2.8h // FRINTI (vector, half)
frecpx h1, h30 // FRECPX (SIMD scalar, half)
frecpe v1.4h, v30.4h // FRECPE (vector, half)
frecpe v31.8h, v2.8h // FRECPE (vector, half)
frecpe h1, h30 // FRECPE (SIMD scalar, half)
frsqrte v1.4h, v30.4h // FRSQRTE (vector, half)
frsqrte v31.8h, v2.8h // FRSQRTE (vector, half)
frsqrte h1, h30 // FRSQRTE (SIMD scalar, half)
fcvtns v1.4h, v30.4h // FCVTNS (vector, half)
fcvtns v31.8h, v2.8h // FCVTNS (vector, half)
fcvtns h1, h30 // FCVTNS (SIMD scalar, half)
fcvtms v1.4h, v30.4h // FCVTMS (vector, half)
fcvtms v31.8h, v2.8h // FCVTMS (vector, half)
fcvtms h1, h30 // FCVTMS (SIMD scalar, half)
fcvtas v1.4h, v30.4h // FCVTAS (vector, half)
fcvtas v31.8h, v2.8h // FCVTAS (vector, half)
fcvtas h1, h30 // FCVTAS (SIMD scalar, half)
scvtf v1.4h, v30.4h // SCVTF (vector, half)
scvtf v31.8h, v2.8h // SCVTF (vector, half)
scvtf h1, h30 // SCVTF (SIMD scalar, half)
fcvtps v1.4h, v30.4h // FCVTPS (vector, half)
fcvtps v31.8h, v2.8h // FCVTPS (vector, half)
fcvtps h1, h30 // FCVTPS (SIMD scalar, half)
fcvtzs v1.4h, v30.4h // FCVTZS (vector, half)
fcvtzs v31.8h, v2.8h // FCVTZS (vector, half)
fcvtzs h1, h30 // FCVTZS (SIMD scalar, half)
fcvtnu v1.4h, v30.4h // FCVTNU (vector, half)
fcvtnu v31.8h, v2.8h // FCVTNU (vector, half)
fcvtnu h1, h30 // FCVTNU (SIMD scalar, half)
fcvtmu v1.4h, v30.4h // FCVTMU (vector, half)
fcvtmu v31.8h, v2.8h // FCVTMU (vector, half)
fcvtmu h1, h30 // FCVTMU (SIMD scalar, half)
fcvtau v1.4h, v30.4h // FCVTAU (vector, half)
fcvtau v31.8h, v2.8h // FCVTAU (vector, half)
fcvtau h1, h30 // FCVTAU (SIMD scalar, half)
ucvtf v1.4h, v30.4h // UCVTF (vector, half)
ucvtf v31.8h, v2.8h // UCVTF (vector, half)
ucvtf h1, h30 // UCVTF (SIMD scalar, half)
fcvtpu v1.4h, v30.4h // FCVTPU (vector, half)
fcvtpu v31.8h, v2.8h // FCVTPU (vector, half)
fcvtpu h1, h30 // FCVTPU (SIMD scalar, half)
fcvtzu v1.4h, v30.4h // FCVTZU (vector, half)
fcvtzu v31.8h, v2.8h // FCVTZU (vector, half)
fcvtzu h1, h30 // FCVTZU (SIMD scalar, half)
fcmgt v1.4h, v30.4h, #0.0 // FCMGT (zero) (vector, half)
fcmgt v31.8h, v2.8h, #0.0 // FCMGT (zero) (vector, half)
fcmgt h1, h30, #0.0 // FCMGT (zero) (SIMD scalar, half)
fcmeq v1.4h, v30.4h, #0.0 // FCMEQ (zero) (vector, half)
fcmeq v31.8h, v2.8h, #0.0 // FCMEQ (zero) (vector, half)
fcmeq h1, h30, #0.0 // FCMEQ (zero) (SIMD scalar, half)
fcmlt v1.4h, v30.4h, #0.0 // FCMLT (zero) (vector, half)
fcmlt v31.8h, v2.8h, #0.0 // FCMLT (zero) (vector, half)
fcmlt h1, h30, #0.0 // FCMLT (zero) (SIMD scalar, half)
fcmge v1.4h, v30.4h, #0.0 // FCMGE (zero) (vector, half)
fcmge v31.8h, v2.8h, #0.0 // FCMGE (zero) (vector, half)
fcmge h1, h30, #0.0 // FCMGE (zero) (SIMD scalar, half)
fcmle v1.4h, v30.4h, #0.0 // FCMLE (zero) (vector, half)
fcmle v31.8h, v2.8h, #0.0 // FCMLE (zero) (vector, half)
fcmle h1, h30, #0.0 // FCMLE (zero) (SIMD scalar, half)
fmaxnmp v1.4h, v30.4h, v9.4h // FMAXNMP (vector, half)
fmaxnmp v31.8h, v2.8h, v16.8h // FMAXNMP (vector, half)
fmaxnmp h1, v30.2h // FMAXNMP (SIMD scalar, half)
faddp v1.4h, v30.4h, v9.4h // FADDP (vector, half)
faddp v31.8h, v2.8h, v16.8h // FADDP (vector, half)
faddp h1, v30.2h // FADDP (SIMD scalar, half)
fmaxp v1.4h, v30.4h, v9.4h // FMAXP (vector, half)
fmaxp v31.8h, v2.8h, v16.8h // FMAXP (vector, half)
fmaxp h1, v30.2h // FMAXP (SIMD scalar, half)
fminnmp v1.4h, v30.4h, v9.4h // FMINNMP (vector, half)
fminnmp v31.8h, v2.8h, v16.8h // FMINNMP (vector, half)
fminnmp h1, v30.2h // FMINNMP (SIMD scalar, half)
fminp v1.4h, v30.4h, v9.4h // FMINP (vector, half)
fminp v31.8h, v2.8h, v16.8h // FMINP (vector, half)
fminp h1, v30.2h // FMINP (SIMD scalar, half)
fmaxnmv h1, v30.4h // FMAXNMV (half)
fmaxnmv h1, v30.8h // FMAXNMV (half)
fmaxv h1, v30.4h // FMAXV (half)
fmaxv h1, v30.8h // FMAXV (half)
fminnmv h1, v30.4h // FMINNMV (half)
fminnmv h1, v30.8h // FMINNMV (half)
fminv h1, v30.4h // FMINV (half)
fminv h1, v30.8h // FMINV (half)
fmla v1.4h, v30.4h, v9.h[0] // FMLA (by element, vector, half)
fmla v31.8h, v2.8h, v15.h[7] // FMLA (by element, vector, half)
fmla h1, h30, v9.h[5] // FMLA (by element, SIMD scalar, half)
fmls v1.4h, v30.4h, v9.h[0] // FMLS (by element, vector, half)
fmls v31.8h, v2.8h, v15.h[7] // FMLS (by element, vector, half)
fmls h1, h30, v9.h[5] // FMLS (by element, SIMD scalar, half)
fmul v1.4h, v30.4h, v9.h[0] // FMUL (by element, vector, half)
fmul v31.8h, v2.8h, v15.h[7] // FMUL (by element, vector, half)
fmul h1, h30, v9.h[5] // FMUL (by element, SIMD scalar, half)
fmulx v1.4h, v30.4h, v9.h[0] // FMULX (by element, vector, half)
fmulx v31.8h, v2.8h, v15.h[7] // FMULX (by element, vector, half)
fmulx h1, h30, v9.h[5] // FMULX (by element, SIMD scalar, half)
scvtf v1.4h, v30.4h, #1 // SCVTF (vector, 16-bit fixed-point, half)
scvtf v31.8h, v2.8h, #16 // SCVTF (vector, 16-bit fixed-point, half)
scvtf h1, h30, #5 // SCVTF (SIMD scalar, 16-bit fixed-point, half)
fcvtzs v1.4h, v30.4h, #1 // FCVTZS (vector, 16-bit fixed-point, half)
fcvtzs v31.8h, v2.8h, #16 // FCVTZS (vector, 16-bit fixed-point, half)
fcvtzs h1, h30, #5 // FCVTZS (SIMD scalar, 16-bit fixed-point, half)
ucvtf v1.4h, v30.4h, #1 // UCVTF (vector, 16-bit fixed-point, half)
ucvtf v31.8h, v2.8h, #16 // UCVTF (vector, 16-bit fixed-point, half)
ucvtf h1, h30, #5 // UCVTF (SIMD scalar, 16-bit fixed-point, half)
fcvtzu v1.4h, v30.4h, #1 // FCVTZU (vector, 16-bit fixed-point, half)
fcvtzu v31.8h, v2.8h, #16 // FCVTZU (vector, 16-bit fixed-point, half)
fcvtzu h1, h30, #5 // FCVTZU (SIMD scalar, 16-bit fixed-point, half)
