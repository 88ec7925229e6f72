"""Which servers run in a cloud already, so that nothing is migrated twice. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from inventory.model.facts import FQDN, HOSTNAME
from inventory.model.hardware import CLOUD
from inventory.model.placement import MANAGED_ID, VM_NAME
from inventory.model.server import Server
from migrate.model.plan import Destination, Move

_CLOUDS: Final[Mapping[str, Destination]] = {
    "aws": Destination.AWS,
    "azure": Destination.AZURE,
}


def cloud_of(server: Server) -> Destination | None:
    """Return the cloud that a server runs in; None when it runs in none of them, or is not known.

    The firmware says so, or the cloud itself does.
    """
    return _CLOUDS.get(server.facts.value(CLOUD) or "")


def twice(moves: Sequence[Move], known: Iterable[Server]) -> list[str]:
    """Warn of moves to a cloud where the server, or one of its name, is already.

    A move that names its resource is done, or under way; a name that is found in the cloud beside
    a move that names none means that somebody began it, or that it is another server.
    """
    servers = {each.id: each for each in known}
    there: dict[tuple[Destination, str], list[Server]] = defaultdict(list)
    for server in servers.values():
        if cloud := cloud_of(server):
            for name in _names(server):
                there[cloud, name].append(server)
    warnings = []
    for move in moves:
        leaving = servers.get(move.server_id)
        if leaving and cloud_of(leaving) is move.to:
            warnings.append(f"{move.server} runs in {move.to.value} already")
        elif leaving and move.resource is None:
            twins = {each.id: each for name in _names(leaving) for each in there[move.to, name]}
            warnings += [
                f"{move.server}: {_called(twin)} in {move.to.value} has its name already; name it "
                "as its instance, vm or resource in decant.toml, or it may be migrated twice"
                for twin in sorted(twins.values(), key=_called)
            ]
    return warnings


def _names(server: Server) -> frozenset[str]:
    facts = server.facts
    told = (server.name, facts.value(HOSTNAME), facts.value(FQDN), facts.value(VM_NAME))
    return frozenset(each.lower().partition(".")[0] for each in told if each)


def _called(server: Server) -> str:
    return server.facts.value(MANAGED_ID) or server.name
