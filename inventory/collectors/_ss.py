"""What ``ss -tuna`` says, of iproute2 old and new, with and without ``-p``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from inventory.collectors._socket import ANY_V4, ANY_V6, Socket, endpoint, plain_address
from inventory.collectors._text import number
from inventory.model.parts import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROTOCOLS: Final = {"tcp": Protocol.TCP, "udp": Protocol.UDP}
_WAITING: Final = frozenset({"LISTEN", "UNCONN"})
_STATES: Final = _WAITING | {"ESTAB", "SYN-SENT"}
_COLUMNS: Final = 6
"""Netid, State, Recv-Q, Send-Q, Local Address:Port, Peer Address:Port; then what was asked for."""
_USER: Final = re.compile(r'\("(?P<name>(?:[^"\\]|\\.)*)",(?:pid=)?(?P<pid>\d{1,10}),')
_MANAGERS: Final = ("systemd", "init")
"""Hold the sockets of services that they start when called."""


def is_ss(text: str) -> bool:
    """Tell whether the command answered at all: it always writes its headings."""
    return text.startswith(("Netid", "tcp", "udp"))


def read_ss(text: str) -> Iterator[Socket]:
    """Read every socket that waits, is connected or calls; other lines are passed over."""
    # New releases write * for a socket of both families, old ones for every IPv4 address.
    anywhere = ANY_V6 if "0.0.0.0:" in text or "[::]:" in text else ANY_V4
    for line in text.splitlines():
        words = line.split(None, _COLUMNS)
        if len(words) >= _COLUMNS and words[1] in _STATES and words[0] in _PROTOCOLS:
            try:
                yield _socket(words, anywhere)
            except ValueError:
                continue


def _socket(words: list[str], anywhere: str) -> Socket:
    state = words[1]
    address, port = _endpoint(words[4], anywhere)
    process, pid = _owner(words[6]) if len(words) > _COLUMNS else (None, None)
    protocol = _PROTOCOLS[words[0]]
    if state in _WAITING:
        backlog = number(words[3]) if state == "LISTEN" else None
        return Socket(protocol, address, port, None, None, process, pid, backlog)
    far, far_port = _endpoint(words[5], anywhere)
    opening = state == "SYN-SENT"
    return Socket(protocol, address, port, far, far_port, process, pid, None, opening)


def _endpoint(text: str, anywhere: str) -> tuple[str, int]:
    address, _, port = text.rpartition(":")
    if "*" in text:  # any address, perhaps of one interface, or any port
        host = address.partition("%")[0]
        return endpoint(f"{host}:{port}", anywhere)
    if not (port.isascii() and port.isdecimal()):
        raise ValueError(text)
    return plain_address(address), int(port)


def _owner(users: str) -> tuple[str | None, int | None]:
    """Return the process that a socket belongs to: of several, the oldest that is no manager."""
    # The descriptor differs from socket to socket; what stands before it does not.
    return _oldest(users) if ")," in users else _oldest(users.partition(",fd=")[0] + ",")


@lru_cache(maxsize=5_000)
def _oldest(users: str) -> tuple[str | None, int | None]:
    found = [(each["name"], int(each["pid"])) for each in _USER.finditer(users)]
    if not found:
        return None, None
    name, pid = min(found, key=lambda each: (each[0] in _MANAGERS, each[1]))
    return name.replace('\\"', '"'), pid
