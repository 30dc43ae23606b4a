#!/bin/sh
# Builds every guest in this directory: build.sh [OUTPUT_DIRECTORY]. The ELF files are committed; a test rebuilds
# and compares them. Nothing of the machine gets into them: no build id, no paths, no debug information.
set -eu
cd "$(dirname "$0")"
out=${1:-.}
CC=${CC:-aarch64-linux-gnu-gcc}
LD=${LD:-aarch64-linux-gnu-ld}
OBJCOPY=${OBJCOPY:-aarch64-linux-gnu-objcopy}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CFLAGS="-O2 -ffreestanding -fno-builtin -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables \
 -fno-tree-vectorize -fno-tree-loop-distribute-patterns -mgeneral-regs-only -mcmodel=small -mno-outline-atomics -Wall -Wextra -Wno-main"

guest() { # NAME SOURCE...
  name=$1; shift
  objects=
  for source in "$@"; do
    object=$work/$(basename "$source").o
    $CC $CFLAGS -c "$source" -o "$object"
    objects="$objects $object"
  done
  $LD --build-id=none --no-warn-rwx-segments -z max-page-size=4096 -T guest.ld $objects -o "$work/$name.elf"
  # File symbols name temporary objects: local names go, what is global stays.
  $OBJCOPY --discard-all "$work/$name.elf" "$out/$name.elf"
  chmod 644 "$out/$name.elf"
}

guest thermometer start.S thermometer.c
guest selftest selftest-start.S selftest.c
