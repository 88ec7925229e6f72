"""Which servers are one application: as the estate says, as inventories say, or as recognised.

Every server is in at least one application. What an inventory or ``decant.toml`` names goes first,
and whatever runs on the servers named belongs to it. Line-of-business software that was recognised
on several servers is one application on all of them. A server that belongs to none is an
application by itself: two database servers that run the same product have nothing to do with each
other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from inventory.model.application import Application, Confidence
from inventory.model.fact import Fact, Known, Unknown
from inventory.model.placement import NAMED_APPLICATIONS
from migrate.model.strategy import Component, EstateApplication, Grouping

if TYPE_CHECKING:
    from inventory.model.server import Server

SUPPORTING: Final = frozenset(
    {"cloud-agent", "database-component", "guest-tools", "infrastructure", "log-shipping"}
)
"""Categories of what looks after a server or a product; set up anew rather than moved."""
PLATFORM: Final = frozenset(
    {"app-server", "cache", "cluster", "container", "database", "file", "file-transfer"}
    | {"load-balancer", "mail", "messaging", "proxy", "remote-access", "runtime", "scheduler"}
    | {"search", "unrecognised", "virtualisation", "web"}
)
"""Categories of what applications are made of: the same product on two servers is two."""
_SURENESS: Final = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)

Recognised = Mapping[str, Fact[tuple[Application, ...]]]
"""Server id → what was recognised on it."""
Named = Mapping[str, tuple[str, ...]]
"""Application → the names of its servers, as patterns, as ``decant.toml`` groups them."""


def group(
    servers: Sequence[Server], recognised: Recognised, named: Named | None = None
) -> tuple[EstateApplication, ...]:
    """Return the applications of the estate, by name."""
    components = {each.id: _component(each, recognised) for each in servers}
    found = [*_by_name(servers, components, named or {})]
    named_ids = {part.server_id for each in found for part in each.components}
    rest = [each for each in components.values() if each.server_id not in named_ids]
    found += _by_software(rest)
    taken = {part.server_id for each in found for part in each.components}
    alone = (_alone(each) for each in components.values() if each.server_id not in taken)
    return tuple(sorted((*found, *alone), key=lambda each: (each.name.casefold(), each.key)))


def slug(name: str) -> str:
    """Return a name as a key: lower case, one hyphen for all else than letters and digits."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")


def _component(server: Server, recognised: Recognised) -> Component:
    software = recognised[server.id]
    if isinstance(software, Known):
        software = Known(value=tuple(each for each in software.value if _counts(each)))
    return Component(server_id=server.id, server=server.name, software=software)


def _counts(each: Application) -> bool:
    """Tell whether software is part of an application, and not merely there."""
    supporting = each.is_agent or each.category in SUPPORTING
    merely_installed = each.category in PLATFORM and not each.runs
    return not supporting and not (merely_installed and each.confidence is Confidence.LOW)


def _by_name(
    servers: Sequence[Server], components: Mapping[str, Component], named: Named
) -> Iterator[EstateApplication]:
    members: dict[str, dict[str, Component]] = defaultdict(dict)
    names: dict[str, tuple[str, Grouping]] = {}
    for server in servers:
        by_estate = [name for name, patterns in named.items() if _is_named(server, patterns)]
        told = tuple(by_estate) or server.facts.value(NAMED_APPLICATIONS) or ()
        grouping = Grouping.ESTATE if by_estate else Grouping.INVENTORY
        for name in told:
            if slug(name):
                names.setdefault(slug(name), (name, grouping))
                members[slug(name)][server.id] = components[server.id]
    for key, (name, grouping) in names.items():
        yield EstateApplication(
            key=f"app:{key}",
            name=name,
            grouping=grouping,
            components=_ordered(members[key].values()),
            confidence=Confidence.HIGH,
        )


def _is_named(server: Server, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(server.name.casefold(), each.casefold()) for each in patterns)


def _by_software(components: Iterable[Component]) -> Iterator[EstateApplication]:
    members: dict[str, list[tuple[Component, Application]]] = defaultdict(list)
    for component in components:
        if isinstance(component.software, Unknown):
            continue
        for each in component.software.value:
            if each.category not in PLATFORM:
                members[each.id].append((component, each))
    for software_id, found in members.items():
        first = found[0][1]
        yield EstateApplication(
            key=f"software:{software_id}",
            name=first.name,
            grouping=Grouping.RECOGNISED,
            components=_ordered(component for component, _ in found),
            software_id=software_id,
            purpose=first.purpose or "",
            confidence=min((each.confidence for _, each in found), key=_SURENESS.index),
        )


def _alone(component: Component) -> EstateApplication:
    """Make an application of a server; what runs there is in its name as far as it is known."""
    software = component.software.value if isinstance(component.software, Known) else ()
    names = ", ".join(dict.fromkeys(each.name for each in software))
    return EstateApplication(
        key=f"server:{component.server_id}",
        name=f"{component.server} ({names})" if names else component.server,
        grouping=Grouping.SERVER,
        components=(component,),
        confidence=Confidence.HIGH if software else Confidence.LOW,
    )


def _ordered(components: Iterable[Component]) -> tuple[Component, ...]:
    return tuple(sorted(components, key=lambda each: (each.server, each.server_id)))
