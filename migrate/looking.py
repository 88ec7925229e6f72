"""A fresh look at a move: both servers and the cloud resource, asked in this very run.

Tests and decommission judge only what was seen in such a look, never what the inventory remembers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inventory.errors import RefusedError, UsageError
from inventory.model.fact import Facts, Unknown
from inventory.model.facts import INTERFACES
from inventory.model.run import Visit
from inventory.model.server import Server
from inventory.model.target import Target
from inventory.store.servers import servers
from migrate.fingerprint import plan_parts, server_parts, with_resource
from migrate.model.check import CloudResource, Sight
from migrate.model.evidence import Fingerprints
from migrate.model.plan import Move
from migrate.model.playbook import Playbook
from migrate.workbench import Workbench


@dataclass(frozen=True, kw_only=True)
class Look:
    """What was seen, and its fingerprints."""

    sight: Sight
    fingerprints: Fingerprints


def look(bench: Workbench, move: Move, playbook: Playbook, *, command: str) -> Look:
    """Ask both servers and the cloud, keep what they said as a run, and take fingerprints.

    A server that does not answer is seen as unknown, with its reason.

    Raises:
        RefusedError: the old server's address now answers as another server.
        UsageError: it is not known where the old server is asked, or it would replace itself.

    """
    old, new = _source(move), _replacement(move)
    visits = bench.ask((old, new) if new else (old,), command=command)
    answered = visits[old][0]
    if answered is not None and answered.id != move.server_id:
        raise RefusedError(
            f"{move.source} now answers as another server than {move.server} ({answered.name})",
            hint="find out what happened there; then run decant discover and decant plan again",
        )
    sight = Sight(
        move=move,
        old=_seen(visits[old][1]),
        new=_seen(visits[new][1]) if new else None,
        new_address=new.host if new else None,
        estate_addresses=_addresses(servers(bench.store)),
        clouds=bench.clouds,
        timeout_seconds=bench.limits.connect_seconds,
    )
    return Look(sight=sight, fingerprints=_fingerprints(sight, playbook))


def _source(move: Move) -> Target:
    if not move.source:
        raise UsageError(
            f"it is not known where {move.server} is asked: only exports tell of it",
            hint="ask it with decant discover, then run decant plan again",
        )
    return Target.parse(move.source)


def _replacement(move: Move) -> Target | None:
    if move.replacement is None:
        return None
    target = Target.parse(move.replacement)
    if target == _source(move):
        raise UsageError(
            f"the plan gives {move.server} as its own replacement",
            hint="give the new server's address in decant.toml, and run decant plan",
        )
    return target


def _seen(visit: Visit) -> Facts | Unknown:
    return visit.unreachable or Facts.from_observations(visit.observations)


def _fingerprints(sight: Sight, playbook: Playbook) -> Fingerprints:
    target = server_parts(sight.new)
    if sight.move.resource is not None:
        resource: CloudResource | Unknown = sight.clouds.resource(sight.move)
        target = with_resource(target, resource)
    return Fingerprints(
        source=server_parts(sight.old), target=target, playbook=plan_parts(playbook, sight.move)
    )


def _addresses(known: tuple[Server, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for server in known:
        for interface in server.facts.value(INTERFACES) or ():
            for address in interface.addresses:
                found[address.partition("/")[0]] = server.name
    return found
