"""What Azure Policy demands of tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrate.clouds.azure_zones._assigned import CALLS, Denial, denials
from migrate.clouds.azure_zones._policy import Planned, holds, planned, speaks_of_tags
from migrate.clouds.zones import AzureZoneAsked
from migrate.model.landing_tags import TagRules
from migrate.model.reader import Reader


def _read(asked: AzureZoneAsked) -> Mapping[str, TagRules]:
    return {asked.id: tag_rules(denials(asked), planned(asked))}


def tag_rules(found: Iterable[Denial], servers: Iterable[Planned]) -> TagRules:
    """Make it of what denies, judged for servers with the zone's tags. Pure."""
    every = list(servers)
    refusals, not_read = [], []
    for each in found:
        if not speaks_of_tags(each.rule):
            continue
        judged = [holds(each.rule, each.parameters, server) for server in every]
        if any(judged) and not each.narrowed:
            refusals.append(each.policy)
        elif any(one is not False for one in judged):
            not_read.append(f"{each.policy}: {each.narrowed or 'its rule'}")
    return TagRules(demands={}, refusals=tuple(refusals), not_read=tuple(not_read))


READER = Reader(tells=TagRules, calls=CALLS, read=_read)
