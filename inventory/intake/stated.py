"""A record of an export → observations with their origins, and what it contradicts itself in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.model.fact import Known, Observation, Origin

if TYPE_CHECKING:
    from datetime import datetime

    from inventory.model.imported import ServerRecord


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """One export says two things of one server."""

    server: str
    fact: str
    """The key's name."""
    first: Observation
    second: Observation


def observations_of(record: ServerRecord, *, at: datetime, run: str) -> tuple[Observation, ...]:
    """Return what the record states, each with its origin, in the order in which it states it.

    ``at`` is when the export was made; a record that tells its own time keeps it.
    """
    when = min(record.at or at, at)
    return tuple(
        Observation(
            key=each.observation.key,
            fact=each.observation.fact,
            origin=Origin(source=record.source, question=each.column, at=when, run=run),
        )
        for each in record.stated
    )


def conflicts_in(server: str, observations: tuple[Observation, ...]) -> tuple[Conflict, ...]:
    """Return where known statements of one fact differ: the first against each other one."""
    first: dict[str, Observation] = {}
    found = []
    for each in observations:
        if not isinstance(each.fact, Known):
            continue
        one = first.setdefault(each.key.name, each)
        if one.fact != each.fact:
            found.append(Conflict(server=server, fact=each.key.name, first=one, second=each))
    return tuple(found)
