"""Costs as a listing: a row for each server and place, and the total of each place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inventory.amount import amount
from migrate.model.cost import Bill, Costs, Total, Where, total_of


def columns(costs: Costs, form: str) -> tuple[str, ...]:
    """Return the columns of a format."""
    usual = (
        "server",
        "where",
        "size",
        "gbp_a_month",
        _period(costs),
        "kg_co2e_a_month",
    )
    return (*usual, "left_out") if form == "csv" else usual


def rows(costs: Costs, form: str, *, whole: bool) -> list[dict[str, object]]:
    """Return the rows; with ``whole``, what no server bears has a row of its own."""
    if not costs.bills:
        return []
    every = [_row(costs, each, form) for each in costs.bills]
    if form == "csv":
        return every + (_unborne(costs, form) if whole else [])
    return (
        every + (_unborne(costs, form) if whole else []) + list(_totals(costs, form, whole=whole))
    )


def _period(costs: Costs) -> str:
    return f"gbp_{costs.years}_year{'' if costs.years == 1 else 's'}"


def money(pence: int | None, *, over: bool = False) -> str:
    """Say pence as pounds; ``over`` says that something is left out."""
    if pence is None:
        return "unknown"
    pounds = f"{pence // 100}.{pence % 100:02}"
    return f"over {pounds}" if over else pounds


def kilograms(grams: int | None, *, over: bool = False) -> str:
    """Say grams as kilograms, to a tenth."""
    if grams is None:
        return "unknown"
    said = f"{grams / 1000:.1f}"
    return f"over {said}" if over else said


def _row(costs: Costs, bill: Bill, form: str) -> dict[str, object]:
    lacking = any(each.monthly_grams is None for each in bill.emissions)
    return {
        "server": bill.server,
        "where": bill.where.value,
        "size": bill.size,
        **_sums(costs, bill.total, form),
        "kg_co2e_a_month": _plain(kilograms(bill.monthly_grams, over=lacking), form),
    }


def _unborne(costs: Costs, form: str) -> list[dict[str, object]]:
    return [
        {
            "server": f"(no server: {charge.what})",
            "where": Where.ON_PREMISE.value,
            "size": "",
            **_sums(costs, total_of([charge]), form),
            "kg_co2e_a_month": "",
        }
        for charge in costs.unallocated
    ]


def _totals(costs: Costs, form: str, *, whole: bool) -> Iterator[dict[str, object]]:
    for where in Where:
        bills = [each for each in costs.bills if each.where is where]
        if bills:
            yield _total(costs, where, bills, form, whole=whole)


def _total(
    costs: Costs, where: Where, bills: Sequence[Bill], form: str, *, whole: bool
) -> dict[str, object]:
    unborne = costs.unallocated if whole and where is Where.ON_PREMISE else ()
    charges = [charge for bill in bills for charge in bill.charges]
    emissions = [each.monthly_grams for bill in bills for each in bill.emissions]
    known = [each for each in emissions if each is not None]
    lacking = len(known) < len(emissions) or any(not bill.emissions for bill in bills)
    return {
        "server": "TOTAL",
        "where": where.value,
        "size": amount(len(bills), "server"),
        **_sums(costs, total_of((*charges, *unborne)), form),
        "kg_co2e_a_month": kilograms(sum(known) if known else None, over=lacking),
    }


def _sums(costs: Costs, total: Total, form: str) -> dict[str, object]:
    over = bool(total.left_out) and form != "csv"
    return {
        "gbp_a_month": _plain(money(total.monthly_pence, over=over), form),
        _period(costs): _plain(money(total.period_pence, over=over), form),
        "left_out": total.left_out,
    }


def _plain(text: str, form: str) -> str:
    """Return a cell for people, or for programs: there, what is unknown is empty."""
    return text.removeprefix("over ").replace("unknown", "") if form == "csv" else text
