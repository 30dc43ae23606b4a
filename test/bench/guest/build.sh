#!/bin/sh
# Builds the benchmark kernels: build.sh [OUTPUT_DIRECTORY]. The ELF files are committed, so that a benchmark needs no compiler.
set -eu
cd "$(dirname "$0")"
out=${1:-.}
CC=${CC:-aarch64-linux-gnu-gcc}
LD=${LD:-aarch64-linux-gnu-ld}
OBJCOPY=${OBJCOPY:-aarch64-linux-gnu-objcopy}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CFLAGS="-O2 -ffreestanding -fno-builtin -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables \
 -fno-tree-vectorize -fno-tree-loop-distribute-patterns -mgeneral-regs-only -mcmodel=small -mno-outline-atomics"
$CC -c start.S -o "$work/start.o"
for kernel in int mem br; do
  $CC $CFLAGS -c $kernel.c -o "$work/$kernel.o"
  $LD --build-id=none --no-warn-rwx-segments -z max-page-size=4096 -T kernel.ld "$work/start.o" "$work/$kernel.o" -o "$work/$kernel.elf"
  $OBJCOPY --discard-all "$work/$kernel.elf" "$out/$kernel.elf"
  chmod 644 "$out/$kernel.elf"
done
