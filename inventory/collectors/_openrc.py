"""What OpenRC says of its services."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.model.parts import Service, ServiceState

if TYPE_CHECKING:
    from collections.abc import Iterator

_SERVICE: Final = re.compile(r"\s*(?P<name>\S+)\s+\[\s*(?P<state>[a-z]+)[^\]]*\]")
_ENABLED: Final = re.compile(r"\s*(?P<name>\S+)\s+\|(?P<levels>.*)")
_STATES: Final = {
    "started": ServiceState.RUNNING,
    "starting": ServiceState.RUNNING,
    "inactive": ServiceState.STOPPED,
    "scheduled": ServiceState.STOPPED,
    "stopping": ServiceState.STOPPED,
    "stopped": ServiceState.STOPPED,
    "crashed": ServiceState.FAILED,
    "unsupervised": ServiceState.FAILED,
}


def read_openrc(services: str, enabled: str) -> Iterator[Service]:
    """Read every service; one is enabled when it belongs to a runlevel."""
    levels = {
        match["name"]: match["levels"].strip()
        for match in map(_ENABLED.match, enabled.splitlines())
        if match
    }
    for match in map(_SERVICE.match, services.splitlines()):
        if match and match["state"] in _STATES:
            yield Service(
                name=match["name"],
                state=_STATES[match["state"]],
                enabled=bool(levels.get(match["name"])) if levels else None,
            )
