"""One server that four asked: what Decant's own answer says, to hold importers against."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from inventory.discovery.read import read_observations
from inventory.intake.opened import importers
from inventory.model.alike import alike
from inventory.model.collector import Collector
from inventory.model.fact import Facts, Known, Reason, Unknown
from inventory.model.imported import Item, ServerRecord
from inventory.reading.opening import open_export
from inventory.registry import Registry

IMPORTS: Final = Path(__file__).parents[1] / "fixtures" / "imports"
FOLDER: Final = IMPORTS / "one_server"
MOVING: Final = {"used_bytes", "free_bytes", "free_inodes", "inodes"}
"""Fields that are another each time that one looks."""


def own_facts() -> Facts:
    """Return what the server said when Decant asked it."""
    collectors = Registry(
        package="inventory.collectors", attribute="COLLECTOR", kind=Collector
    ).all()
    cut = Unknown(reason=Reason.UNREACHABLE)
    return Facts.from_observations(
        read_observations(
            (FOLDER / "answer.raw").read_bytes(),
            collectors,
            source="recorded",
            at=datetime(2026, 11, 23, tzinfo=UTC),
            run="recorded",
            unfinished=cut,
        )
    )


def items(name: str, *paths: Path) -> list[Item]:
    """Read an export by the importer of that name."""
    return list(importers()[name].value.read(open_export(paths)))


def servers(name: str, *paths: Path) -> dict[str, ServerRecord]:
    """Return the servers of an export, by name."""
    return {each.name: each for each in items(name, *paths) if isinstance(each, ServerRecord)}


def facts_of(record: ServerRecord) -> Facts:
    """Return what a record states."""
    return Facts.from_observations(each.observation for each in record.stated)


def differing(record: ServerRecord, own: Facts) -> dict[str, tuple[Any, Any]]:
    """Return where a record says something else than the server said to Decant.

    Parts are held against each other by name, in what both tell of them.
    """
    found = {}
    for each in record.stated:
        mine, theirs = own.of(each.observation.key), each.observation.fact
        if isinstance(mine, Known) and isinstance(theirs, Known):
            same = _same_parts if _has_parts(theirs.value) else alike_values(each.observation.key)
            if not same(theirs.value, mine.value):
                found[each.observation.key.name] = (theirs.value, mine.value)
    return found


def alike_values(key: Any) -> Any:
    """Return how values of a key are compared."""
    return lambda one, other: alike(key, one, other)


def _has_parts(value: Any) -> bool:
    return isinstance(value, tuple) and any(map(is_dataclass, value))


def _same_parts(theirs: tuple[Any, ...], mine: tuple[Any, ...]) -> bool:
    named = {_name(each): each for each in mine}
    return all(
        _name(each) in named
        and all(
            None in (one, other) or one == other or field.name in MOVING
            for field in fields(each)
            for one, other in [(getattr(each, field.name), getattr(named[_name(each)], field.name))]
        )
        for each in theirs
    )


def _name(part: Any) -> str:
    return str(getattr(part, "mount_point", None) or part.name)
