"""Stacked bars: how a row of servers divides into the four verdicts."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.model.verdict import Readiness
from migrate.reports._readiness.figures import Tally


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One part of a bar."""

    readiness: Readiness
    count: int
    start: str
    """Where it begins, in per cent of the bar, with two decimals."""
    width: str
    """How wide it is, in per cent of the bar, with two decimals."""


def segments(tally: Tally) -> tuple[Segment, ...]:
    """Return the bar's parts that are not empty, from the left, filling the whole bar."""
    parts, before = [], 0
    for readiness, count in tally.counts.items():
        if count:
            parts.append(
                Segment(
                    readiness=readiness,
                    count=count,
                    start=f"{100 * before / tally.total:.2f}%",
                    width=f"{100 * count / tally.total:.2f}%",
                )
            )
            before += count
    return tuple(parts)
