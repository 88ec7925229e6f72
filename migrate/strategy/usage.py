"""How busy a server is, by the definitions of idle and zombie servers together.

The definitions of AWS and of Azure Migrate do not agree. The busier of what they say counts: a
server is proposed for retirement only where no definition that could tell calls it in use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.model.fact import Known, Reason, Unknown
from migrate.judging.idleness import Usage, idleness

if TYPE_CHECKING:
    from inventory.model.server import Server
    from migrate.strategy.inputs import Value

BUSIEST_FIRST: Final = ("in-use", "idle", "zombie")
_WORDS: Final = {
    Usage.ACTIVE: "in-use",
    Usage.MIXED: "in-use",
    Usage.IDLE: "idle",
    Usage.ZOMBIE: "zombie",
}


def usage(server: Server) -> Value:
    """Return how busy a server is; unknown when no definition can tell."""
    told = idleness(server.facts)
    words = {_WORDS[each.usage] for each in told if each.usage is not None}
    if not words:
        return Unknown(reason=Reason.NOT_TOLD, detail=f"{server.name}: {told[0].evidence}")
    return Known(value=frozenset({min(words, key=BUSIEST_FIRST.index)}))
