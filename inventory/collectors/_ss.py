"""What ``ss -tunap`` says, of iproute2 old and new."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._socket import ANY_V4, ANY_V6, Socket, plain_address
from inventory.model.parts import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE: Final = re.compile(
    r"(?P<protocol>tcp|udp)\s+(?P<state>LISTEN|UNCONN|ESTAB)\s+\d+\s+\d+"
    r"\s+(?P<local>\S+)\s+(?P<remote>\S+)(?:\s+(?P<users>.*))?"
)
_ENDPOINT: Final = re.compile(r"(?P<address>.*):(?P<port>\d{1,5}|\*)\Z")
_USER: Final = re.compile(r'\("(?P<name>(?:[^"\\]|\\.)*)",(?:pid=)?(?P<pid>\d{1,10}),')
_MANAGERS: Final = ("systemd", "init")
"""Hold the sockets of services that they start when called."""


def is_ss(text: str) -> bool:
    """Tell whether the command answered at all: it always writes its headings."""
    return text.startswith(("Netid", "tcp", "udp"))


def read_ss(text: str) -> Iterator[Socket]:
    """Read every socket that waits or is connected; lines that cannot be read are passed over."""
    # New releases write * for a socket of both families, old ones for every IPv4 address.
    anywhere = ANY_V6 if "0.0.0.0:" in text or "[::]:" in text else ANY_V4
    for line in text.splitlines():
        match = _LINE.fullmatch(line.rstrip())
        if match:
            try:
                yield _socket(match, anywhere)
            except ValueError:
                continue


def _socket(match: re.Match[str], anywhere: str) -> Socket:
    local_address, local_port = _endpoint(match["local"], anywhere)
    remote_address, remote_port = _endpoint(match["remote"], anywhere)
    connected = match["state"] == "ESTAB"
    process, pid = _owner(match["users"] or "")
    return Socket(
        protocol=Protocol(match["protocol"]),
        local_address=local_address,
        local_port=local_port,
        remote_address=remote_address if connected else None,
        remote_port=remote_port if connected else None,
        process=process,
        pid=pid,
    )


def _endpoint(text: str, anywhere: str) -> tuple[str, int]:
    match = _ENDPOINT.match(text)
    if not match:
        raise ValueError(text)
    address = match["address"].partition("%")[0] or anywhere
    return (
        anywhere if address == "*" else plain_address(address),
        0 if match["port"] == "*" else int(match["port"]),
    )


def _owner(users: str) -> tuple[str | None, int | None]:
    """Return the process that a socket belongs to: of several, the oldest that is no manager."""
    found = [(each["name"], int(each["pid"])) for each in _USER.finditer(users)]
    if not found:
        return None, None
    name, pid = min(found, key=lambda each: (each[0] in _MANAGERS, each[1]))
    return name.replace('\\"', '"'), pid
