"""One format that other tools read: what it holds, and its writer.

An exporter's file in ``inventory/exporters``, or in the estate's own ``exporters`` folder, holds
an :class:`Exporter` under ``EXPORTER``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from inventory.model.server import Server
    from inventory.model.sighting import Sighting


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """Something that the format wants and nobody knows."""

    server: str
    what: str
    """Names the column and says what became of it: ``Cores is mandatory: left out``."""


@dataclass(frozen=True, kw_only=True)
class Exportable:
    """What there is to write."""

    servers: Sequence[Server]
    """By name."""
    sightings: Mapping[str, tuple[Sighting, ...]] = field(default_factory=dict)
    """By the server's id."""
    applications: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Titles of the applications recognised on each server, by its id."""
    at: datetime
    """When it is written; aware, UTC."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """One file of an export."""

    name: str
    """Such as ``azure-migrate.csv``; without folders."""
    content: bytes
    executable: bool = False
    """Whether it is a program, which whoever may read it may run."""
    lacking: tuple[Lacking, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """One format."""

    title: str
    """What people call it: ``Azure Migrate import``."""
    source: str
    """Address of the format's description, and the date when it was read."""
    write: Callable[[Exportable], Iterator[Written]]
    """Pure: the same servers give the same bytes."""
