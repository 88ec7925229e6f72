"""The clouds' support plans: a percentage of each bill, or an amount that all bills share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from inventory.estate_costs import CostSettings
from migrate.costing.allocation import allocate
from migrate.costing.line import Lines
from migrate.model.cost import Basis, Bill, Charge, Kind
from migrate.model.verdict import Cloud

_WHAT = "support plan"
_HUNDRED = 100


def with_support(
    bills: Sequence[Bill], cloud: Cloud, lines: Lines, settings: CostSettings
) -> Iterator[Bill]:
    """Return the bills of one cloud, each with its part of what the estate says support costs.

    An amount is shared by what is known of the bills, to the penny.
    """
    percent = settings.support_percent.get(cloud.value)
    pounds = settings.support_pounds.get(cloud.value)
    known = [each.total.monthly_pence or 0 for each in bills]
    shared = allocate(_pence(pounds), known) if pounds is not None and bills else ()
    for index, bill in enumerate(bills):
        charges = []
        if percent is not None:
            charges.append(_percentage(known[index], percent, lines))
        if shared:
            why = f"{cloud.value}_support_pounds, shared among {len(bills):,}; decant.toml"
            charges.append(lines.charge(_WHAT, Kind.SUPPORT, shared[index], Basis.DERIVED, why))
        if not charges:
            why = f"nobody gave it: {cloud.value}_support_percent or _pounds in [costs]"
            charges.append(lines.unknown(_WHAT, Kind.SUPPORT, why))
        yield replace(bill, charges=(*bill.charges, *charges))


def _percentage(known: int, percent: Decimal, lines: Lines) -> Charge:
    if not known:
        return lines.unknown(_WHAT, Kind.SUPPORT, "nothing of what it is a part of is known")
    amount = int((known * percent / _HUNDRED).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    why = f"{percent} % of what is known; decant.toml"
    return lines.charge(f"{_WHAT} {percent} %", Kind.SUPPORT, amount, Basis.ESTIMATE, why)


def _pence(pounds: Decimal) -> int:
    return int((pounds * _HUNDRED).quantize(Decimal(1), rounding=ROUND_HALF_UP))
