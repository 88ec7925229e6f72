"""How busy a server was, as far as it was watched for long enough to size it by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from inventory.model.fact import Facts
from inventory.model.placement import POWER, Power
from inventory.model.utilisation import (
    HISTORY,
    SAMPLED,
    UTILISATION_TOLD,
    Level,
    Spread,
    ToldUtilisation,
    Utilisation,
)
from migrate.sizing.options import Options, Percentile

_HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Use:
    """The measured use that a size must carry, before comfort. What was not measured is None."""

    told: str
    """Which value, over how long, and by whom, for people."""
    cpu_share: Decimal | None
    """Of all logical processors together, 1 being all of them."""
    memory_share: Decimal | None
    """Of all memory."""
    memory_bytes: Decimal | None
    """Where the source tells bytes and no share."""
    operations: Decimal | None
    """Of all disks together, a second."""
    disk_bytes: Decimal | None
    """Read and written, a second."""
    network_bytes: Decimal | None
    """In the busier direction, a second."""


def use_of(facts: Facts, options: Options) -> Use | str:
    """Return the use that counts, or why there is none.

    Of several watchers the one that watched longest counts, and one that tells percentiles before
    one that tells averages and peaks only, of which the peak counts. A server that is switched
    off has no use that a size could rest on.
    """
    power = facts.value(POWER)
    if power in {Power.OFF, Power.SUSPENDED}:
        return f"it is {'switched off' if power is Power.OFF else 'suspended'}"
    watched = [*(facts.value(HISTORY) or ()), *filter(None, (facts.value(SAMPLED),))]
    told = facts.value(UTILISATION_TOLD) or ()
    if not watched and not told:
        return "no use was measured"
    enough = [each for each in watched if _days(each) >= options.days]
    if enough:
        return _measured(max(enough, key=_longest), options.percentile)
    enough_told = [each for each in told if _days(each) >= options.days]
    if enough_told:
        return _told(max(enough_told, key=_longest))
    most = max([*map(_days, watched), *map(_days, told)])
    return f"use was watched for {most} of {options.days} days"


def _days(each: Utilisation | ToldUtilisation) -> int:
    """Return the whole days that were watched; none when the source does not say."""
    if each.since is None or each.until is None:
        return 0
    return (each.until - each.since) // timedelta(days=1)


def _longest(each: Utilisation | ToldUtilisation) -> tuple[int, str, str]:
    return _days(each), str(each.until), each.source


def _measured(each: Utilisation, percentile: Percentile) -> Use:
    def at(spread: Spread | None) -> Decimal | None:
        return None if spread is None else Decimal(str(getattr(spread, f"p{percentile.value}")))

    return Use(
        told=f"percentile {percentile.value} of {_days(each)} days by {each.source}",
        cpu_share=_share(at(each.cpu_percent)),
        memory_share=_share(at(each.memory_percent)),
        memory_bytes=None,
        operations=at(each.disk_operations_per_second),
        disk_bytes=_sum(at(each.disk_read_bytes_per_second), at(each.disk_write_bytes_per_second)),
        network_bytes=_most(
            at(each.network_received_bytes_per_second), at(each.network_sent_bytes_per_second)
        ),
    )


def _told(each: ToldUtilisation) -> Use:
    def peak(level: Level | None) -> Decimal | None:
        return None if level is None or level.maximum is None else Decimal(str(level.maximum))

    return Use(
        told=f"peak of {_days(each)} days by {each.source}",
        cpu_share=_share(peak(each.cpu_percent)),
        memory_share=_share(peak(each.memory_percent)),
        memory_bytes=peak(each.memory_used_bytes),
        operations=_sum(peak(each.disk_reads_per_second), peak(each.disk_writes_per_second)),
        disk_bytes=_sum(
            peak(each.disk_read_bytes_per_second), peak(each.disk_write_bytes_per_second)
        ),
        network_bytes=_most(
            peak(each.network_received_bytes_per_second), peak(each.network_sent_bytes_per_second)
        ),
    )


def _share(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent / _HUNDRED


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """Return both together: the two peaks need not have come at once, so it is an upper bound."""
    return None if one is None or other is None else one + other


def _most(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else max(one, other)
