"""What the kernel says of a server's sockets, read from outside of it and without Decant."""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_ESTABLISHED: Final = "01"
_LISTENING: Final = "0A"
_UNCONNECTED: Final = "07"


@dataclass(frozen=True, kw_only=True)
class Sockets:
    """The sockets of one network namespace at one moment."""

    listening: frozenset[str]
    """Ports that something waits at, ``80/tcp``."""
    connected: frozenset[tuple[str, int, str, int]]
    """Own address and port, then the other end's; loopback is left out."""


def sockets(pid: int) -> Sockets:
    """Return the sockets of the namespace that a process is in.

    Raises:
        OSError: there is no such process any more.

    """
    listening, connected = set(), set()
    for name in ("tcp", "tcp6", "udp", "udp6"):
        protocol = name[:3]
        for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]:
            _, near, far, state, *_ = line.split()
            if state == (_LISTENING if protocol == "tcp" else _UNCONNECTED):
                listening.add(f"{int(near.partition(':')[2], 16)}/{protocol}")
            elif state == _ESTABLISHED and not _address(near)[0].startswith("127."):
                connected.add((*_address(near), *_address(far)))
    return Sockets(listening=frozenset(listening), connected=frozenset(connected))


def _address(text: str) -> tuple[str, int]:
    """Read ``0100007F:0050``: words of four bytes in the machine's order, then the port."""
    digits, _, port = text.partition(":")
    words = (int(digits[start : start + 8], 16) for start in range(0, len(digits), 8))
    packed = b"".join(struct.pack("=I", word) for word in words)
    found = ipaddress.ip_address(packed)
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found), int(port, 16)
