"""Where each server's work goes, as the strategies of its applications have it. Pure.

Of several applications on one server that decides which needs the server most: one that stays
keeps it, one that is undecided leaves it open, and it goes with one that is retired only when all
others are. A copy in a cloud needs people's word, because the copy is theirs to name; that
something stays, is bought as a service or is retired is planned as the table proposes it, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from migrate.model.plan import Destination
from migrate.model.strategy import Strategy

if TYPE_CHECKING:
    from migrate.model.strategy import Decision

_NEEDED_MOST_FIRST: Final = (
    Strategy.RETAIN,
    Strategy.UNDECIDED,
    Strategy.REHOST,
    Strategy.RELOCATE,
    Strategy.REPLATFORM,
    Strategy.REFACTOR,
    Strategy.REPURCHASE,
    Strategy.RETIRE,
)
_BY_THE_TABLE: Final = frozenset({Destination.HUB, Destination.SAAS, Destination.RETIRE})
_SAID: Final = {
    Strategy.RETAIN: "is retained",
    Strategy.REHOST: "is rehosted",
    Strategy.RELOCATE: "is relocated",
    Strategy.REPLATFORM: "is replatformed",
    Strategy.REFACTOR: "is built anew",
    Strategy.REPURCHASE: "is bought as a service",
    Strategy.RETIRE: "is retired",
}


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Where one server's work goes, and who or what says so."""

    to: Destination
    why: str
    confirm: str
    """What a person makes sure of first; empty where people decided or the table asks nothing."""


def headings(decided: Iterable[Decision]) -> Mapping[str, Heading]:
    """Return where each server's work goes, by its identifier; what is not settled is left out."""
    deciding: dict[str, Decision] = {}
    for each in decided:
        for part in each.application.components:
            held = deciding.get(part.server_id)
            if held is None or _rank(each) < _rank(held):
                deciding[part.server_id] = each
    found = {server_id: _heading(each) for server_id, each in deciding.items()}
    return {server_id: each for server_id, each in found.items() if each}


def _heading(decision: Decision) -> Heading | None:
    if len(decision.destinations) != 1:
        return None
    (to,) = decision.destinations
    if decision.override is None and to not in _BY_THE_TABLE:
        return None
    return Heading(
        to=to,
        why=f"{decision.application.name} {_SAID[decision.strategy]}{_because(decision)}",
        confirm="" if decision.override else decision.proposal.confirm,
    )


def _because(decision: Decision) -> str:
    made, proposal = decision.override, decision.proposal
    if made:
        return f", says {made.by}, {made.at:%Y-%m-%d}: {made.because}"
    return f", as row {proposal.row} of the decision table proposes: {proposal.reason}"


def _rank(decision: Decision) -> int:
    return _NEEDED_MOST_FIRST.index(decision.strategy)
