"""The networks of a subscription, and the subnets of a landing zone within them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from inventory.model.cloud_calls import azure_call
from migrate.clouds.zones import AzureZoneAsked

NETWORK = "2024-05-01"
NETWORKS = azure_call("GET Microsoft.Network/virtualNetworks")


def listed(asked: AzureZoneAsked, kind: str, version: str = NETWORK) -> dict[str, dict[str, Any]]:
    """Return every resource of a type in the subscription, by id in lower case."""

    def ask() -> dict[str, dict[str, Any]]:
        found = asked.arm.pages(f"{asked.here}/providers/{kind}", version)
        return {each["id"].lower(): each for each in found}

    return asked.shared.once((asked.place, kind), ask)


def by_asked(ids: Iterable[str], found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was found under ids in lower case, by the ids as the estate writes them."""
    return {
        each: found[each.rstrip("/").lower()] for each in ids if each.rstrip("/").lower() in found
    }


def subnets_of(
    networks: Mapping[str, Mapping[str, Any]], ids: Iterable[str]
) -> dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Return the subnets that exist, each with its network. Pure."""
    every = {
        subnet["id"].lower(): (subnet, network)
        for network in networks.values()
        for subnet in network["properties"].get("subnets") or ()
    }
    return by_asked(ids, every)
