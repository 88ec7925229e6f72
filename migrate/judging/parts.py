"""Judging what a server has several of: disks, cards, devices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from inventory.model.fact import FactKey
from migrate.judging.reading import Judge, about
from migrate.judging.remembering import of_each
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed
from migrate.model.verdict import Severity

T = TypeVar("T")


class Named(Protocol):
    """A package, a process: whatever has a name."""

    @property
    def name(self) -> str:
        """What it is called."""


@of_each
def names_of(parts: tuple[Named, ...]) -> frozenset[str]:
    """Return what the parts are called: a server has hundreds of packages, and rules ask often."""
    return frozenset([each.name for each in parts])


def any_part(
    key: FactKey[tuple[T, ...]],
    told: Callable[[T], bool | None],
    say: Callable[[T], str],
    *,
    severity: Severity | None = None,
) -> Judge:
    """Flag the parts of which something holds, each as ``say`` puts it.

    Where it holds of none, but was not told of some (None), it cannot be told. ``severity`` is
    that of the finding where it differs from the rule's.
    """

    def judge(parts: tuple[T, ...]) -> Judgement:
        answers = [(part, told(part)) for part in parts]
        found = [say(part) for part, answer in answers if answer]
        if found:
            return listed(found, severity=severity)
        untold = [say(part) for part, answer in answers if answer is None]
        if untold:
            return CannotTell(missing=(key,), because=f"it was not told of {', '.join(untold)}")
        return Passed()

    return about(key, judge)


def listed(found: Iterable[str], *, severity: Severity | None = None) -> Judgement:
    """Flag what was found, each thing once; pass when there is nothing."""
    names = list(dict.fromkeys(found))
    return Flagged(observed=", ".join(names), severity=severity) if names else Passed()
