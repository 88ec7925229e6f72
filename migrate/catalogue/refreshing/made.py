"""What a new data set is made of, and what comes out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from migrate.catalogue.datasets import Dataset, datasets, read_json, read_rows
from migrate.catalogue.overlay import Catalogue

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Present:
    """A data set as it is before the refresh."""

    name: str
    catalogue: Catalogue

    @property
    def dataset(self) -> Dataset:
        """Return its entry in the index."""
        return datasets(self.catalogue)[self.name]

    def rows(self) -> list[dict[str, str]]:
        """Return the rows of a CSV file."""
        return read_rows(self.dataset.file, self.catalogue)

    def json(self) -> Any:
        """Return the content of a JSON file."""
        return read_json(self.dataset.file, self.catalogue)


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What was asked for one region, or for all of them."""

    region: str
    """Empty for what is the same everywhere."""
    pages: tuple[Any, ...]
    asked: date


@dataclass(frozen=True, kw_only=True)
class Made:
    """A new data set, not yet checked."""

    text: str
    """The file's whole content."""
    parts: Mapping[str, date]
    """The date of each part: those asked for now, and those kept from before."""


def parts_of(present: Present, kept: Iterable[str], fetched: Iterable[Fetched]) -> dict[str, date]:
    """Return the date of each part: as they were for the ``kept`` ones, new for the fetched."""
    before = {part: present.dataset.as_of(part) for part in kept}
    return {**before, **{each.region: each.asked for each in fetched}}


def as_csv(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """Return rows as a CSV file in the order of their first column."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: tuple(row[name] for name in columns[:2])))
    return out.getvalue()


def plain(value: Decimal) -> str:
    """Write a number without exponent and without trailing noughts."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def flag(*, holds: bool) -> str:
    """Write a yes or a no as the files do."""
    return "1" if holds else "0"
