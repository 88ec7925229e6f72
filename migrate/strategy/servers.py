"""What becomes of a server, as its applications decide. Pure.

A server whose application is replatformed, bought as a service, built anew or retired has nothing
left to do: it is retired. One that serves an application which stays, stays; one application that
is undecided leaves its server undecided, unless another keeps it anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from inventory.model.fact import Known
from migrate.model.strategy import Component, Decision, ServerStrategy, Strategy

_OF_SERVER: Final = {
    Strategy.REPLATFORM: Strategy.RETIRE,
    Strategy.REPURCHASE: Strategy.RETIRE,
    Strategy.REFACTOR: Strategy.RETIRE,
}
_STRONGEST_FIRST: Final = (
    Strategy.RETAIN,
    Strategy.UNDECIDED,
    Strategy.REHOST,
    Strategy.RELOCATE,
    Strategy.RETIRE,
)


def server_strategies(decided: Iterable[Decision]) -> tuple[ServerStrategy, ...]:
    """Return the strategy of each server that is part of an application, by name."""
    strongest: dict[str, ServerStrategy] = {}
    for each in decided:
        strategy = _OF_SERVER.get(each.strategy, each.strategy)
        because = f"{each.application.name} is {_said(each.strategy)}"
        for part in each.application.components:
            held = strongest.get(part.server_id)
            if held is None or _rank(strategy) < _rank(held.strategy):
                strongest[part.server_id] = ServerStrategy(
                    server_id=part.server_id,
                    server=part.server,
                    strategy=strategy,
                    because=because,
                    confirm=_besides(each, part) if strategy is Strategy.RETIRE else "",
                )
    return tuple(sorted(strongest.values(), key=lambda each: (each.server, each.server_id)))


def _besides(decision: Decision, part: Component) -> str:
    """Name what else runs on a server that is to go with one application."""
    if not isinstance(part.software, Known):
        return "what else runs on it is not known"
    its = decision.application.software_id
    others = [each.name for each in part.software.value if its and each.id != its]
    return f"nothing else needs its {', '.join(dict.fromkeys(others))}" if others else ""


def _rank(strategy: Strategy) -> int:
    return _STRONGEST_FIRST.index(strategy)


def _said(strategy: Strategy) -> str:
    past = {
        Strategy.RETIRE: "retired",
        Strategy.RETAIN: "retained",
        Strategy.REHOST: "rehosted",
        Strategy.RELOCATE: "relocated",
        Strategy.REPLATFORM: "replatformed",
        Strategy.REPURCHASE: "bought as a service",
        Strategy.REFACTOR: "built anew",
        Strategy.UNDECIDED: "undecided",
    }
    return past[strategy]
