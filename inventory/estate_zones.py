"""What an estate says of its landing zones: the ``[[landing_zones]]`` of ``decant.toml``.

A landing zone is where a cloud's servers are to stand: a region of an account or a subscription,
its subnets, and what the estate expects to find ready there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from inventory.estate_faults import wrong


@dataclass(frozen=True, kw_only=True)
class LandingZone:
    """A place in a cloud that is to be ready before anything is moved there."""

    name: str
    cloud: str
    """``aws`` or ``azure``."""
    account: str = ""
    """Twelve digits of AWS, or an Azure subscription id; empty means the estate's own."""
    region: str = ""
    """Empty means the estate's own."""
    availability_zones: tuple[str, ...] = ()
    """Those in which every size must be offered; empty asks only for the region."""
    waves: tuple[int, ...] = ()
    """Waves that land here; empty means every one that goes to this cloud."""
    servers: tuple[str, ...] = ()
    """Patterns of the names of servers that land here; empty means every one."""
    subnets: tuple[str, ...] = ()
    """AWS's ids, or Azure's resource ids, as everywhere below."""
    on_premise: tuple[str, ...] = ()
    """Networks that servers there must have a route to."""
    domains: tuple[str, ...] = ()
    """Domains whose names must be resolved there, such as ``council.internal``."""
    security_groups: tuple[str, ...] = ()
    """Security groups, or network security groups, that servers will have."""
    open_ports: tuple[int, ...] = ()
    """The only TCP ports that these may open to the world."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Tags that every server there will be given."""
    vaults: tuple[str, ...] = ()
    """Backup vaults: names of AWS, resource ids of Azure."""
    logs: tuple[str, ...] = ()
    """Names of log groups, or resource ids of Log Analytics workspaces."""
    alerts: tuple[str, ...] = ()
    """ARNs of SNS topics, or resource ids of action groups."""
    keys: tuple[str, ...] = ()
    """ARNs of KMS keys, or resource ids of Key Vault keys."""
    connections: tuple[str, ...] = ()
    """``vpn-…`` and ``dxvif-…``, or resource ids of ExpressRoute circuits and connections."""
    windows_licences: str = ""
    """ARN of License Manager's licence configuration for Windows Server that is brought."""
    windows_cores: int | None = None
    """Cores of Windows Server that the estate may bring; None when nobody says."""
    without: Mapping[str, str] = field(default_factory=dict)
    """Condition that is not asked of this zone → why."""


_LISTS = (
    *("availability_zones", "waves", "servers", "subnets", "on_premise", "domains"),
    *("security_groups", "open_ports", "vaults", "logs", "alerts", "keys", "connections"),
)


def landing_zones(table: Mapping[str, Any], path: Path, text: str) -> tuple[LandingZone, ...]:
    """Return what ``[[landing_zones]]`` says.

    Raises:
        BadInputError: two have the same name, or a network is none; the place names the line.

    """
    found: dict[str, LandingZone] = {}
    for index, entry in enumerate(table.get("landing_zones", ())):
        where = ("landing_zones", index)
        if entry["name"] in found:
            message = f"a second landing zone {entry['name']!r}"
            raise wrong(path, text, (*where, "name"), message, "give each its own name")
        for network in entry.get("on_premise", ()):
            _is_network(network, path, text, (*where, "on_premise"))
        found[entry["name"]] = _zone(entry)
    return tuple(found.values())


def _zone(entry: Mapping[str, Any]) -> LandingZone:
    given: dict[str, Any] = {
        name: tuple(value) if name in _LISTS else value for name, value in entry.items()
    }
    return LandingZone(**given)


def _is_network(network: str, path: Path, text: str, where: tuple[str | int, ...]) -> None:
    try:
        ip_network(network)
    except ValueError as error:
        hint = "write it as 10.1.0.0/16"
        raise wrong(path, text, where, f"{network!r} is no network", hint) from error
