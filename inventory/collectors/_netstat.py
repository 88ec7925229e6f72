"""What ``netstat -tunap`` says, of net-tools and of BusyBox."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._socket import Socket, plain_address
from inventory.model.parts import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE: Final = re.compile(
    r"(?P<protocol>tcp|udp)6?\s+\d+\s+\d+\s+(?P<local>\S+):(?P<local_port>\d{1,5})"
    r"\s+(?P<remote>\S+):(?P<remote_port>\d{1,5}|\*)"
    r"(?:\s+(?P<state>[A-Z_0-9]+))?(?:\s+(?:(?P<pid>\d{1,10})/(?P<process>.*?)|-))?"
)
_WAITING: Final = frozenset({"LISTEN", None})
_CONNECTED: Final = "ESTABLISHED"
_STATES: Final = _WAITING | {_CONNECTED, "SYN_SENT"}


def is_netstat(text: str) -> bool:
    """Tell whether the command answered at all: it always writes its headings."""
    return "Local Address" in text


def read_netstat(text: str) -> Iterator[Socket]:
    """Read every socket that waits, is connected or calls; other lines are passed over."""
    for line in text.splitlines():
        match = _LINE.fullmatch(line.rstrip())
        if match and match["state"] in _STATES:
            try:
                yield _socket(match)
            except ValueError:
                continue


def _socket(match: re.Match[str]) -> Socket:
    connected = match["state"] not in _WAITING
    return Socket(
        protocol=Protocol(match["protocol"]),
        local_address=plain_address(match["local"]),
        local_port=int(match["local_port"]),
        remote_address=plain_address(match["remote"]) if connected else None,
        remote_port=int(match["remote_port"]) if connected else None,
        process=_name(match["process"]),
        pid=int(match["pid"]) if match["pid"] else None,
        is_opening=match["state"] == "SYN_SENT",
    )


def _name(process: str | None) -> str | None:
    """Return a process's short name from ``sshd: /usr/sbin`` or ``{sshd} /usr/sbin/sshd``."""
    if not process:
        return None
    braced = re.match(r"\{([^}]+)\}", process)
    name = braced[1] if braced else process.split(" ", 1)[0]
    return name.rstrip(":").rpartition("/")[2] or None
