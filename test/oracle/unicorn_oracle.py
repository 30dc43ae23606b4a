"""Run short programs in Unicorn: binary requests on stdin, binary outcomes on stdout, little-endian.

Memory first: code, codeSize, data, dataSize, nopStart, nopSize as 64-bit numbers, then the patterns of code and of data,
each after its length in 32 bits. Both ranges hold their pattern again and again, except that nopStart holds NOPs.

Then programs: a block of registers; the address of the code in 64 bits; the number of words, the number of instructions
to run, 1 if words branch, and 0, of 32 bits each; the words. The block is X0..X30 and SP, V0..V31, then NZCV in bits
31..28, FPCR, FPSR, PC, 8 bytes each. Execution begins at PC.

The outcome of each program: 1 in 32 bits when it faulted, else 0; the number of stores in 32 bits; if words branch, how
many instructions ran that are among them, in 32 bits; the block; then for each store its address in 64 bits, its size in
64 bits, and 16 bytes of which the first ones are in memory now. All memory is as before for the next program.
"""

import ctypes
import struct
import sys

from unicorn import UC_ARCH_ARM64, UC_HOOK_CODE, UC_HOOK_MEM_WRITE, UC_MODE_ARM, Uc
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
REQUEST = BLOCK + 24
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
        self.machines = [Machine(self, branches) for branches in (False, True)]

    def on_store(self, _uc, _access, address, size, _value, _user):
        self.stores.append((address, size))

    def run(self, head, stdin):
        at, words, steps, branches, _ = struct.unpack_from("<QIIII", head, BLOCK)
        size = 4 * words
        machine = self.machines[branches]
        machine.renew()
        ctypes.memmove(self.code.host + at - self.code.address, stdin.read(size), size)
        # What was here before, and at the end: where to stop is part of the translation. A branch may come here again,
        # so the same afterwards.
        machine.uc.ctl_remove_cache(at, at + size + 4)
        ctypes.memmove(self.block, head, BLOCK)
        (pc,) = struct.unpack_from("<Q", head, PC)
        # PC last: where a program starts is an argument of uc_emu_start.
        _uc.uc_reg_write_batch(machine.handle, self.ids, self.places, len(REGISTERS) - 1)
        self.stores = []
        error = machine.start(pc, at, at + size, steps)
        # A branch to nowhere has been taken all the same.
        fault = error not in (0, UC_ERR_FETCH_UNMAPPED)
        _uc.uc_reg_read_batch(machine.handle, self.ids, self.places, len(REGISTERS))
        stores = [] if fault else self.stores
        parts = [struct.pack("<III", fault, len(stores), machine.inside), bytes(self.block)]
        for address, length in stores:
            memory = self.code if address < self.data.address else self.data
            parts.append(struct.pack("<QQ", address, length))
            parts.append(memory.read(address, length).ljust(STORE_ROOM, b"\0"))
        for address, length in self.stores:
            # The hook sees stores that fail, too.
            self.code.restore(address, length)
            self.data.restore(address, length)
        self.code.restore(at, size)
        if branches:
            machine.uc.ctl_remove_cache(at, at + size + 4)
        return b"".join(parts)


class Machine:
    """A Unicorn that is replaced now and then; for programs that branch it looks at each instruction."""

    def __init__(self, oracle, branches):
        self.oracle = oracle
        self.branches = branches
        self.left = 0
        self.begin = self.end = self.inside = 0

    def renew(self):
        self.left -= 1
        if self.left >= 0:
            return
        oracle = self.oracle
        self.left = CACHE_LIFETIME
        self.uc = uc = Uc(UC_ARCH_ARM64, UC_MODE_ARM)
        self.handle = uc._uch
        uc.ctl_set_cpu_model(a64.UC_CPU_ARM64_MAX)
        for memory in (oracle.code, oracle.data):
            memory.fill()
            uc.mem_map_ptr(memory.address, memory.size, UC_PROT_ALL, memory.host)
        uc.reg_write(a64.UC_ARM64_REG_CPACR_EL1, 3 << 20)
        uc.hook_add(UC_HOOK_MEM_WRITE, oracle.on_store)
        if self.branches:
            uc.hook_add(UC_HOOK_CODE, self.on_instruction)

    def on_instruction(self, _uc, address, _size, _user):
        self.inside += self.begin <= address < self.end

    def start(self, pc, begin, end, steps):
        """Straight code ends at its end: counting instructions would cost more than running them."""
        self.begin, self.end, self.inside = begin, end, 0
        until, count = (0, steps) if self.branches else (end, 0)
        return _uc.uc_emu_start(
            self.handle, ctypes.c_uint64(pc), ctypes.c_uint64(until), ctypes.c_uint64(0), ctypes.c_size_t(count)
        )


def main():
    stdin = sys.stdin.buffer
    oracle = Oracle(stdin)
    while True:
        head = stdin.read(REQUEST)
        if len(head) < REQUEST:
            break
        sys.stdout.buffer.write(oracle.run(head, stdin))


main()
