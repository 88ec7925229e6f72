"""Judging by what only the estate as a whole shows of a server."""

from __future__ import annotations

from typing import Any

from inventory.model.fact import FactKey, Facts, Known
from migrate.judging.reading import Judge
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Surroundings


def none_shared(key: FactKey[tuple[str, ...]], its_own: FactKey[Any]) -> Judge:
    """Flag what a server shares with others, naming each.

    Where that is unknown, what is missing is the server's own side of it, which can be asked for.
    """

    def judged(facts: Facts, _around: Surroundings) -> Judgement:
        shared = facts.of(key)
        if not isinstance(shared, Known):
            return CannotTell(missing=(its_own,))
        return Flagged(observed=", ".join(shared.value)) if shared.value else Passed()

    return judged
