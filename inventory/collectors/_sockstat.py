"""What FreeBSD's ``sockstat -46`` says, with the state of a connection (``-s``) or without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.collectors._socket import ANY_V4, ANY_V6, Socket, endpoint
from inventory.collectors._text import number
from inventory.model.parts import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROTOCOLS: Final = {
    "tcp4": Protocol.TCP,
    "tcp6": Protocol.TCP,
    "tcp46": Protocol.TCP,
    "udp4": Protocol.UDP,
    "udp6": Protocol.UDP,
    "udp46": Protocol.UDP,
}
_LATEST: Final = 8
"""No protocol stands further right: a command's name is short, though it may hold blanks."""


def is_sockstat(text: str) -> bool:
    """Tell whether the command answered at all: it always writes its headings."""
    return "LOCAL ADDRESS" in text


def read_sockstat(text: str) -> Iterator[Socket]:
    """Read every socket that waits, is connected or calls; other lines are passed over."""
    for line in text.splitlines():
        words = line.split()
        at = next((n for n, word in enumerate(words[:_LATEST]) if word in _PROTOCOLS), 0)
        if at > 1 and len(words) > at + 2:
            try:
                yield from _sockets(words, at)
            except ValueError:
                continue


def _sockets(words: list[str], at: int) -> Iterator[Socket]:
    anywhere = ANY_V4 if words[at].endswith("p4") else ANY_V6
    address, port = endpoint(words[at + 1], anywhere)
    state = words[at + 3] if len(words) > at + 3 else ""
    waiting = words[at + 2] == "*:*"
    if not waiting and state not in {"", "ESTABLISHED", "SYN_SENT"}:
        return
    if waiting and state not in {"", "LISTEN"}:
        return
    far, far_port = (None, None) if waiting else endpoint(words[at + 2], anywhere)
    pid = number(words[at - 2])
    process = " ".join(words[1 : at - 2]) or None
    yield Socket(
        _PROTOCOLS[words[at]],
        address,
        port,
        far,
        far_port,
        process if pid else None,
        pid,
        is_opening=state == "SYN_SENT",
    )
