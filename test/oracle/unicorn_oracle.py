"""Run programs in Unicorn: one JSON request per line on stdin, one JSON outcome per line on stdout.

The first line maps memory: {"code": address, "codeSize": n, "codePattern": hex, "data": address, "dataSize": n,
"dataPattern": hex, "nopStart": address, "nopSize": n}. Both ranges hold their pattern again and again, except that
nopStart holds NOPs.

Then programs: {"pc": address, "words": [...], "x": [X0..X30, SP], "v": [V0..V31], "nzcv": 0..15, "fpcr", "fpsr"};
64-bit and 128-bit values are hex. The outcome lists what differs from the request: {"fault": bool, "pc", "nzcv",
"fpsr", "x": {n: hex}, "v": {n: hex}, "stores": {address: bytes in hex}}. All memory is as before for the next program.
"""

import json
import sys

from unicorn import UC_ARCH_ARM64, UC_HOOK_MEM_WRITE, UC_MODE_ARM, Uc, UcError
from unicorn import arm64_const as a64
from unicorn.unicorn_const import UC_ERR_FETCH_UNMAPPED

X = [a64.UC_ARM64_REG_X0 + n for n in range(29)] + [
    a64.UC_ARM64_REG_X29,
    a64.UC_ARM64_REG_X30,
    a64.UC_ARM64_REG_SP,
]
V = [a64.UC_ARM64_REG_V0 + n for n in range(32)]
NOP = bytes.fromhex("1f2003d5")
CACHE_LIFETIME = 20000


class Oracle:
    def __init__(self, layout):
        self.layout = layout
        self.patterns = {name: bytes.fromhex(layout[name + "Pattern"]) for name in ("code", "data")}
        self.stores = []
        self.left = 0

    def fill(self, address, size):
        """What memory holds before a program."""
        name = "code" if address < self.layout["data"] else "data"
        pattern = self.patterns[name]
        start = (address - self.layout[name]) % len(pattern)
        whole = pattern * (size // len(pattern) + 2)
        return whole[start : start + size]

    def start(self):
        layout = self.layout
        self.uc = uc = Uc(UC_ARCH_ARM64, UC_MODE_ARM)
        uc.ctl_set_cpu_model(a64.UC_CPU_ARM64_MAX)
        for name in ("code", "data"):
            uc.mem_map(layout[name], layout[name + "Size"])
            uc.mem_write(layout[name], self.fill(layout[name], layout[name + "Size"]))
        uc.mem_write(layout["nopStart"], NOP * (layout["nopSize"] // 4))
        uc.reg_write(a64.UC_ARM64_REG_CPACR_EL1, 3 << 20)
        uc.hook_add(UC_HOOK_MEM_WRITE, self.on_store)
        self.left = CACHE_LIFETIME

    def on_store(self, _uc, _access, address, size, _value, _user):
        self.stores.append((address, size))

    def run(self, request):
        if self.left == 0:
            self.start()
        self.left -= 1
        uc = self.uc
        pc = request["pc"]
        words = request["words"]
        code = b"".join(word.to_bytes(4, "little") for word in words)
        uc.mem_write(pc, code)
        uc.ctl_remove_cache(pc, pc + len(code))
        x = [int(value, 16) for value in request["x"]]
        v = [int(value, 16) for value in request["v"]]
        for register, value in zip(X, x):
            uc.reg_write(register, value)
        for register, value in zip(V, v):
            uc.reg_write(register, value)
        uc.reg_write(a64.UC_ARM64_REG_NZCV, request["nzcv"] << 28)
        uc.reg_write(a64.UC_ARM64_REG_FPCR, request["fpcr"])
        uc.reg_write(a64.UC_ARM64_REG_FPSR, request["fpsr"])
        self.stores = []
        fault = None
        try:
            uc.emu_start(pc, pc + len(code), count=len(words))
        except UcError as error:
            # A branch to nowhere has been taken all the same.
            if error.errno != UC_ERR_FETCH_UNMAPPED:
                fault = str(error)
        outcome = {"fault": fault}
        if fault is None:
            outcome["pc"] = format(uc.reg_read(a64.UC_ARM64_REG_PC), "x")
            outcome["nzcv"] = uc.reg_read(a64.UC_ARM64_REG_NZCV) >> 28
            outcome["fpsr"] = uc.reg_read(a64.UC_ARM64_REG_FPSR)
            for name, registers, before in (("x", X, x), ("v", V, v)):
                after = [uc.reg_read(register) for register in registers]
                outcome[name] = {n: format(b, "x") for n, (a, b) in enumerate(zip(before, after)) if a != b}
            outcome["stores"] = {
                format(address, "x"): uc.mem_read(address, size).hex() for address, size in self.stores
            }
        if fault is not None:
            # The hook sees stores that fail, too: begin anew.
            self.left = 0
            return outcome
        for address, size in self.stores:
            uc.mem_write(address, self.fill(address, size))
        uc.mem_write(pc, NOP * len(words))
        return outcome


def main():
    oracle = Oracle(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        print(json.dumps(oracle.run(json.loads(line))))


main()
