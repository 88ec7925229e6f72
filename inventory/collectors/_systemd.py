"""What systemd says of its services.

A service is running while one of its processes is: a unit that did its work and ended, which
systemd calls active (exited), is stopped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.model.parts import Service, ServiceState

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNIT: Final = re.compile(
    r"\W*(?P<name>\S+)\.service\s+(?P<load>\S+)\s+(?P<active>\S+)\s+(?P<sub>\S+)"
)
_FILE: Final = re.compile(r"(?P<name>\S+)\.service\s+(?P<state>\S+)")
_ENABLED: Final = {
    "enabled": True,
    "enabled-runtime": True,
    "linked": False,
    "disabled": False,
    "masked": False,
    "masked-runtime": False,
}
"""Units in other states, such as static and generated, are started by others."""


def read_systemd(units: str, files: str) -> Iterator[Service]:
    """Read the services that are loaded, then those that only lie on the disk."""
    enabled = {
        match["name"]: match["state"] for match in map(_FILE.match, files.splitlines()) if match
    }
    loaded = set()
    for match in map(_UNIT.match, units.splitlines()):
        if match and match["load"] != "not-found":
            loaded.add(match["name"])
            yield _service(match, enabled)
    for name, state in enabled.items():
        if name not in loaded and not name.endswith("@") and state in _ENABLED:
            yield Service(name=name, state=ServiceState.STOPPED, enabled=_ENABLED[state])


def _service(match: re.Match[str], enabled: dict[str, str]) -> Service:
    name: str = match["name"]
    template = f"{name.partition('@')[0]}@"
    state = enabled.get(name) or (enabled.get(template, "") if "@" in name else "")
    return Service(name=name, state=_state(match), enabled=_ENABLED.get(state))


def _state(match: re.Match[str]) -> ServiceState:
    if match["sub"] in {"running", "reload"}:
        return ServiceState.RUNNING
    if match["active"] == "failed" or match["sub"] == "auto-restart":
        return ServiceState.FAILED
    return ServiceState.STOPPED
