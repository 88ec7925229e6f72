"""When something was last heard of a server: its own answer, or what others told of it.

The same facts give the same verdict whatever the route they came by. So what an export told counts
as an answer does, and is as old as the export.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.model.fact import Known, Reason

if TYPE_CHECKING:
    from datetime import datetime

    from inventory.model.server import Server


def last_heard(server: Server) -> datetime | None:
    """Return when the newest of what is known of a server was told; None when nothing ever was."""
    told = (
        each.origin.at
        for each in server.facts.values()
        if each.origin and isinstance(each.fact, Known)
    )
    times = [*told, *([server.last_answered] if server.last_answered else [])]
    return max(times, default=None)


def is_only_told_of(server: Server) -> bool:
    """Say whether the server itself was never asked: what is known of it, exports told."""
    silent = server.unreachable
    return (
        bool(server.sources)
        and server.last_answered is None
        and silent is not None
        and silent.reason is Reason.NOT_ASKED
    )
