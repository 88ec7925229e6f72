"""Ports as checks write them: ``443/tcp``, and those of a server that others can reach."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from inventory.model.parts import Listener

PORT: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 65535}
"""JSON Schema of a port number."""

SERVED: dict[str, Any] = {
    "type": "array",
    "items": {"type": "string", "pattern": "^[1-9][0-9]{0,4}/(tcp|udp)$"},
    "uniqueItems": True,
}
"""JSON Schema of a list such as ``["443/tcp", "53/udp"]``."""


def served(listener: Listener) -> str:
    """Write what a listener serves, as ``443/tcp``."""
    return f"{listener.port}/{listener.protocol.value}"


def reachable(listeners: Iterable[Listener]) -> list[Listener]:
    """Return the listeners that others than the server itself can reach, in order of port."""
    return sorted(
        (each for each in listeners if not each.is_loopback), key=lambda each: (each.port, each)
    )
