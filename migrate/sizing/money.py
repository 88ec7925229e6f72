"""Money: dollars an hour to pence a month, by a dated rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

HOURS_A_MONTH = 730
"""The providers' own convention: a year of 8,760 hours over twelve."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """What a US dollar is worth."""

    usd_to_gbp: Decimal | None
    """None when the estate does not say: every cost is then unknown."""
    as_of: date | None
    """None when the estate does not say."""

    def __str__(self) -> str:
        """Say the rate and its date."""
        if self.usd_to_gbp is None:
            return "no exchange rate is given"
        return f"1 USD = {self.usd_to_gbp} GBP ({self.as_of or 'rate without date'})"


def pence(usd: Decimal, rate: Rate) -> int | None:
    """Return US dollars as whole pence, half a penny rounded up; None without a rate."""
    if rate.usd_to_gbp is None:
        return None
    return int((usd * rate.usd_to_gbp * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
