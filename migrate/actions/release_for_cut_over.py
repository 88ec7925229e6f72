"""Release a server for cut-over: from here on people, or a migration service, may switch its users.

Nothing is sent anywhere: the act is its entry in the ledger, which only the gate lets through.
"""

from __future__ import annotations

from inventory.model.asking import Access, Limits
from migrate.model.action import Action, Aftermath, Effect
from migrate.model.plan import Move


def describe(move: Move) -> str:
    """Say what would be done."""
    return f"release {move.server} for cut-over: its users may be switched to what replaces it"


def release(move: Move, _access: Access, _limits: Limits) -> Effect:
    """Release it; there is nothing to look at but the ledger."""
    return Effect(aftermath=Aftermath.DONE, detail=f"{move.server} is released for cut-over")


def take_back(move: Move, _access: Access, _limits: Limits) -> Effect:
    """Take the release back: the cut-over has to be permitted anew."""
    detail = f"the release of {move.server} is taken back: switch its users back by hand"
    return Effect(aftermath=Aftermath.NOT_DONE, detail=detail)


ACTION = Action(describe=describe, apply=release, look=release, restore=take_back)
