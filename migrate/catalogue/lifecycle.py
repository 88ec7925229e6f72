"""When support of a product's release ends, from the catalogue's copy of endoflife.date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from migrate.catalogue.datasets import datasets, read_json
from migrate.catalogue.overlay import SHIPPED, Catalogue
from migrate.catalogue.versions import within


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """One release line of a product and the end of its support.

    An end is a date; True when it has passed at an unknown date; False when none is announced.
    """

    name: str
    ends: date | bool
    extended_ends: date | bool
    """End of extended support, paid or of a volunteer team; False when there is none."""


def lifecycle(product: str, version: str, catalogue: Catalogue = SHIPPED) -> date | bool | None:
    """Return when security support of a product's release ends.

    Returns:
        The date; True when it has ended at an unknown date, False when no end is announced, None
        when the catalogue does not know the product or the release.

    """
    found = cycle(product, version, catalogue)
    return found.ends if found else None


def extended(product: str, version: str, catalogue: Catalogue = SHIPPED) -> date | bool | None:
    """Return when extended support of a release ends; as :func:`lifecycle`, False when none is."""
    found = cycle(product, version, catalogue)
    return found.extended_ends if found else None


@lru_cache(maxsize=65_536)
def cycle(product: str, version: str, catalogue: Catalogue = SHIPPED) -> Cycle | None:
    """Return the release line that a version belongs to, or None when it is not known.

    The longest line wins (9.4 belongs to 9 where there is no 9.4). A version that names several
    lines (``15`` of SLES, whose lines are service packs) belongs to none; one that names exactly
    one (``2008-r2``, whose only line is ``2008-r2-sp1``) belongs to it.
    """
    cycles = _products(catalogue).get(product, ())
    containing = [each for each in cycles if within(version, each.name)]
    if containing:
        return max(containing, key=lambda each: len(each.name))
    contained = [each for each in cycles if within(each.name, version)]
    return contained[0] if len(contained) == 1 else None


@cache
def _products(catalogue: Catalogue = SHIPPED) -> Mapping[str, tuple[Cycle, ...]]:
    products = read_json(datasets(catalogue)["lifecycle"].file, catalogue)["products"]
    return {
        name: tuple(_cycle(entry) for entry in product["cycles"])
        for name, product in products.items()
    }


def _cycle(entry: Mapping[str, Any]) -> Cycle:
    return Cycle(
        name=str(entry["cycle"]),
        ends=_end(entry.get("eol", False)),
        extended_ends=_end(entry.get("eoes", False)),
    )


def _end(value: str | bool) -> date | bool:  # noqa: FBT001 - as the source has it
    return value if isinstance(value, bool) else date.fromisoformat(value)
