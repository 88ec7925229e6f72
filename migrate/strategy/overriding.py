"""What people decided otherwise than the table, and whether that still rests on what they saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from inventory.errors import UsageError
from migrate.model.plan import Destination
from migrate.model.strategy import ApplicationVerdict, Decision, Override, Proposal, Strategy

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEADS_TO = {
    Strategy.RETIRE: (Destination.RETIRE,),
    Strategy.RETAIN: (Destination.HUB,),
    Strategy.REPURCHASE: (Destination.SAAS,),
    Strategy.REHOST: (Destination.AWS, Destination.AZURE),
    Strategy.RELOCATE: (Destination.AWS, Destination.AZURE),
    Strategy.REPLATFORM: (Destination.AWS, Destination.AZURE, Destination.HUB),
    Strategy.REFACTOR: (Destination.AWS, Destination.AZURE, Destination.HUB),
    Strategy.UNDECIDED: (),
}


def override(
    decision: Decision,
    strategy: Strategy,
    *,
    to: Destination | None,
    because: str,
    by: str,
    at: datetime,
) -> Override:
    """Decide about an application; the reason and what was seen are kept with it.

    Raises:
        UsageError: no reason or nobody is given, or the strategy does not lead there.

    """
    if not because.strip() or not by.strip():
        raise UsageError("a decision needs a reason and a name", hint='--because "…" --by NAME')
    possible = _LEADS_TO[strategy]
    if to is None and len(possible) == 1:
        to = possible[0]
    if to is not None and to not in possible:
        words = ", ".join(each.value for each in possible) or "nowhere"
        raise UsageError(f"{strategy.value} does not lead to {to.value}", hint=f"it can: {words}")
    return Override(
        application=decision.application.key,
        name=decision.application.name,
        strategy=strategy,
        destination=to,
        because=because.strip(),
        by=by.strip(),
        at=at,
        saw=snapshot(decision.proposal, decision.verdicts),
    )


def snapshot(proposal: Proposal, verdicts: Sequence[ApplicationVerdict]) -> dict[str, str]:
    """Return what a decision rests on, in words, by what it is about."""
    axes = {
        f"{each.axis.value} for {verdict.cloud.value}": each.readiness.value
        for verdict in verdicts
        for each in verdict.axes
    }
    destinations = " or ".join(each.value for each in proposal.destinations)
    proposed = f"{proposal.strategy.value} to {destinations}" if destinations else "undecided"
    return {"the table's proposal": proposed, **axes}


def changed_since(saw: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Say what is otherwise now than when somebody decided."""
    return tuple(
        f"{what} was {before}, is {now[what]}"
        for what, before in saw.items()
        if what in now and now[what] != before
    )


def find_application(decided: Iterable[Decision], text: str) -> Decision:
    """Return the application of that name or key; the beginning of its name is enough.

    Raises:
        UsageError: there is none, or more than one.

    """
    every = tuple(decided)
    wanted = text.casefold()
    exact = [
        each
        for each in every
        if wanted in {each.application.key.casefold(), each.application.name.casefold()}
        or _is_server(each, wanted)
    ]
    found = exact or [each for each in every if each.application.name.casefold().startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"there is no application {text!r}", hint="see decant strategy")
    keys = ", ".join(sorted(each.application.key for each in found))
    raise UsageError(f"{len(found)} applications go by {text!r}", hint=f"give a key: {keys}")


def standing(made: Iterable[Override], text: str) -> Override | None:
    """Return what was decided about the application of that key or name, there or not.

    The beginning of the name is enough.

    Raises:
        UsageError: several have that name.

    """
    wanted = text.casefold()
    every = tuple(made)
    exact = [
        each for each in every if wanted in {each.application.casefold(), each.name.casefold()}
    ]
    found = exact or [each for each in every if each.name.casefold().startswith(wanted)]
    if len(found) > 1:
        keys = ", ".join(each.application for each in found)
        raise UsageError(f"{len(found)} applications go by {text!r}", hint=f"give a key: {keys}")
    return found[0] if found else None


def _is_server(decision: Decision, wanted: str) -> bool:
    """Tell whether an application is what one server of that name does."""
    application = decision.application
    alone = application.key.startswith("server:")
    return alone and application.components[0].server.casefold() == wanted
