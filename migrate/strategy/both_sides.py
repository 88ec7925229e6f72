"""What an application costs where it stands and in each cloud, over the same years. Pure.

A side of which one server has no known cost at all is not known: half a sum is no comparison. What
a known sum leaves out is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from migrate.model.cost import Purchase, Where, total_of
from migrate.model.plan import Destination
from migrate.model.strategy import Evidence

if TYPE_CHECKING:
    from migrate.model.cost import Charge, Costs
    from migrate.model.strategy import Decision

_PLACES: Final = {
    Where.ON_PREMISE: "where it stands",
    Where.AWS: "in aws",
    Where.AZURE: "in azure",
}
_WAY_OUT: Final = "the way out of either has no price: no figure holds what moving or leaving costs"
_HUB: Final = "what it would cost in the Hub is not known: what it costs where it stands is today's"


def cost_evidence(decision: Decision, costs: Costs) -> Iterator[Evidence]:
    """Yield what the application costs over the period, at each place where that is known."""
    for where in Where:
        charges = _charges(decision, costs, where)
        total = total_of(charges)
        if total.period_pence is None:
            continue
        unknown = dict.fromkeys(each.what for each in charges if each.period_pence is None)
        over = "over " if unknown else ""
        leaves_out = f"; without {', '.join(unknown)}" if unknown else ""
        yield Evidence(
            what="cost",
            says=f"{_PLACES[where]} it costs {over}{_pounds(total.period_pence)} GBP "
            f"in {costs.years} years from {costs.since}{leaves_out}",
            source=_source(costs, where),
        )


def cost_gaps(decision: Decision, costs: Costs) -> Iterator[str]:
    """Yield what is wanting to compare the cost of staying with that of going."""
    known = {where for where in Where if _charges(decision, costs, where)}
    if Where.ON_PREMISE not in known:
        yield "what it costs where it stands is not known: [[on_premise]] in decant.toml"
    if not known - {Where.ON_PREMISE}:
        yield "what it would cost in a cloud is not known: decant classify"
    if Where.ON_PREMISE in known and Destination.HUB in decision.destinations:
        yield _HUB
    yield _WAY_OUT


def _charges(decision: Decision, costs: Costs, where: Where) -> tuple[Charge, ...]:
    """Return all charges of its servers at a place; none where one server's cost is not known."""
    ids = {each.server_id for each in decision.application.components}
    bills = [each for each in costs.bills if each.where is where and each.server_id in ids]
    told = {each.server_id for each in bills if each.total.period_pence is not None}
    return tuple(charge for each in bills for charge in each.charges) if told == ids else ()


def _source(costs: Costs, where: Where) -> str:
    if where is Where.ON_PREMISE:
        return "the estate's own figures, decant.toml"
    bought = "" if costs.purchase is Purchase.ON_DEMAND else f", bought as {costs.purchase.value}"
    return f"prices of {costs.catalogue_date}{bought}; {costs.rate}"


def _pounds(pence: int) -> str:
    return f"{pence // 100:,}.{pence % 100:02}"
