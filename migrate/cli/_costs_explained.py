"""Costs in words: every line with its basis, what is left out, and the other ways to buy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from migrate.cli._costs_rows import kilograms, money
from migrate.costing.bills import Costing
from migrate.model.cost import Account, Charge, Costs, Emission, Part
from migrate.model.verdict import Verdict


def explained(
    costs: Costs, costing: Costing, verdicts: Mapping[tuple[str, str], Verdict]
) -> Iterator[str]:
    """Return the lines that explain every bill, and what holds for all of them."""
    usual = costing.parts
    for bill in costs.bills:
        yield ""
        size = f" on {bill.size}" if bill.size else ""
        yield f"{bill.server}, {bill.where.value}{size}"
        yield from (f"  {_charge(each, usual)}" for each in bill.charges)
        yield from (_emission(each) for each in bill.emissions)
        verdict = verdicts.get((bill.server_id, bill.where.value))
        if verdict and verdict.size:
            yield from (f"  or {_charge(each, usual)}" for each in _ways(costing, verdict))
    yield ""
    yield from (f"assumed: {each}" for each in costs.assumptions)
    if usual:
        yield f"assumed: shared {_parts(usual)} where nothing else is said"


def _ways(costing: Costing, verdict: Verdict) -> Iterator[Charge]:
    ways = costing.alternatives(verdict)
    return (each for way, each in ways if way is not costing.purchase)


def _charge(charge: Charge, usual: tuple[Part, ...]) -> str:
    if charge.monthly_pence is None:
        said = f"unknown: {charge.why}"
    else:
        why = f": {charge.why}" if charge.why else ""
        said = f"{money(charge.monthly_pence)} GBP a month ({charge.basis.value}{why})"
    words = (
        charge.account.value if charge.account is Account.CAPITAL else "",
        charge.fund.value if charge.fund else "",
        _parts(charge.parts) if charge.parts != usual else "",
    )
    marks = ", ".join(word for word in words if word)
    return f"{charge.what}: {said}" + (f" [{marks}]" if marks else "")


def _parts(parts: tuple[Part, ...]) -> str:
    return ", ".join(f"{part.partner} {part.percent:f} %" for part in parts)


def _emission(emission: Emission) -> str:
    grams = emission.monthly_grams
    if grams is None:
        return f"  carbon, {emission.what}: unknown: {emission.why}"
    said = f"{kilograms(grams)} kg CO2e a month ({emission.basis.value}: {emission.why})"
    return f"  carbon, {emission.what}: {said}"
