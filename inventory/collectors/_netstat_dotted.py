"""What ``netstat -an`` says where it parts a port from its address by a dot.

So it is on FreeBSD, AIX and HP-UX, whose lines name the protocol, and on Solaris, whose headings
do. None of them names a process, unless asked in a way that only some releases know.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._socket import ANY_V4, ANY_V6, Socket, endpoint
from inventory.model.parts import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADING: Final = re.compile(r"(TCP|UDP)(?:: IPv([46]))?\s*\Z")
_NAMED: Final = re.compile(r"(tcp|udp)([46]*)\Z")
_SKIPPED: Final = 3
"""Protocol, Recv-Q and Send-Q stand before the addresses, where a line names its protocol."""
_WAITING: Final = frozenset({"LISTEN", "Idle", ""})
_CALLING: Final = "SYN_SENT"
_STATES: Final = _WAITING | {"ESTABLISHED", "Connected", _CALLING}


def is_dotted(text: str) -> bool:
    """Tell whether the command answered at all: it always writes its headings."""
    return "Local Address" in text


def read_dotted(text: str) -> Iterator[Socket]:
    """Read every socket that waits, is connected or calls; other lines are passed over."""
    protocol, anywhere = Protocol.TCP, ANY_V4
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading:
            protocol = Protocol(heading[1].lower())
            anywhere = ANY_V6 if heading[2] == "6" else ANY_V4
            continue
        words = line.split()
        named = _NAMED.match(words[0]) if words else None
        try:
            if named:
                any_named = ANY_V6 if "6" in named[2] else ANY_V4
                yield from _socket(Protocol(named[1]), any_named, words[_SKIPPED:])
            else:
                yield from _socket(protocol, anywhere, words)
        except ValueError:
            continue


def _socket(protocol: Protocol, anywhere: str, words: list[str]) -> Iterator[Socket]:
    """Yield the one that a line tells of: its ends come first, its state last."""
    state = _state(words)
    if not words or state not in _STATES or words[0] == "*.*":
        return
    address, port = endpoint(words[0], anywhere, ".")
    far_end = words[1] if len(words) > 1 and "." in words[1] else "*.*"
    if far_end == "*.*" and state in _WAITING:
        yield Socket(protocol, address, port)
    # A connected datagram socket has a far end and no state.
    elif far_end != "*.*" and (state not in _WAITING or (protocol, state) == (Protocol.UDP, "")):
        far, far_port = endpoint(far_end, anywhere, ".")
        yield Socket(protocol, address, port, far, far_port, is_opening=state == _CALLING)


def _state(words: list[str]) -> str:
    """Return the word that is a state; Solaris writes an IPv6 socket's interface after it."""
    return next((each for each in words[1:] if each.replace("_", "").isalpha()), "")
