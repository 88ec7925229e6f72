"""A question of a check's own to a server, by the inventory's transports. It changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inventory.model.asking import Access, Limits, Reply, Transport
from inventory.model.target import Target
from inventory.registry import Registry

if TYPE_CHECKING:
    from typing import Final

_TRANSPORTS: Final = Registry(package="inventory.transports", attribute="TRANSPORT", kind=Transport)


def ask_server(
    access: Access, limits: Limits, target: str, script: str, *, seconds: float, most_bytes: int
) -> Reply:
    """Run a POSIX shell script that changes nothing on a server, and return what it said.

    The whole exchange takes at most ``seconds``, and no more than ``most_bytes`` are kept.

    Raises:
        DecantError: the server is not reached, or does not let us in.

    """
    place = Target.parse(target)
    brief = replace(limits, server_seconds=seconds, answer_bytes=most_bytes)
    asker = _TRANSPORTS.one(place.transport).value.open(access)
    try:
        return asker.ask(place, script, brief)
    finally:
        asker.close()
