"""What an export says, put into the store, item by item, and told what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from inventory.errors import BadInputError
from inventory.intake.stated import Conflict, conflicts_in, observations_of
from inventory.model.imported import ConnectionRecord, LeftOut, ServerRecord, Unread, Where

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from inventory.model.fact import Observation
    from inventory.model.imported import Item

TOLD: Final = 10_000
"""How many unread rows and conflicts are told one by one; the others are counted."""


@dataclass(frozen=True, kw_only=True)
class Stated:
    """One record, ready to be kept."""

    record: ServerRecord
    observations: tuple[Observation, ...]


@dataclass(kw_only=True)
class Taken:
    """What was in an export."""

    servers: int = 0
    connections: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    """How many of each kind of thing that is no server to be moved."""
    unread: list[Unread] = field(default_factory=list)
    unread_count: int = 0
    twice: list[tuple[ServerRecord, Where]] = field(default_factory=list)
    """Records of one key, and where the first of them stands."""
    conflicts: list[Conflict] = field(default_factory=list)
    conflict_count: int = 0

    @property
    def nothing(self) -> bool:
        """Whether nothing at all was understood."""
        return not (self.servers or self.connections or self.left_out)


def take(
    items: Iterable[Item],
    *,
    at: datetime,
    run: str,
    keep_server: Callable[[Stated], None],
    keep_connection: Callable[[ConnectionRecord], None],
    may_be_empty: bool = False,
) -> Taken:
    """Hand each record over as it comes, and return what there was.

    ``at`` is when the export was made. A file in which nothing is understood is a wrong file; a
    source that is asked may be empty.

    Raises:
        BadInputError: nothing at all was understood.

    """
    taken = Taken()
    seen: dict[tuple[str, str], Where] = {}
    for item in items:
        match item:
            case ServerRecord():
                keep_server(_server(item, taken, seen, _Stamp(at=at, run=run)))
            case ConnectionRecord():
                taken.connections += 1
                keep_connection(item)
            case LeftOut():
                taken.left_out[item.what] += 1
            case Unread():
                taken.unread_count += 1
                taken.unread.extend([item][: TOLD - len(taken.unread)])
    if taken.nothing and not may_be_empty:
        raise BadInputError(
            "nothing in it was understood", hint=_first(taken) or "is it the right file, and whole?"
        )
    return taken


@dataclass(frozen=True, kw_only=True)
class _Stamp:
    at: datetime
    run: str


def _server(
    record: ServerRecord, taken: Taken, seen: dict[tuple[str, str], Where], stamp: _Stamp
) -> Stated:
    taken.servers += 1
    first = seen.setdefault((record.source, record.key), record.where)
    if first is not record.where and len(taken.twice) < TOLD:
        taken.twice.append((record, first))
    observations = observations_of(record, at=stamp.at, run=stamp.run)
    found = conflicts_in(record.name, observations)
    taken.conflict_count += len(found)
    taken.conflicts.extend(found[: TOLD - len(taken.conflicts)])
    return Stated(record=record, observations=observations)


def _first(taken: Taken) -> str:
    return "; ".join(f"{each.where}: {each.why}" for each in taken.unread[:3])
