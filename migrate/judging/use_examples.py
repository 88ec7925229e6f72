"""Measured use, for the examples of rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from inventory.model.fact import Observation
from inventory.model.utilisation import (
    HISTORY,
    UTILISATION_TOLD,
    Level,
    Spread,
    ToldUtilisation,
    Utilisation,
)

_UNTIL = datetime(2026, 11, 20, tzinfo=UTC)


def watched(
    days: int,
    *,
    cpu: float | None = None,
    memory: float | None = None,
    network: float | None = None,
) -> Observation:
    """State that a server was this busy all the time, in percent and bytes a second each way."""
    use = Utilisation(
        source="sar",
        since=_UNTIL - timedelta(days=days),
        until=_UNTIL,
        samples=days * 144,
        cpu_percent=_flat(cpu),
        memory_percent=_flat(memory),
        network_received_bytes_per_second=_flat(network),
        network_sent_bytes_per_second=_flat(network),
    )
    return HISTORY.known((use,))


def told(days: int, *, cpu: float, memory: float) -> Observation:
    """State that another tool tells of a server that was this busy all the time, in percent."""
    use = ToldUtilisation(
        source="vrops",
        since=_UNTIL - timedelta(days=days),
        until=_UNTIL,
        cpu_percent=Level(mean=cpu, maximum=cpu),
        memory_percent=Level(mean=memory, maximum=memory),
    )
    return UTILISATION_TOLD.known((use,))


def _flat(value: float | None) -> Spread | None:
    if value is None:
        return None
    return Spread(mean=value, p50=value, p90=value, p95=value, p99=value, maximum=value)
