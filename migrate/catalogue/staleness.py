"""Which data sets are too old to rely on: the one place that says so, for commands and reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from migrate.catalogue.datasets import Dataset
from migrate.catalogue.refreshing.aws_volumes import OTHERS
from migrate.catalogue.refreshing.feeds import REFRESHED

USUAL_LIMIT_DAYS = 90
"""Prices change, and sizes come, several times a year."""
LIMITS_DAYS: Mapping[str, int] = {
    # Dates of support are corrected from week to week, and a verdict hangs on a day.
    "lifecycle": 30,
    "os-support": 365,
    "commitments": 365,
    "azure-commitments": 365,
    "carbon": 730,
    "server-power": 730,
}


@dataclass(frozen=True, kw_only=True)
class Stale:
    """A data set that is older than it should be."""

    dataset: str
    date: date
    age_days: int
    limit_days: int
    refreshed: bool
    """Whether ``decant catalogue refresh`` renews it; the others come with a newer Decant."""
    parts: tuple[str, ...] = ()
    """Which parts of it are that old, where others are not."""

    def __str__(self) -> str:
        """Say it in a line."""
        parts = f" ({', '.join(self.parts)})" if self.parts else ""
        remedy = (
            "decant catalogue refresh"
            if self.refreshed
            else "it comes with Decant, of which a newer one may help"
        )
        return (
            f"{self.dataset}{parts} is of {self.date}, {self.age_days} days old, over the limit "
            f"of {self.limit_days}: {remedy}"
        )


def staleness(datasets: Mapping[str, Dataset], today: date) -> tuple[Stale, ...]:
    """Return the data sets that are older than their limit, the oldest first.

    A data set that was renewed in part is stale for the parts that were not.
    """
    found = []
    for name, each in datasets.items():
        limit = LIMITS_DAYS.get(name, USUAL_LIMIT_DAYS)
        age = (today - each.date).days
        if age > limit:
            old = tuple(part for part, day in each.parts.items() if (today - day).days > limit)
            found.append(
                Stale(
                    dataset=name,
                    date=each.date,
                    age_days=age,
                    limit_days=limit,
                    refreshed=name in REFRESHED and set(old) != {OTHERS},
                    parts=old if len(old) < len(each.parts) else (),
                )
            )
    return tuple(sorted(found, key=lambda each: (-each.age_days, each.dataset)))


def in_a_line(stale: tuple[Stale, ...]) -> str:
    """Say how much is stale, and what would renew it, in one line; empty when nothing is."""
    renewed = [each for each in stale if each.refreshed]
    shipped = [each for each in stale if not each.refreshed]
    parts = []
    if renewed:
        parts.append(f"{_told(renewed)}: decant catalogue refresh")
    if shipped:
        parts.append(f"{_told(shipped)}, which only a newer Decant can renew")
    return f"the catalogue is old: {'; '.join(parts)}; decant catalogue lists them" if parts else ""


def _told(stale: Sequence[Stale]) -> str:
    oldest = min(stale, key=lambda each: each.date)
    if len(stale) == 1:
        return f"{oldest.dataset} of {oldest.date}"
    return f"{len(stale)} data sets, the oldest {oldest.dataset} of {oldest.date}"
