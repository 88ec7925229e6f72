"""Two exports of one format as two states of an estate, to be compared without a store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from inventory.errors import BadInputError
from inventory.intake.opened import importers, opened
from inventory.intake.stated import observations_of
from inventory.model.difference import EstateState, ServerState
from inventory.model.fact import Facts
from inventory.model.imported import ServerRecord

if TYPE_CHECKING:
    from pathlib import Path

    from inventory.intake.opened import Opened


def states_of_exports(
    before: Path, after: Path, own: Path | None
) -> tuple[EstateState, EstateState]:
    """Read two exports, each a file or a folder.

    Raises:
        BadInputError: one cannot be read, holds no server, or is of another format than the other.

    """
    known = importers(*([own] if own else []))
    one = opened([before], known)
    other = opened([after], known, one.importer.name)
    return _state(before, one), _state(after, other)


def _state(path: Path, export: Opened) -> EstateState:
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    records = [each for each in export.items() if isinstance(each, ServerRecord)]
    if not records:
        raise BadInputError(
            f"{path.name}: no server in it, read as {export.importer.value.title}",
            hint="is it the right file, and whole?",
        )
    servers = {each.id: each for each in (_server(record, at, path.name) for record in records)}
    return EstateState(title=path.name, at=at, servers=servers)


def _server(record: ServerRecord, at: datetime, file: str) -> ServerState:
    observations = observations_of(record, at=at, run=file)
    return ServerState(
        id=f"{record.source}:{record.key}",
        name=record.name,
        facts=Facts().updated(reversed(observations)),
    )
