"""What System V's init scripts say of themselves, in Debian's wording and in Red Hat's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.model.parts import Service, ServiceState

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEBIAN: Final = re.compile(r"\s*\[ (?P<sign>[-+]) \]\s+(?P<name>\S+)")
_REDHAT: Final = re.compile(
    r"(?P<name>[\w.@-]+)(?: \(pids?[^)]*\))?(?: is)? (?P<state>running|stopped|dead)\b"
)
_LINK: Final = re.compile(r"/S\d\d(?P<name>[^/]+)$", re.MULTILINE)
_STATES: Final = {
    "+": ServiceState.RUNNING,
    "-": ServiceState.STOPPED,
    "running": ServiceState.RUNNING,
    "stopped": ServiceState.STOPPED,
    "dead": ServiceState.FAILED,
}


def read_sysv(status: str, links: str) -> Iterator[Service]:
    """Read what can be understood; scripts word their state as they like."""
    enabled = enabled_scripts(links)
    for line in status.splitlines():
        debian, redhat = _DEBIAN.match(line), _REDHAT.match(line)
        match = debian or redhat
        if match:
            yield Service(
                name=match["name"],
                state=_STATES[match["sign" if debian else "state"]],
                enabled=match["name"] in enabled if enabled else None,
            )


def enabled_scripts(links: str) -> set[str]:
    """Return the names of the scripts that links such as ``/etc/rc3.d/S20nginx`` start at boot."""
    return {match["name"] for match in _LINK.finditer(links) if "*" not in match[0]}
