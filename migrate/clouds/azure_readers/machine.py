"""Azure virtual machines: state, size, place, network, disks and tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from inventory.model.cloud_calls import azure_call
from migrate.clouds.asking import AzureAsked
from migrate.model.reader import Reader
from migrate.model.target import Machine

_COMPUTE = "2024-07-01"
_NETWORK = "2024-05-01"
_POWER = "PowerState/"


def _read(asked: AzureAsked) -> Mapping[str, Machine]:
    arm, here = asked.arm, f"/subscriptions/{asked.place}/providers"
    cards = _by_id(arm.pages(f"{here}/Microsoft.Network/networkInterfaces", _NETWORK))
    public = _by_id(arm.pages(f"{here}/Microsoft.Network/publicIPAddresses", _NETWORK))
    machines = _by_id(arm.pages(f"{here}/Microsoft.Compute/virtualMachines", _COMPUTE))
    states = _by_id(
        arm.pages(f"{here}/Microsoft.Compute/virtualMachines", _COMPUTE, statusOnly="true")
    )
    return {
        key: machine(said, states.get(key, {}), cards, public) for key, said in machines.items()
    }


def machine(
    said: Mapping[str, Any],
    state: Mapping[str, Any],
    cards: Mapping[str, Mapping[str, Any]],
    public: Mapping[str, Mapping[str, Any]],
) -> Machine:
    """Make a machine of what Azure lists: itself, its status, all interfaces and public addresses.

    Pure. The listings are by id in lower case.
    """
    properties = said["properties"]
    profile = properties.get("networkProfile") or {}
    configurations = [
        each["properties"]
        for card in profile.get("networkInterfaces") or ()
        for each in cards.get(card["id"].lower(), {})
        .get("properties", {})
        .get("ipConfigurations", ())
    ]
    storage = properties.get("storageProfile") or {}
    disks = [storage.get("osDisk") or {}, *(storage.get("dataDisks") or ())]
    return Machine(
        id=said["id"],
        state=_state(state),
        size=(properties.get("hardwareProfile") or {}).get("vmSize"),
        region=said["location"],
        zone=next(iter(said.get("zones") or ()), None),
        subnets=_once((each.get("subnet") or {}).get("id") for each in configurations),
        addresses=_once(each.get("privateIPAddress") for each in configurations),
        public_addresses=_once(
            public.get(each["publicIPAddress"]["id"].lower(), {})
            .get("properties", {})
            .get("ipAddress")
            for each in configurations
            if each.get("publicIPAddress")
        ),
        disks=_once((each.get("managedDisk") or {}).get("id") for each in disks),
        tags=said.get("tags") or {},
        launched=properties.get("timeCreated"),
    )


def _state(said: Mapping[str, Any]) -> str | None:
    view = said.get("properties", {}).get("instanceView") or {}
    codes = [each["code"] for each in view.get("statuses") or ()]
    return next((code[len(_POWER) :] for code in codes if code.startswith(_POWER)), None)


def _by_id(found: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {each["id"].lower(): each for each in found}


def _once(found: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in found if each))


READER = Reader(
    tells=Machine,
    calls=(
        azure_call("GET Microsoft.Compute/virtualMachines"),
        azure_call("GET Microsoft.Network/networkInterfaces"),
        azure_call("GET Microsoft.Network/publicIPAddresses"),
    ),
    read=_read,
)
