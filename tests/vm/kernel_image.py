# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kernel proper out of a vmlinuz. QEMU starts it as it is (PVH), and the guest needn't spend
seconds of emulation on unpacking itself."""

import lzma

from cache import NotToBeHad
from build_root import run_inside

# Kernel: Documentation/arch/x86/boot.rst, the real-mode header.
SETUP_SECTORS, PAYLOAD_OFFSET, PAYLOAD_LENGTH = 0x1F1, 0x248, 0x24C
SECTOR = 512
# After the payload is the length of what is in it.
LENGTH_FIELD = 4
XZ, ZSTD, ELF = b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"\x7fELF"


def payload_of(vmlinuz):
    """The compressed kernel in the bytes of a vmlinuz."""
    def number(place):
        return int.from_bytes(vmlinuz[place:place + 4], "little")

    start = (vmlinuz[SETUP_SECTORS] + 1) * SECTOR + number(PAYLOAD_OFFSET)
    return vmlinuz[start:start + number(PAYLOAD_LENGTH) - LENGTH_FIELD]


def unpack_kernel(root, vmlinuz, target):
    """Writes the kernel of a vmlinuz, which is in the directory root, to target."""
    payload = payload_of(vmlinuz.read_bytes())
    if payload.startswith(XZ):
        kernel = lzma.decompress(payload)
    elif payload.startswith(ZSTD):
        packed = root / f"{target.name}.zst"
        packed.write_bytes(payload)
        kernel = run_inside(root, ["zstd", "--decompress", "--stdout", "--quiet", f"/{packed.name}"])
        packed.unlink()
    else:
        raise NotToBeHad(f"{vmlinuz.name} is packed in a way that tests/vm/kernel_image.py does "
                         f"not know: it begins with {payload[:6].hex()}")
    if not kernel.startswith(ELF):
        raise NotToBeHad(f"what is packed in {vmlinuz.name} is no ELF file")
    target.write_bytes(kernel)
