"""Run programs of an instruction or two in Unicorn: binary requests on stdin, binary outcomes on stdout, little-endian.

Memory first: code, codeSize, data, dataSize, nopStart, nopSize as 64-bit numbers, then the patterns of code and of data,
each after its length in 32 bits. Both ranges hold their pattern again and again, except that nopStart holds NOPs.

Then programs: a block of registers, the number of words in 32 bits, and room for two words, of 32 bits each. The block
is X0..X30 and SP, V0..V31, then NZCV in bits 31..28, FPCR, FPSR, PC, 8 bytes each.

The outcome of each program: 1 in 32 bits when it faulted, else 0; the number of stores in 32 bits; the block; then for
each store its address in 64 bits, its size in 64 bits, and 16 bytes of which the first ones are in memory now. All
memory is as before for the next program.
"""

import ctypes
import struct
import sys

from unicorn import UC_ARCH_ARM64, UC_HOOK_MEM_WRITE, UC_MODE_ARM, Uc
from unicorn import arm64_const as a64
from unicorn.unicorn import _uc
from unicorn.unicorn_const import UC_ERR_FETCH_UNMAPPED, UC_PROT_ALL

REGISTERS = (
    [a64.UC_ARM64_REG_X0 + n for n in range(29)]
    + [a64.UC_ARM64_REG_X29, a64.UC_ARM64_REG_X30, a64.UC_ARM64_REG_SP]
    + [a64.UC_ARM64_REG_V0 + n for n in range(32)]
    + [a64.UC_ARM64_REG_NZCV, a64.UC_ARM64_REG_FPCR, a64.UC_ARM64_REG_FPSR, a64.UC_ARM64_REG_PC]
)
OFFSETS = [8 * n for n in range(32)] + [256 + 16 * n for n in range(32)] + [768 + 8 * n for n in range(4)]
BLOCK = 800
PC = 792
REQUEST = BLOCK + 12
STORE_ROOM = 16
NOP = bytes.fromhex("1f2003d5")
# Translated code of many programs is dropped now and then.
CACHE_LIFETIME = 20000


class Range:
    """Memory that Unicorn and this program share."""

    def __init__(self, address, size, pattern):
        self.address = address
        self.end = address + size
        self.initial = (pattern * (size // len(pattern) + 1))[:size]
        self.bytes = (ctypes.c_ubyte * (size + 4096))()
        # Mapped memory begins at a page.
        self.host = (ctypes.addressof(self.bytes) + 4095) & ~4095
        self.size = size

    def patch(self, address, content):
        at = address - self.address
        self.initial = self.initial[:at] + content + self.initial[at + len(content) :]

    def fill(self):
        ctypes.memmove(self.host, self.initial, self.size)

    def read(self, address, size):
        return ctypes.string_at(self.host + address - self.address, size)

    def restore(self, address, size):
        """What the part of a store that is in this range has changed."""
        first = max(address, self.address)
        last = min(address + size, self.end)
        if first < last:
            at = first - self.address
            ctypes.memmove(self.host + at, self.initial[at : at + last - first], last - first)


class Oracle:
    def __init__(self, stdin):
        code, code_size, data, data_size, nops, nop_size = struct.unpack("<6Q", stdin.read(48))
        patterns = [stdin.read(*struct.unpack("<I", stdin.read(4))) for _ in range(2)]
        self.code = Range(code, code_size, patterns[0])
        self.data = Range(data, data_size, patterns[1])
        self.code.patch(nops, NOP * (nop_size // 4))
        self.block = (ctypes.c_ubyte * BLOCK)()
        base = ctypes.addressof(self.block)
        count = len(REGISTERS)
        self.ids = (ctypes.c_int * count)(*REGISTERS)
        self.places = (ctypes.c_void_p * count)(*[base + offset for offset in OFFSETS])
        self.stores = []
        self.left = 0

    def start(self):
        self.uc = uc = Uc(UC_ARCH_ARM64, UC_MODE_ARM)
        uc.ctl_set_cpu_model(a64.UC_CPU_ARM64_MAX)
        for memory in (self.code, self.data):
            memory.fill()
            uc.mem_map_ptr(memory.address, memory.size, UC_PROT_ALL, memory.host)
        uc.reg_write(a64.UC_ARM64_REG_CPACR_EL1, 3 << 20)
        uc.hook_add(UC_HOOK_MEM_WRITE, self.on_store)
        self.left = CACHE_LIFETIME

    def on_store(self, _uc, _access, address, size, _value, _user):
        self.stores.append((address, size))

    def run(self, request):
        if self.left == 0:
            self.start()
        self.left -= 1
        handle = self.uc._uch
        (pc,) = struct.unpack_from("<Q", request, PC)
        (words,) = struct.unpack_from("<I", request, BLOCK)
        size = 4 * words
        ctypes.memmove(self.code.host + pc - self.code.address, request[BLOCK + 4 :], size)
        self.uc.ctl_remove_cache(pc, pc + size)
        ctypes.memmove(self.block, request, BLOCK)
        # PC last: where a program starts is an argument of uc_emu_start.
        _uc.uc_reg_write_batch(handle, self.ids, self.places, len(REGISTERS) - 1)
        self.stores = []
        error = _uc.uc_emu_start(
            handle, ctypes.c_uint64(pc), ctypes.c_uint64(pc + size), ctypes.c_uint64(0), ctypes.c_size_t(words)
        )
        # A branch to nowhere has been taken all the same.
        fault = error not in (0, UC_ERR_FETCH_UNMAPPED)
        _uc.uc_reg_read_batch(handle, self.ids, self.places, len(REGISTERS))
        parts = [struct.pack("<II", fault, 0 if fault else len(self.stores)), bytes(self.block)]
        if not fault:
            for address, length in self.stores:
                memory = self.code if address < self.data.address else self.data
                parts.append(struct.pack("<QQ", address, length))
                parts.append(memory.read(address, length).ljust(STORE_ROOM, b"\0"))
        for address, length in self.stores:
            # The hook sees stores that fail, too.
            self.code.restore(address, length)
            self.data.restore(address, length)
        self.code.restore(pc, size)
        return b"".join(parts)


def main():
    stdin = sys.stdin.buffer
    oracle = Oracle(stdin)
    while True:
        request = stdin.read(REQUEST)
        if len(request) < REQUEST:
            break
        sys.stdout.buffer.write(oracle.run(request))


main()
