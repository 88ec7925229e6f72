"""Several judgements made one: the worst counts, and what is wrong is told before what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from inventory.model.fact import Unknown
from migrate.checks._say import failed, unknown
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.landing import Landing

_ORDER = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED)


def together(parts: Iterable[CheckResult], *, none: str) -> CheckResult:
    """Return the worst of the results, with the words of all that are as bad.

    Without any it is unknown: ``none`` says why there is nothing to judge.
    """
    found = list(parts)
    if not found:
        return unknown(none)
    worst = next(each for each in _ORDER if any(part.outcome is each for part in found))
    words = [part.detail for part in found if part.outcome is worst]
    observed: dict[str, Any] = {}
    for part in found:
        observed |= part.observed
    return CheckResult(outcome=worst, detail="; ".join(words), observed=observed)


def each_named(
    named: Iterable[str], found: Mapping[str, Any], what: str
) -> tuple[list[CheckResult], dict[str, Any]]:
    """Return failures for those that do not exist, unknowns for what is not told, and the rest.

    ``what`` is the word for one of them: ``subnet``.
    """
    bad: list[CheckResult] = []
    there: dict[str, Any] = {}
    for each in named:
        if each not in found:
            bad.append(failed(f"there is no {what} {each}"))
        elif isinstance(found[each], Unknown):
            bad.append(unknown(f"{what} {each}: {found[each]}"))
        else:
            there[each] = found[each]
    return bad, there


def not_named(what: str, field: str) -> CheckResult:
    """Say that the zone names none, so that there is nothing to judge."""
    return unknown(f"it names no {what}: give it {field} = [...], or say in without why not")


def names(what: str, field: str) -> Callable[[Landing], CheckResult | None]:
    """Return what says beforehand that a zone names none of ``field``."""
    return lambda landing: None if getattr(landing.zone, field) else not_named(what, field)
