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


def read_sysv(status: str, links: str, scripts: str = "") -> Iterator[Service]:
    """Read what can be understood; scripts word their state as they like.

    Red Hat's name the daemon (``openssh-daemon``), which need not be called as the script is
    (``sshd``): only of what is called like one of the ``scripts`` do the links say that it does not
    start at boot.
    """
    enabled = enabled_scripts(links)
    named = {path.rpartition("/")[2] for path in scripts.split()}
    for line in status.splitlines():
        debian, redhat = _DEBIAN.match(line), _REDHAT.match(line)
        match = debian or redhat
        if match:
            name = match["name"]
            starts = name in enabled
            is_script = bool(debian) or name in named
            yield Service(
                name=name,
                state=_STATES[match["sign" if debian else "state"]],
                enabled=starts if enabled and (starts or is_script) else None,
            )


def enabled_scripts(links: str) -> set[str]:
    """Return the names of the scripts that links such as ``/etc/rc3.d/S20nginx`` start at boot."""
    return {match["name"] for match in _LINK.finditer(links) if "*" not in match[0]}
