"""The ground that checks of what surrounds a machine share: an aspect, conditions, one result.

Each condition is met, not met, or not told; one that is not met fails the whole, and one that is
not told leaves it unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from inventory.model.fact import Unknown
from migrate.checks._say import failed, passed, unknown
from migrate.model.check import Sight
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.target_disks import KeyOwner

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One thing that was looked at, and what it came to."""

    outcome: Outcome
    words: str


def met(words: str) -> Condition:
    """Say that a condition holds."""
    return Condition(outcome=Outcome.PASSED, words=words)


def unmet(words: str) -> Condition:
    """Say that a condition does not hold."""
    return Condition(outcome=Outcome.FAILED, words=words)


def untold(words: str) -> Condition:
    """Say that it cannot be told whether a condition holds."""
    return Condition(outcome=Outcome.UNKNOWN, words=words)


def either(value: T | Unknown, what: str, judge: Callable[[T], Condition]) -> Condition:
    """Judge a value, or say that it is not told."""
    return untold(f"{what}: {value}") if isinstance(value, Unknown) else judge(value)


def holds(*, told: bool | Unknown, yes: str, no: str, what: str) -> Condition:
    """Say whether what must be true is."""
    return either(told, what, lambda true: met(yes) if true else unmet(no))


def serves(words: str, *, up: bool | None) -> Condition:
    """Say whether it serves, by its state in words; None where that state does not say."""
    if up is None:
        return untold(f"{words}, which does not say whether it serves")
    return met(words) if up else unmet(words)


def encrypted(*, told: bool | Unknown) -> Condition:
    """Say whether what it holds is encrypted."""
    return holds(told=told, yes="encrypted", no="it is not encrypted", what="its encryption")


def customers_key(owner: KeyOwner | Unknown) -> Condition:
    """Say whether something is encrypted by a key of the customer's own."""
    return either(
        owner,
        "whose key it is encrypted by",
        lambda whose: (
            met("by a key of the customer's own")
            if whose is KeyOwner.CUSTOMER
            else unmet("it is encrypted by the provider's own key")
        ),
    )


def aspect(sight: Sight, kind: type[T], what: str = "") -> T | CheckResult:
    """Return one aspect of the move's resource, or the result that says why it is not known."""
    told = sight.clouds.told(sight.move, kind)
    if isinstance(told, Unknown):
        return unknown(f"{what} of {named(sight)}: {told}" if what else f"{named(sight)}: {told}")
    return told


def together(
    sight: Sight, conditions: Sequence[Condition], observed: Mapping[str, Any]
) -> CheckResult:
    """Say what the conditions come to; none at all are unknown."""
    by = {
        outcome: [each.words for each in conditions if each.outcome is outcome]
        for outcome in Outcome
    }
    seen, name = as_json(observed), named(sight)
    if by[Outcome.FAILED]:
        words = "; ".join((*by[Outcome.FAILED], *by[Outcome.UNKNOWN]))
        return failed(f"{name}: {words}", **seen)
    if by[Outcome.UNKNOWN] or not conditions:
        words = "; ".join(by[Outcome.UNKNOWN]) or "nothing was looked at"
        return unknown(f"{name}: {words}", **seen)
    return passed(f"{name}: {'; '.join(by[Outcome.PASSED])}", **seen)


def as_json(value: Any) -> Any:
    """Return what was observed as JSON can hold it: unknown as its words, times in ISO 8601."""
    if isinstance(value, Unknown | Decimal):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: as_json(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(each) for each in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def named(sight: Sight) -> str:
    """Return what to call the move's resource."""
    resource = sight.move.resource or f"the replacement of {sight.move.server}"
    return resource.rpartition("/")[2]
