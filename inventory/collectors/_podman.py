"""What podman and CRI-O keep on the disk of their containers and images.

``podman`` itself writes to its store even when it only lists; its files are read instead. They hold
names, images and times, and neither commands nor environments.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from inventory.model.software import Container, ContainerState, Image

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_containers(text: str, running: frozenset[str]) -> Iterator[Container]:
    """Read ``containers.json``; ``running`` are the identifiers that have a control group."""
    for each in _objects(text):
        told = _metadata(each.get("metadata"))
        identifier = str(each.get("id", ""))
        if identifier:
            state = ContainerState.RUNNING if identifier in running else ContainerState.STOPPED
            yield Container(
                engine="podman",
                id=identifier,
                name=_word(told.get("name")) or next(iter(_words(each.get("names"))), None),
                image=_word(told.get("image-name")),
                state=state,
                created_at=_moment(each.get("created")),
            )


def read_images(text: str) -> Iterator[Image]:
    """Read ``images.json``."""
    for each in _objects(text):
        if each.get("id"):
            yield Image(
                engine="podman",
                id=str(each["id"]),
                names=tuple(sorted(_words(each.get("names")))),
                created_at=_moment(each.get("created")),
            )


def _objects(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)
    except ValueError:
        return []
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _metadata(text: object) -> dict[str, Any]:
    try:
        found = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _words(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _moment(value: object) -> datetime | None:
    """Read ``2024-06-10T06:13:20.123456789Z``, whose fraction may be longer than Python reads."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.strptime(value[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
