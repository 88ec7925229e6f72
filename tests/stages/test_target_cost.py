"""What replaces a server costs what was forecast: judged, and read of both clouds' bills."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sights import SaidClouds, move, sight
from surroundings import UNTOLD, chosen, look

from inventory.model.fact import Unknown
from migrate.checks.target_cost import CHECK
from migrate.clouds.aws_readers.cost import cost as of_aws
from migrate.clouds.azure_readers.cost import cost as of_azure
from migrate.model.evidence import Outcome
from migrate.model.planned import Planned
from migrate.model.target_cost import Cost, DayCost

FIRST, LAST = date(2026, 11, 9), date(2026, 11, 21)


def _bill(days: int, amount: str = "1.00", *, currency: str = "GBP", **more: Any) -> Cost:
    """Return a bill of the last so many days, so much each."""
    begin = LAST - timedelta(days=days - 1)
    return Cost(
        currency=currency if days else "",
        since=FIRST,
        until=LAST,
        days=tuple(
            DayCost(day=begin + timedelta(days=each), amount=Decimal(amount))
            for each in range(days)
        ),
        parts=("i-1", "vol-1"),
        **more,
    )


@pytest.mark.parametrize(
    ("bill", "planned", "parameters", "outcome", "words"),
    [
        (_bill(13), chosen(3044), {}, Outcome.PASSED, "a month costs £30.44"),
        (_bill(13), chosen(2537), {}, Outcome.PASSED, "£25.37 were forecast"),
        (_bill(13), chosen(2536), {}, Outcome.FAILED, "and 20 % more are allowed"),
        (_bill(13), chosen(3043), {"tolerance_percent": 0}, Outcome.FAILED, "£30.43"),
        (_bill(13), UNTOLD, {"monthly_pence": 3100}, Outcome.PASSED, "£31.00"),
        (_bill(8), chosen(3044), {}, Outcome.PASSED, "2026-11-15 to 2026-11-21"),
        (_bill(7), chosen(3044), {}, Outcome.UNKNOWN, "too young: 6 whole days are billed"),
        (_bill(0), chosen(3044), {}, Outcome.UNKNOWN, "too young: 0 whole days"),
        (_bill(13), UNTOLD, {}, Outcome.UNKNOWN, "no forecast to compare with"),
        (_bill(13), chosen(None), {}, Outcome.UNKNOWN, "no price for t3.medium"),
        (_bill(13, currency="USD"), chosen(2436), {}, Outcome.UNKNOWN, "give pounds for one"),
        (
            _bill(13, currency="USD"),
            chosen(2436),
            {"usd_to_gbp": 0.8},
            Outcome.PASSED,
            "billed in USD: i-1, vol-1",
        ),
        (_bill(13, currency="EUR"), chosen(9999), {"usd_to_gbp": 0.8}, Outcome.UNKNOWN, "in EUR"),
        (
            _bill(13, missing=("vol-2",)),
            chosen(3044),
            {},
            Outcome.UNKNOWN,
            "the bill says nothing of vol-2",
        ),
        (_bill(13, missing=("vol-2",)), chosen(100), {}, Outcome.FAILED, "a month costs £30.44"),
        (
            _bill(13),
            chosen(100, incomplete=("disk sdb",)),
            {},
            Outcome.FAILED,
            "the forecast leaves out disk sdb",
        ),
    ],
)
def test_it_costs_what_was_forecast(
    bill: Cost,
    planned: Planned | Unknown,
    parameters: dict[str, Any],
    outcome: Outcome,
    words: str,
) -> None:
    """A pound a day is £30.44 in a month of 365.25 / 12 days; what is told in part is unknown."""
    result = look(CHECK, bill, parameters, planned=planned)
    assert result.outcome is outcome
    assert words in result.detail
    json.dumps(dict(result.observed))


@pytest.mark.parametrize(
    ("resource", "outcome"),
    [
        ("arn:aws:ec2:eu-west-2:123456789012:instance/i-1", Outcome.PASSED),
        ("arn:aws:rds:eu-west-2:123456789012:db:shop", Outcome.UNKNOWN),
    ],
)
def test_a_server_s_forecast_is_no_database_s(resource: str, outcome: Outcome) -> None:
    """What classification chose is a size for the server; a service's forecast must be given."""
    leaving = replace(move(), resource=resource)
    clouds = SaidClouds(aspects={Cost: _bill(13)})
    seen = replace(sight(), move=leaving, clouds=clouds, planned=chosen(3044))
    assert CHECK.run(seen, {}).outcome is outcome
    assert CHECK.run(seen, {"monthly_pence": 3044}).outcome is Outcome.PASSED


