"""What Azure Policy forbids of the servers that are to land."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrate.clouds.azure_zones._assigned import CALLS, Denial, denials
from migrate.clouds.azure_zones._policy import Planned, holds, planned, speaks_of_tags
from migrate.clouds.zones import AzureZoneAsked
from migrate.model.landing_policies import Policies, Restriction
from migrate.model.reader import Reader


def _read(asked: AzureZoneAsked) -> Mapping[str, Policies]:
    return {asked.id: policies(denials(asked), planned(asked))}


def policies(found: Iterable[Denial], servers: Iterable[Planned]) -> Policies:
    """Make it of what denies, judged for servers that are to be made. Pure.

    What speaks of tags is judged as tags.
    """
    every = list(servers)
    restrictions: list[Restriction] = []
    not_read: list[str] = []
    for each in found:
        if speaks_of_tags(each.rule):
            continue
        judged = {server.size: holds(each.rule, each.parameters, server) for server in every}
        denied = [size or "any server" for size, is_denied in judged.items() if is_denied]
        if denied:
            forbids = f"{', '.join(denied)} in {every[0].region}"
            restrictions.append(
                Restriction(policy=each.policy, forbids=forbids, unless=each.narrowed)
            )
        elif any(is_denied is None for is_denied in judged.values()):
            not_read.append(each.policy)
    return Policies(restrictions=tuple(restrictions), not_read=tuple(not_read))


READER = Reader(tells=Policies, calls=CALLS, read=_read)
