"""Reading facts that may be unknown, so that a rule states only what it does with known ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from inventory.model.fact import FactKey, Facts, Known, Unknown
from inventory.model.facts import OS_FAMILY
from migrate.model.rule import CannotTell, Judgement, NotApplicable, Surroundings

T = TypeVar("T")
U = TypeVar("U")
Judge = Callable[[Facts, Surroundings], Judgement]


def about(key: FactKey[T], judge: Callable[[T], Judgement]) -> Judge:
    """Judge by one fact; it cannot be told while that is unknown."""

    def judged(facts: Facts, _around: Surroundings) -> Judgement:
        fact = facts.of(key)
        return judge(fact.value) if isinstance(fact, Known) else CannotTell(missing=(key,))

    return judged


def on_family(family: str, judge: Judge) -> Judge:
    """Judge servers of one kernel family (``linux``, ``windows``); others are not concerned."""

    def judged(facts: Facts, around: Surroundings) -> Judgement:
        fact = facts.of(OS_FAMILY)
        if isinstance(fact, Unknown):
            return CannotTell(missing=(OS_FAMILY,))
        return judge(facts, around) if fact.value == family else NotApplicable()

    return judged


def lacking(facts: Facts, *keys: FactKey[Any]) -> CannotTell:
    """Name those of the keys that are unknown."""
    return CannotTell(missing=tuple(key for key in keys if isinstance(facts.of(key), Unknown)))
