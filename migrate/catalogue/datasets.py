"""The data sets of the catalogue: what each file holds, how old it is, and where it is from."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from inventory.errors import BadInputError, Place

_PACKAGE = "migrate.catalogue.data"


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


@cache
def datasets() -> Mapping[str, Dataset]:
    """Return every data set by its name.

    Raises:
        BadInputError: the index is missing or cannot be read.

    """
    index = read_json("datasets.json")
    return {
        name: Dataset(name=name, **{**entry, "date": date.fromisoformat(entry["date"])})
        for name, entry in index.items()
    }


def read_json(file: str) -> Any:
    """Return a data file's JSON.

    Raises:
        BadInputError: it is missing or is not JSON.

    """
    try:
        return json.loads(_text(file))
    except ValueError as error:
        raise _broken(file, str(error)) from error


def read_rows(file: str) -> list[dict[str, str]]:
    """Return a CSV data file's rows, by column name.

    Raises:
        BadInputError: it is missing or empty.

    """
    rows = list(csv.DictReader(_text(file).splitlines()))
    if not rows:
        raise _broken(file, "it holds no rows")
    return rows


def count(dataset: Dataset) -> int:
    """Return how many entries a data set holds: rows, lifecycle cycles, or lists."""
    if dataset.file.endswith(".csv"):
        return len(read_rows(dataset.file))
    content = read_json(dataset.file)
    products = content.get("products")
    if products is not None:
        return sum(len(product["cycles"]) for product in products.values())
    return sum(not name.startswith("_") for name in content)


def _text(file: str) -> str:
    try:
        return (resources.files(_PACKAGE) / file).read_text(encoding="utf-8")
    except OSError as error:
        raise _broken(file, str(error)) from error


def _broken(file: str, why: str) -> BadInputError:
    return BadInputError(
        f"the catalogue cannot be read: {why}",
        hint="install Decant again",
        place=Place(file=Path(str(resources.files(_PACKAGE) / file))),
    )
