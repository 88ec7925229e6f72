"""How busy a server is: percentiles over a window of time, from whoever watched it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from inventory.model.fact import FactKey
from inventory.model.ordered import Ordered


@dataclass(frozen=True, kw_only=True)
class Spread(Ordered):
    """How a measure was spread over the samples."""

    mean: float
    p50: float
    p90: float
    p95: float
    p99: float
    maximum: float


@dataclass(frozen=True, kw_only=True)
class Utilisation:
    """What was measured over a window of time. A measure that was not told is None."""

    source: str
    """Who measured: ``sample`` (this run), ``sar``, ``pcp``, ``atop``."""
    since: datetime
    until: datetime
    samples: int
    """Measured intervals, of whatever length the source has."""
    cpu_percent: Spread | None = None
    """Of all logical processors together: busy with anything but waiting for disks."""
    memory_percent: Spread | None = None
    """Used and not to be freed at once."""
    disk_read_bytes_per_second: Spread | None = None
    disk_write_bytes_per_second: Spread | None = None
    disk_operations_per_second: Spread | None = None
    network_received_bytes_per_second: Spread | None = None
    network_sent_bytes_per_second: Spread | None = None


@dataclass(frozen=True, kw_only=True)
class Level(Ordered):
    """The average and the peak of a measure, where no more is told. None is what was not told."""

    mean: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, kw_only=True)
class ToldUtilisation:
    """What somebody else's tool says of how busy a server was. A measure not told is None."""

    source: str
    """Who says so: ``vrops``, ``aws-discovery`` …"""
    since: datetime | None = None
    until: datetime | None = None
    """Of what it watched; None where it does not say."""
    cpu_percent: Level | None = None
    memory_percent: Level | None = None
    memory_used_bytes: Level | None = None
    disk_read_bytes_per_second: Level | None = None
    disk_write_bytes_per_second: Level | None = None
    disk_reads_per_second: Level | None = None
    disk_writes_per_second: Level | None = None
    network_received_bytes_per_second: Level | None = None
    network_sent_bytes_per_second: Level | None = None


SAMPLED: Final = FactKey[Utilisation](
    name="utilisation.sampled", kind=Utilisation, help="Measured during the run (--sample)"
)
HISTORY: Final = FactKey[tuple[Utilisation, ...]](
    name="utilisation.history",
    kind=tuple[Utilisation, ...],
    help="What the server itself keeps, by sar, pcp or atop (--with usage-history)",
)
UTILISATION_TOLD: Final = FactKey[tuple[ToldUtilisation, ...]](
    name="utilisation.told",
    kind=tuple[ToldUtilisation, ...],
    help="What other tools say of how busy it was, as averages and peaks",
)


def spread(values: Sequence[float]) -> Spread | None:
    """Return how values are spread; None when there are none.

    A percentile is the smallest of the values that at least so many hundredths of them do not
    exceed (nearest rank), so that it is always one that was measured.
    """
    if not values:
        return None
    ordered = sorted(values)
    return Spread(
        mean=round(sum(ordered) / len(ordered), 2),
        p50=_rank(ordered, 50),
        p90=_rank(ordered, 90),
        p95=_rank(ordered, 95),
        p99=_rank(ordered, 99),
        maximum=round(ordered[-1], 2),
    )


def _rank(ordered: Sequence[float], hundredths: int) -> float:
    position = -(-len(ordered) * hundredths // 100)
    return round(ordered[max(0, position - 1)], 2)
