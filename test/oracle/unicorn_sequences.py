"""Run long programs in Unicorn: one JSON request per line on stdin, one JSON outcome per line on stdout.

The first line maps memory: {"code": address, "codeSize": n, "data": address, "dataSize": n}. Then programs: {"pc",
"count": instructions to execute, "code": hex, "data": base64, "state": hex}. The state is X0..X30, SP, then V0..V31,
then NZCV, FPCR, FPSR, PC, 8 bytes each, 16 for V; little-endian. The outcome is {"fault": string or null, "state": hex,
"data": [the MD5 of each page]}.
"""

import base64
import ctypes
import hashlib
import json
import sys

from unicorn import UC_ARCH_ARM64, UC_MODE_ARM, Uc
from unicorn import arm64_const as a64
from unicorn.unicorn import UcError, _uc

PAGE = 4096
REGISTERS = (
    [a64.UC_ARM64_REG_X0 + n for n in range(29)]
    + [a64.UC_ARM64_REG_X29, a64.UC_ARM64_REG_X30, a64.UC_ARM64_REG_SP]
    + [a64.UC_ARM64_REG_V0 + n for n in range(32)]
    + [a64.UC_ARM64_REG_NZCV, a64.UC_ARM64_REG_FPCR, a64.UC_ARM64_REG_FPSR, a64.UC_ARM64_REG_PC]
)
OFFSETS = [8 * n for n in range(32)] + [256 + 16 * n for n in range(32)] + [768 + 8 * n for n in range(4)]
STATE_BYTES = 800
NOWHERE = 0xFFFF_0000


class Oracle:
    def __init__(self, layout):
        self.layout = layout
        self.uc = uc = Uc(UC_ARCH_ARM64, UC_MODE_ARM)
        uc.ctl_set_cpu_model(a64.UC_CPU_ARM64_MAX)
        for name in ("code", "data"):
            uc.mem_map(layout[name], layout[name + "Size"])
        uc.reg_write(a64.UC_ARM64_REG_CPACR_EL1, 3 << 20)
        self.state = (ctypes.c_ubyte * STATE_BYTES)()
        base = ctypes.addressof(self.state)
        count = len(REGISTERS)
        self.ids = (ctypes.c_int * count)(*REGISTERS)
        self.places = (ctypes.c_void_p * count)(*[base + offset for offset in OFFSETS])

    def run(self, request):
        uc, layout = self.uc, self.layout
        code = bytes.fromhex(request["code"])
        uc.mem_write(layout["code"], code + bytes(layout["codeSize"] - len(code)))
        uc.ctl_remove_cache(layout["code"], layout["code"] + layout["codeSize"])
        uc.mem_write(layout["data"], base64.b64decode(request["data"]))
        state = bytes.fromhex(request["state"])
        ctypes.memmove(self.state, state, STATE_BYTES)
        # PC last: where a program starts is an argument of emu_start.
        _uc.uc_reg_write_batch(uc._uch, self.ids, self.places, len(REGISTERS) - 1)
        fault = None
        try:
            uc.emu_start(request["pc"], NOWHERE, count=request["count"])
        except UcError as error:
            fault = str(error)
        _uc.uc_reg_read_batch(uc._uch, self.ids, self.places, len(REGISTERS))
        data = bytes(uc.mem_read(layout["data"], layout["dataSize"]))
        pages = [data[at : at + PAGE] for at in range(0, len(data), PAGE)]
        return {
            "fault": fault,
            "state": bytes(self.state).hex(),
            "data": [hashlib.md5(page).hexdigest() for page in pages],
        }


def main():
    oracle = Oracle(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        print(json.dumps(oracle.run(json.loads(line))))


main()
