"""Azure virtual machines: state, size, place, network, disks and tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._listed import MACHINES, NETWORK, listed, machines, properties
from migrate.clouds.azure_readers._views import statuses
from migrate.clouds.readers import each_read
from migrate.model.reader import Reader
from migrate.model.target import Machine

_POWER: Final = "PowerState/"


def _read(asked: AzureAsked) -> Mapping[str, Machine | Unknown]:
    arm = asked.arm
    cards = listed(arm, asked, "Microsoft.Network/networkInterfaces", NETWORK)
    public = listed(arm, asked, "Microsoft.Network/publicIPAddresses", NETWORK)
    states = statuses(arm, asked)
    return each_read(
        machines(arm, asked),
        lambda said: machine(said, states.get(said["id"].lower(), {}), cards, public),
    )


def machine(
    said: Mapping[str, Any],
    view: Mapping[str, Any],
    cards: Mapping[str, Mapping[str, Any]],
    public: Mapping[str, Mapping[str, Any]],
) -> Machine:
    """Make a machine of what Azure lists: itself, its view, all interfaces and public addresses.

    Pure. The listings are by id in lower case.
    """
    told = said["properties"]
    profile = told.get("networkProfile") or {}
    configurations = [
        each["properties"]
        for card in profile.get("networkInterfaces") or ()
        for each in properties(cards.get(card["id"].lower(), {})).get("ipConfigurations", ())
    ]
    storage = told.get("storageProfile") or {}
    disks = [storage.get("osDisk") or {}, *(storage.get("dataDisks") or ())]
    subnets = _once((each.get("subnet") or {}).get("id") for each in configurations)
    return Machine(
        id=said["id"],
        state=_state(view),
        size=(told.get("hardwareProfile") or {}).get("vmSize"),
        region=said["location"],
        zone=next(iter(said.get("zones") or ()), None),
        subnets=subnets,
        addresses=_once(each.get("privateIPAddress") for each in configurations),
        public_addresses=_once(
            properties(public.get(each["publicIPAddress"]["id"].lower(), {})).get("ipAddress")
            for each in configurations
            if each.get("publicIPAddress")
        ),
        disks=_once((each.get("managedDisk") or {}).get("id") for each in disks),
        tags=said.get("tags") or {},
        launched=told.get("timeCreated"),
        provisioning=told.get("provisioningState"),
        networks=_once(each.rpartition("/subnets/")[0] for each in subnets),
    )


def _state(view: Mapping[str, Any]) -> str | None:
    codes = [each["code"] for each in view.get("statuses") or ()]
    return next((code[len(_POWER) :] for code in codes if code.startswith(_POWER)), None)


def _once(found: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in found if each))


READER = Reader(
    tells=Machine,
    calls=(
        MACHINES,
        azure_call("GET Microsoft.Network/networkInterfaces"),
        azure_call("GET Microsoft.Network/publicIPAddresses"),
    ),
    read=_read,
)
