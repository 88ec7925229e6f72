"""One format of others' exports: how it is recognised, and its reader.

An importer's file in ``inventory/importers``, or in the estate's own ``importers`` folder, holds
an :class:`Importer` under ``IMPORTER``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.model.nearness import Nearness

if TYPE_CHECKING:
    from inventory.model.imported import Item
    from inventory.reading.export import Export

CERTAIN = 100
"""No other format looks like this."""
LIKELY = 60
"""It has what this format has, and another might have it too."""
NO = 0
"""This is something else."""


def never(export: Export) -> bool:
    """Say of no export that it is the whole of its source."""
    del export
    return False


@dataclass(frozen=True, kw_only=True)
class ImportExample:
    """A small export, as the real tool wrote it or its documentation shows it."""

    tool: str
    """Which tool and version wrote it; ``(format as documented)`` where none did."""
    files: tuple[tuple[str, bytes], ...]
    """Names and contents."""
    servers: tuple[str, ...]
    """The names of the servers that must come of it, in any order."""
    connections: int = 0
    left_out: int = 0
    unread: int = 0


@dataclass(frozen=True, kw_only=True)
class Importer:
    """One format."""

    title: str
    """What people call it: ``RVTools``."""
    files: str
    """Which files it reads, for the documentation: ``one .xlsx, or the .csv files of its tabs``."""
    source: str
    """Address of the format's description, and the date when it was read."""
    nearness: Nearness = Nearness.LIST
    """How near to a server it is whoever tells: of two sources that differ, the nearer is
    preferred."""
    whole: Callable[[Export], bool] = never
    """Whether an export tells of all that its source knows, so that what a later one leaves out is
    gone. An agent's answer is of one server, and a list may be one of several."""
    recognise: Callable[[Export], int]
    """How surely an export is of this format, from NO to CERTAIN. Looks at names, kinds, sheets,
    headers and beginnings alone. Never raises."""
    read: Callable[[Export], Iterator[Item]]
    """Yield what the export says. Reads each file once, and holds no more in memory than the
    servers need. Raises BadInputError only when nothing at all can be understood."""
    examples: tuple[ImportExample, ...]
