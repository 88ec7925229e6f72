"""What /proc/net says of sockets, where no tool does. It does not name their processes."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from inventory.collectors._socket import Socket, plain_address
from inventory.collectors._text import by_file
from inventory.model.parts import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE: Final = re.compile(
    r"\s*\d+: (?P<local>[0-9A-F]{8}|[0-9A-F]{32}):(?P<local_port>[0-9A-F]{4})"
    r" (?P<remote>[0-9A-F]{8}|[0-9A-F]{32}):(?P<remote_port>[0-9A-F]{4}) (?P<state>[0-9A-F]{2}) "
)
_ESTABLISHED: Final = "01"
_CALLING: Final = "02"
"""TCP_ESTABLISHED and TCP_SYN_SENT of the kernel's tcp_states.h."""
_WAITING: Final = {Protocol.TCP: "0A", Protocol.UDP: "07"}
"""TCP_LISTEN and TCP_CLOSE; a datagram socket waits closed."""


def read_proc_net(text: str) -> Iterator[Socket]:
    """Read every socket that waits, is connected or calls from ``path:line``."""
    for path, lines in by_file(text).items():
        protocol = Protocol.UDP if "/udp" in path else Protocol.TCP
        for line in lines:
            match = _LINE.match(line)
            if match and match["state"] in {_ESTABLISHED, _CALLING, _WAITING[protocol]}:
                yield _socket(match, protocol)


def _socket(match: re.Match[str], protocol: Protocol) -> Socket:
    connected = match["state"] != _WAITING[protocol]
    return Socket(
        protocol=protocol,
        local_address=_address(match["local"]),
        local_port=int(match["local_port"], 16),
        remote_address=_address(match["remote"]) if connected else None,
        remote_port=int(match["remote_port"], 16) if connected else None,
        is_opening=match["state"] == _CALLING,
    )


def _address(digits: str) -> str:
    """Turn words of four bytes, each in a little-endian machine's order, into an address."""
    words = (digits[start : start + 8] for start in range(0, len(digits), 8))
    packed = b"".join(bytes.fromhex(word)[::-1] for word in words)
    return plain_address(str(ip_address(packed)))
