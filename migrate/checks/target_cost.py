"""What replaces the server costs what was forecast.

The bill's whole days are made into a month of 365.25 / 12 days, and compared with the forecast of
the verdict, or with the one that the playbook gives. The first day of a resource is left out, since
it was no whole one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from inventory.model.fact import Unknown
from migrate.checks._asked import schema
from migrate.checks._conditions import Condition, aspect, met, together, unmet, untold
from migrate.checks._say import listed, unknown
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.target_cost import Cost, DayCost

_DAYS: Final = 7
_TOLERANCE: Final = 20
_MONTH_DAYS: Final = Decimal("365.25") / 12
_PENCE: Final = 100


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    forecast = _forecast(sight, parameters)
    if isinstance(forecast, str):
        return unknown(forecast)
    seen = aspect(sight, Cost, "the cost")
    if isinstance(seen, CheckResult):
        return seen
    days, rate = _whole(seen), _rate(seen.currency, parameters)
    observed: dict[str, Any] = {
        "cost": seen,
        "forecast_monthly_pence": forecast,
        "forecast_leaves_out": _left_out(sight, parameters),
        "days_counted": len(days),
    }
    least = parameters.get("min_days", _DAYS)
    if len(days) < least:
        words = f"{len(days)} whole days are billed from {seen.since} to {seen.until}, not {least}"
        return together(sight, [untold(f"it is too young: {words}")], observed)
    if rate is None:
        words = f"the bill is in {seen.currency}: give pounds for one by usd_to_gbp"
        return together(sight, [untold(words)], observed)
    monthly = _monthly_pence(days, rate)
    said = f"{days[0].day} to {days[-1].day}, billed in {seen.currency}: {listed([*seen.parts])}"
    judged = _within(monthly, forecast, parameters.get("tolerance_percent", _TOLERANCE), said)
    conditions = [_with(judged, _left_out(sight, parameters)), *_missing(seen)]
    return together(sight, conditions, {**observed, "monthly_pence": monthly})


def _forecast(sight: Sight, parameters: Mapping[str, Any]) -> int | str:
    """Return the forecast month in pence, or why there is none."""
    if "monthly_pence" in parameters:
        return int(parameters["monthly_pence"])
    planned, resource = sight.planned, sight.move.resource or ""
    if resource and not _is_machine(resource):
        return f"the verdict's forecast is of a server, not of {resource}; give monthly_pence"
    if isinstance(planned, Unknown):
        return f"there is no forecast to compare with: {planned}"
    if planned.monthly_cost_pence is None:
        return f"the verdict has no price for {planned.size}; give monthly_pence"
    return planned.monthly_cost_pence


def _is_machine(resource: str) -> bool:
    signs = (":instance/", "/virtualmachines/")
    return resource.startswith("i-") or any(sign in resource.lower() for sign in signs)


def _left_out(sight: Sight, parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the verdict's forecast has no price for."""
    if "monthly_pence" in parameters or isinstance(sight.planned, Unknown):
        return ()
    return sight.planned.incomplete


def _with(judged: Condition, left_out: Sequence[str]) -> Condition:
    words = f"{judged.words}; the forecast leaves out {listed([*left_out])}"
    return replace(judged, words=words) if left_out else judged


def _rate(currency: str, parameters: Mapping[str, Any]) -> Decimal | None:
    """Return pounds for one unit of the currency; None when nobody says."""
    if currency == "GBP":
        return Decimal(1)
    given = parameters.get("usd_to_gbp") if currency == "USD" else None
    return None if given is None else Decimal(str(given))


def _whole(seen: Cost) -> Sequence[DayCost]:
    """Return the days that count: all but the first one of a resource made in this period."""
    born = bool(seen.days) and seen.days[0].day > seen.since
    return seen.days[1:] if born else seen.days


def _monthly_pence(days: Sequence[DayCost], rate: Decimal) -> int:
    length = (days[-1].day - days[0].day).days + 1
    sum_of = sum((each.amount for each in days), Decimal(0))
    return int((sum_of / length * _MONTH_DAYS * rate * _PENCE).quantize(Decimal(1), ROUND_HALF_UP))


def _within(monthly: int, forecast: int, tolerance: int, said: str) -> Condition:
    words = f"a month costs {_pounds(monthly)} ({said}); {_pounds(forecast)} were forecast"
    fits = monthly * _PENCE <= forecast * (_PENCE + tolerance)
    return met(words) if fits else unmet(f"{words}, and {tolerance} % more are allowed")


def _missing(seen: Cost) -> list[Condition]:
    words = f"the bill says nothing of {listed([*seen.missing])}"
    return [untold(words)] if seen.missing else []


def _pounds(pence: int) -> str:
    return f"£{Decimal(pence) / _PENCE:,.2f}"


CHECK = Check(
    parameters=schema(
        monthly_pence={
            "description": "The forecast for a month in pence, without VAT. Unless given, the "
            "verdict's for the size that was chosen, at list prices.",
            "type": "integer",
            "minimum": 0,
        },
        tolerance_percent={
            "description": "By how much more than the forecast it may cost.",
            "type": "integer",
            "minimum": 0,
            "default": _TOLERANCE,
        },
        min_days={
            "description": "How many whole days must be billed before it is judged; AWS tells of "
            "no more than twelve.",
            "type": "integer",
            "minimum": 1,
            "default": _DAYS,
        },
        usd_to_gbp={
            "description": "Pounds for one US dollar, for a bill in dollars.",
            "type": "number",
            "exclusiveMinimum": 0,
        },
    ),
    run=_run,
    reads="Asks Cost Explorer, which AWS charges 0.01 US dollars a request for (once for all that "
    "is looked at together), or Azure's Cost Management, for the days of the resource and its "
    "disks.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Cost,),
        passes="A month at the billed days' rate costs no more than was forecast, and the "
        "tolerance.",
        fails="It costs more.",
        unknown="Too few whole days are billed, there is no forecast, the bill's currency has no "
        "rate, or the bill says nothing of a disk; AWS tells costs of single resources only where "
        "that was switched on.",
    ),
)
