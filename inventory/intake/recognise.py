"""Which format an export is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.errors import BadInputError, UsageError
from inventory.model.importer import NO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.importer import Importer
    from inventory.reading.export import Export
    from inventory.registry import Plugin


def recognise(export: Export, importers: Mapping[str, Plugin[Importer]]) -> Plugin[Importer]:
    """Return the importer of the format that the export is most surely of.

    Raises:
        BadInputError: it looks like none of them, or like several in the same degree.

    """
    scores = {name: each.value.recognise(export) for name, each in importers.items()}
    best = max(scores.values(), default=NO)
    named = [name for name, score in scores.items() if score == best]
    files = ", ".join(each.name for each in export.files[:3])
    if best == NO:
        raise BadInputError(
            f"{files}: of no format that is known",
            hint="name the format if you know it (decant import FORMAT FILE), see decant import "
            "--formats, or fill in the template: decant import --template csv",
        )
    if len(named) > 1:
        raise BadInputError(
            f"{files}: looks like each of {', '.join(sorted(named))}",
            hint=f"name the format: decant import {named[0]} …",
        )
    return importers[named[0]]


def named(name: str, importers: Mapping[str, Plugin[Importer]]) -> Plugin[Importer]:
    """Return the importer of a format that was named.

    Raises:
        UsageError: there is none of that name.

    """
    found = importers.get(name.replace("_", "-").lower())
    if found is None:
        raise UsageError(
            f"there is no format {name!r}", hint=f"the formats are {', '.join(sorted(importers))}"
        )
    return found
