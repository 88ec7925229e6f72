"""What checks say, in one form each: passed, failed, or unknown with the reason."""

from __future__ import annotations

from typing import Any, TypeVar

from inventory.model.fact import FactKey, Facts, Known, Unknown
from migrate.model.evidence import CheckResult, Outcome

T = TypeVar("T")


def passed(detail: str, /, **observed: Any) -> CheckResult:
    """Say that what must be true is true."""
    return CheckResult(outcome=Outcome.PASSED, detail=detail, observed=observed)


def failed(detail: str, /, **observed: Any) -> CheckResult:
    """Say that what must be true is not."""
    return CheckResult(outcome=Outcome.FAILED, detail=detail, observed=observed)


def unknown(detail: str, /, **observed: Any) -> CheckResult:
    """Say that it cannot be told, and why."""
    return CheckResult(outcome=Outcome.UNKNOWN, detail=detail, observed=observed)


def fact(facts: Facts | Unknown | None, key: FactKey[T], whose: str) -> Known[T] | CheckResult:
    """Return what is known of a server, or the unknown result that says why it is not."""
    if facts is None:
        return no_replacement()
    if isinstance(facts, Unknown):
        return unknown(f"{whose} did not answer: {facts}")
    seen = facts.of(key)
    return unknown(f"{key.name} of {whose}: {seen}") if isinstance(seen, Unknown) else seen


def no_replacement() -> CheckResult:
    """Say that there is no new server to look at."""
    return unknown("the move names no replacement server; name one in decant.toml and plan again")


def listed(words: list[str], most: int = 10) -> str:
    """Say a list in one sentence, the first ones only when it is long."""
    rest = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + rest
