"""To which unit or container a process belongs, by the control group that it is in."""

from __future__ import annotations

import re
from typing import Final

_CONTAINER: Final = re.compile(
    r"(?P<id>[0-9a-f]{64})(?=\.scope|[/:]|$)|/lxc(?:\.payload)?[./](?P<name>[^/]+)"
)
"""Docker, Podman and the runtimes of Kubernetes give 64 digits; LXC gives the container's name."""
_UNITS: Final = (".service", ".scope")


def container_of(group: str) -> str | None:
    """Return the identifier of the innermost container in a group's path."""
    if "lxc" not in group and len(group) < 64:  # noqa: PLR2004  the digits of an identifier
        return None
    found = [match["id"] or match["name"] for match in _CONTAINER.finditer(group)]
    return found[-1] if found else None


def unit_of(group: str) -> str | None:
    """Return the innermost unit of systemd in a group's path."""
    return next((word for word in reversed(group.split("/")) if word.endswith(_UNITS)), None)
