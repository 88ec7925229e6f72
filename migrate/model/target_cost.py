"""What is known of what a resource costs: day by day, as it was billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class DayCost:
    """What was billed for one day."""

    day: date
    amount: Decimal
    """In the bill's currency, without VAT."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one resource and its disks cost."""

    currency: str
    """ISO 4217: ``USD``, ``GBP``; empty when nothing was billed."""
    since: date
    """The first day that was asked about."""
    until: date
    """The last one: later days are not billed whole yet."""
    days: tuple[DayCost, ...]
    """Days with a bill, oldest first; the sum of the resource's parts."""
    parts: tuple[str, ...]
    """Ids of what was billed: the machine and its disks."""
    missing: tuple[str, ...] = ()
    """Ids of parts of which the bill says nothing."""
