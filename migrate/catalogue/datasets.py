"""The data sets of the catalogue: what each file holds, how old it is, and where it is from.

Everything here takes a :class:`Catalogue`: the shipped files, or an estate's refreshed ones over
them. A refreshed set is never changed once it is there, so what is read of it may be remembered.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from inventory.errors import BadInputError, Place
from migrate.catalogue.overlay import INDEX, SHIPPED, Catalogue

_PACKAGE = "migrate.catalogue.data"
_Day = date


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One file of the catalogue."""

    name: str
    file: str
    holds: str
    """What is in it, one line for people."""
    date: date
    """As of when its source said so; the oldest date when it has several sources."""
    source: str
    licence: str
    parts: Mapping[str, _Day] = field(default_factory=dict, hash=False)
    """The date of each part (a region, mostly) where they differ; empty when they do not."""

    def as_of(self, part: str) -> _Day:
        """Return the date of one part: that of the whole where it has none of its own."""
        return self.parts.get(part, self.date)


@cache
def datasets(catalogue: Catalogue = SHIPPED) -> Mapping[str, Dataset]:
    """Return every data set by its name; a refreshed one in place of a shipped one no newer.

    Raises:
        BadInputError: an index is missing or cannot be read.

    """
    return {**_index(_shipped_text(INDEX), SHIPPED), **_refreshed(catalogue)}


def is_refreshed(name: str, catalogue: Catalogue) -> bool:
    """Tell whether a data set is an estate's refreshed one, and not that which Decant came with."""
    return name in _refreshed(catalogue)


def read_json(file: str, catalogue: Catalogue = SHIPPED) -> Any:
    """Return a data file's JSON.

    Raises:
        BadInputError: it is missing or is not JSON.

    """
    return _json(file, read_text(file, catalogue), catalogue)


def read_rows(file: str, catalogue: Catalogue = SHIPPED) -> list[dict[str, str]]:
    """Return a CSV data file's rows, by column name.

    Raises:
        BadInputError: it is missing or empty.

    """
    rows = list(csv.DictReader(read_text(file, catalogue).splitlines()))
    if not rows:
        raise _broken(file, "it holds no rows", catalogue)
    return rows


def read_text(file: str, catalogue: Catalogue = SHIPPED) -> str:
    """Return a data file's text: the refreshed one, or else the shipped one.

    Raises:
        BadInputError: it is missing.

    """
    refreshed = {each.file for each in _refreshed(catalogue).values()}
    return _overlay_text(file, catalogue) if file in refreshed else _shipped_text(file)


def count(dataset: Dataset, catalogue: Catalogue = SHIPPED) -> int:
    """Return how many entries a data set holds: rows, lifecycle cycles, or lists."""
    if dataset.file.endswith(".csv"):
        return len(read_rows(dataset.file, catalogue))
    content = read_json(dataset.file, catalogue)
    products = content.get("products")
    if products is not None:
        return sum(len(product["cycles"]) for product in products.values())
    return sum(not name.startswith("_") for name in content)


@cache
def _refreshed(catalogue: Catalogue) -> Mapping[str, Dataset]:
    if catalogue.overlay is None:
        return {}
    shipped = _index(_shipped_text(INDEX), SHIPPED)
    found = _index(_overlay_text(INDEX, catalogue), catalogue)
    return {
        name: each
        for name, each in found.items()
        if name not in shipped or each.date >= shipped[name].date
    }


def _index(text: str, catalogue: Catalogue) -> Mapping[str, Dataset]:
    try:
        return {name: _dataset(name, entry) for name, entry in json.loads(text).items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _broken(INDEX, str(error), catalogue) from error


def _dataset(name: str, entry: Mapping[str, Any]) -> Dataset:
    dates = {
        "date": date.fromisoformat(entry["date"]),
        "parts": {part: date.fromisoformat(day) for part, day in entry.get("parts", {}).items()},
    }
    return Dataset(name=name, **{**entry, **dates})


def _json(file: str, text: str, catalogue: Catalogue) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise _broken(file, str(error), catalogue) from error


def _shipped_text(file: str) -> str:
    try:
        return (resources.files(_PACKAGE) / file).read_text(encoding="utf-8")
    except OSError as error:
        raise _broken(file, str(error), SHIPPED) from error


def _overlay_text(file: str, catalogue: Catalogue) -> str:
    try:
        return (catalogue.folder / file).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise _broken(file, str(error), catalogue) from error


def _broken(file: str, why: str, catalogue: Catalogue) -> BadInputError:
    if catalogue.overlay is None:
        return BadInputError(
            f"the catalogue cannot be read: {why}",
            hint="install Decant again",
            place=Place(file=Path(str(resources.files(_PACKAGE) / file))),
        )
    return BadInputError(
        f"the refreshed catalogue cannot be read: {why}",
        hint="decant catalogue refresh makes it anew; without the estate's folder catalogue/, "
        "the shipped one counts",
        place=Place(file=catalogue.folder / file),
    )
