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
COMMON="-O2 -ffreestanding -fno-builtin -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables \
 -fno-tree-loop-distribute-patterns -mcmodel=small -mno-outline-atomics"
SCALAR="$COMMON -fno-tree-vectorize"

# build NAME SOURCE FLAG...
build() {
  name=$1 source=$2
  shift 2
  $CC "$@" -c "$source" -o "$work/$name.o"
  $LD --build-id=none --no-warn-rwx-segments -z max-page-size=4096 -T kernel.ld "$work/start.o" "$work/$name.o" -o "$work/$name.elf"
  $OBJCOPY --discard-all "$work/$name.elf" "$out/$name.elf"
  chmod 644 "$out/$name.elf"
}

$CC -c start.S -o "$work/start.o"
for kernel in int mem br call sort lex json; do
  build $kernel $kernel.c $SCALAR -mgeneral-regs-only
done
build fp fp.c $SCALAR -ffp-contract=off
build fma fp.c $SCALAR -ffp-contract=fast
build simd simd.c $COMMON -O3
