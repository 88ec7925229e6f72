"""What Upstart says of its jobs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.model.parts import Service, ServiceState

if TYPE_CHECKING:
    from collections.abc import Iterator

_JOB: Final = re.compile(r"(?P<name>\S+)(?: \([^)]*\))? (?:start|stop)/(?P<state>[a-z-]+)(?:,.*)?")


def read_upstart(jobs: str) -> Iterator[Service]:
    """Read every job. Upstart does not say which of them start at boot."""
    for match in map(_JOB.fullmatch, jobs.splitlines()):
        if match:
            running = match["state"] == "running"
            yield Service(
                name=match["name"],
                state=ServiceState.RUNNING if running else ServiceState.STOPPED,
            )
