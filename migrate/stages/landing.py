"""Judge landing zones: whether all is ready there before anything is moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from inventory.errors import UsageError
from inventory.estate_zones import LandingZone
from migrate.model.evidence import Outcome
from migrate.model.landing import Landing
from migrate.zones import CONDITIONS, LandingBook

_AT_ONCE: Final = 8
"""Most conditions that are asked about at the same time."""


class Standing(Enum):
    """How a condition of a zone stands."""

    READY = "ready"
    NOT_READY = "not ready"
    UNKNOWN = "unknown"
    LEFT_OUT = "left out"
    """The estate says that it is not asked of this zone, and why."""


_STANDS: Final[Mapping[Outcome, Standing]] = {
    Outcome.PASSED: Standing.READY,
    Outcome.FAILED: Standing.NOT_READY,
    Outcome.UNKNOWN: Standing.UNKNOWN,
}


@dataclass(frozen=True, kw_only=True)
class Found:
    """One condition of one zone."""

    zone: LandingZone
    condition: str
    standing: Standing
    detail: str
    observed: Mapping[str, Any]


def run(
    book: LandingBook, names: Sequence[str] = (), *, wave: int | None = None
) -> Iterator[Found]:
    """Ask the clouds, and yield every condition of the zones, in the order of ``decant.toml``.

    Raises:
        UsageError: the estate has no landing zone, or none of that name.

    """
    _check(book.estate.landing_zones, names)
    asked = [
        (landing, name)
        for landing in book.landings(wave)
        if not names or landing.zone.name in names
        for name in CONDITIONS.names()
    ]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        yield from pool.map(lambda each: _found(book, *each), asked)


def _check(zones: Sequence[LandingZone], names: Sequence[str]) -> None:
    if not zones:
        raise UsageError(
            "the estate has no landing zone",
            hint="describe each by [[landing_zones]] in decant.toml: docs/landing.md shows how",
        )
    for name in names:
        if name not in {each.name for each in zones}:
            there = ", ".join(each.name for each in zones)
            raise UsageError(f"there is no landing zone {name!r}", hint=f"there are: {there}")


def _found(book: LandingBook, landing: Landing, name: str) -> Found:
    why = landing.zone.without.get(name)
    if why:
        return Found(
            zone=landing.zone, condition=name, standing=Standing.LEFT_OUT, detail=why, observed={}
        )
    result = book.judged(landing, name)
    return Found(
        zone=landing.zone,
        condition=name,
        standing=_STANDS[result.outcome],
        detail=result.detail,
        observed=result.observed,
    )