def test_the_first_day_does_not_count_unless_it_was_whole() -> None:
    """A machine that was made at noon costs half of that day, an older one all of it."""
    born = replace(
        _bill(8), days=(DayCost(day=date(2026, 11, 14), amount=Decimal("0.50")), *_bill(7).days)
    )
    result = look(CHECK, born, {}, planned=chosen(3044))
    assert "a month costs £30.44 (2026-11-15 to 2026-11-21" in result.detail
    older = look(CHECK, _bill(13), {}, planned=chosen(3044))
    assert "(2026-11-09 to 2026-11-21" in older.detail


def test_a_day_without_a_bill_cost_nothing() -> None:
    """A machine that was off for a day was cheaper, not shorter-lived."""
    bill = _bill(13)
    gap = replace(bill, days=(*bill.days[:5], *bill.days[6:]))
    assert "a month costs £28.10" in look(CHECK, gap, {}, planned=chosen(3044)).detail


def _day(day: str, **billed: tuple[str, str]) -> dict[str, Any]:
    return {
        "TimePeriod": {"Start": day, "End": day},
        "Estimated": True,
        "Groups": [
            {
                "Keys": [name.replace("_", "-")],
                "Metrics": {"UnblendedCost": {"Amount": amount, "Unit": unit}},
            }
            for name, (amount, unit) in billed.items()
        ],
    }


def test_an_aws_bill_is_added_up_by_the_day() -> None:
    """An instance and its volumes together; of others nothing; a volume without a bill is named."""
    told = [
        _day("2026-11-20", i_1=("1.0000000001", "USD"), vol_1=("0.25", "USD"), i_2=("9", "USD")),
        _day("2026-11-19", i_1=("0.50", "USD")),
    ]
    made = of_aws(["i-1", "vol-1", "vol-2"], told, FIRST, LAST)
    assert made.currency == "USD"
    assert [(each.day.day, each.amount) for each in made.days] == [
        (19, Decimal("0.50")),
        (20, Decimal("1.2500000001")),
    ]
    assert (made.parts, made.missing) == (("i-1", "vol-1"), ("vol-2",))


def test_an_aws_store_is_billed_by_its_arn_or_its_name() -> None:
    """Either is enough: the other is not a part of its own."""
    arn = "arn:aws:s3:::shop"
    made = of_aws([arn, "shop"], [_day("2026-11-20", shop=("1", "USD"))], FIRST, LAST)
    assert (made.parts, made.missing) == (("shop",), ())


VM = "/subscriptions/s/resourcegroups/g/providers/microsoft.compute/virtualmachines/web-1"
DISK = "/subscriptions/s/resourcegroups/g/providers/microsoft.compute/disks/web-1-os"


def _row(name: str, amount: float, day: int = 20261120, currency: str = "GBP") -> dict[str, Any]:
    return {"Cost": amount, "UsageDate": day, "ResourceId": name, "Currency": currency}


def test_an_azure_bill_is_added_up_by_the_day() -> None:
    """A machine and its disks together, ids without regard to case, money without binary dust."""
    rows = [_row(VM.upper(), 0.1), _row(DISK, 0.2), _row(f"{VM}0", 9.0), _row(VM, 1.0, 20261119)]
    made = of_azure([VM, DISK], rows, FIRST, LAST)
    assert [(each.day.day, each.amount) for each in made.days] == [
        (19, Decimal("1.0")),
        (20, Decimal("0.3")),
    ]
    assert (made.currency, made.parts, made.missing) == ("GBP", (VM, DISK), ())


def test_two_currencies_are_not_added_up() -> None:
    """That is unreadable, not a sum."""
    told = [_day("2026-11-20", i_1=("1", "USD"), vol_1=("1", "GBP"))]
    with pytest.raises(ValueError, match="several currencies"):
        of_aws(["i-1", "vol-1"], told, FIRST, LAST)
    rows = [_row(VM, 1), _row(DISK, 1, currency="USD")]
    with pytest.raises(ValueError, match="several currencies"):
        of_azure([VM, DISK], rows, FIRST, LAST)


def test_nothing_billed_has_no_currency() -> None:
    """And every part of it is missing."""
    made = of_aws(["i-1"], [], FIRST, LAST)
    assert (made.currency, made.days, made.missing) == ("", (), ("i-1",))
