"""Names of processor architectures, as kernels and exports spell them."""

from __future__ import annotations

_X86_64 = frozenset({"x86_64", "amd64", "x64", "x86-64"})
_ARM_64 = frozenset({"aarch64", "arm64"})
_X86 = frozenset({"i386", "i486", "i586", "i686", "x86"})
_OTHER_32 = frozenset({"armv5tel", "armv6l", "armv7l", "armhf", "ppc", "s390", "mips"})


def canonical(name: str) -> str:
    """Return one spelling for each architecture: ``x86_64``, ``i686``, ``aarch64``, or as given."""
    spelt = name.strip().lower()
    for names, one in ((_X86_64, "x86_64"), (_X86, "i686"), (_ARM_64, "aarch64")):
        if spelt in names:
            return one
    return spelt


def is_x86_64(name: str) -> bool:
    """Tell whether it is 64-bit x86."""
    return canonical(name) == "x86_64"


def is_32_bit(name: str) -> bool:
    """Tell whether it is one of the 32-bit architectures."""
    return canonical(name) == "i686" or canonical(name) in _OTHER_32
