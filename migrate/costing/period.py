"""What a line of the estate's own bills comes to over a period of whole years."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from inventory.estate_costs import OnPremiseLine

_PENCE = 100
_ONE_DAY = timedelta(days=1)


def period_pence(line: OnPremiseLine, since: date, years: int) -> int:
    """Return what is paid over ``years`` from a day on, in whole pence, half a penny rounded up.

    A year that is paid for in part counts by its days; a whole year counts whole, leap or not.
    """
    if line.once_pounds is not None:
        due = line.since is not None and since <= line.since < _years_on(since, years)
        return _whole(Fraction(line.once_pounds)) if due else 0
    paid = sum((_paid(line, since, year) for year in range(years)), Fraction(0))
    return _whole(Fraction(line.yearly_pounds or Decimal(0)) * paid)


def _paid(line: OnPremiseLine, since: date, year: int) -> Fraction:
    """Return how much of a year is paid for, nought to one."""
    begins, ends = _years_on(since, year), _years_on(since, year + 1)
    first = max(begins, line.since or begins)
    after = min(ends, ends if line.until is None else line.until + _ONE_DAY)
    return Fraction(max(0, (after - first).days), (ends - begins).days)


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, month=3, day=1)


def _whole(pounds: Fraction) -> int:
    exact = pounds * _PENCE
    quotient = Decimal(exact.numerator) / Decimal(exact.denominator)
    return int(quotient.quantize(Decimal(1), rounding=ROUND_HALF_UP))
