"""ExpressRoute circuits, and connections of Azure's network gateways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.azure_zones._network import NETWORK, by_asked, listed
from migrate.clouds.zones import AzureZoneAsked
from migrate.model.landing_connections import Connection, Connections
from migrate.model.reader import Reader

_CIRCUITS = azure_call("GET Microsoft.Network/expressRouteCircuits")
_CONNECTION = azure_call("GET Microsoft.Network/connections")
_CIRCUIT = "/expressroutecircuits/"
_PRIVATE = "AzurePrivatePeering"
_PROVISIONED = {
    "Provisioned": True,
    "NotProvisioned": False,
    "Provisioning": False,
    "Deprovisioning": False,
}
_CONNECTED = {"Connected": True, "Connecting": False, "NotConnected": False}


def _read(asked: AzureZoneAsked) -> Mapping[str, Connections]:
    named = asked.zone.connections
    circuits = [each for each in named if _CIRCUIT in each.lower()]
    found: dict[str, Connection] = {}
    if circuits:
        listed_ = listed(asked, "Microsoft.Network/expressRouteCircuits")
        found |= {each: circuit(said) for each, said in by_asked(circuits, listed_).items()}
    for each in named:
        if each not in circuits and (told := _connection(asked, each)):
            found[each] = told
    return {asked.id: Connections(connections=found)}


def _connection(asked: AzureZoneAsked, wanted: str) -> Connection | None:
    """Return a connection, or None when there is none. Its status is told by its id alone."""
    from inventory.clouds.azure_failures import FAILURES, says_absent

    try:
        return connection(asked.arm.get(wanted, NETWORK))
    except FAILURES as error:
        if says_absent(error):
            return None
        raise


def circuit(said: Mapping[str, Any]) -> Connection:
    """Make it of a circuit's JSON. Pure. Its service key is not read."""
    properties = said["properties"]
    provider = properties.get("serviceProviderProvisioningState", "")
    state = properties.get("circuitProvisioningState", "")
    peerings = [
        each["properties"].get("state", "")
        for each in properties.get("peerings") or ()
        if each["properties"].get("peeringType") == _PRIVATE
    ]
    enabled = peerings.count("Enabled")
    up: bool | Unknown = _PROVISIONED.get(provider) is True and state == "Enabled" and enabled > 0
    if provider not in _PROVISIONED or state not in {"Enabled", "Disabled"}:
        up = _new(f"{provider or 'not given'} and {state or 'not given'}")
    return Connection(
        kind="ExpressRoute",
        up=up,
        lines=enabled,
        of=len(peerings),
        detail=f"provider {provider}, circuit {state}, private peering "
        f"{', '.join(peerings) or 'not made'}",
    )


def connection(said: Mapping[str, Any]) -> Connection:
    """Make it of a connection's JSON. Pure. Its shared key is not read."""
    properties = said["properties"]
    status = properties.get("connectionStatus", "")
    tunnels = [
        each.get("connectionStatus") for each in properties.get("tunnelConnectionStatus") or ()
    ]
    up = _CONNECTED.get(status, _new(status or "not given"))
    lines = tunnels.count("Connected") if tunnels else int(up is True)
    return Connection(
        kind=properties.get("connectionType") or "connection",
        up=up,
        lines=lines,
        of=len(tunnels) or 1,
        detail=status,
    )


def _new(words: str) -> Unknown:
    return Unknown(reason=Reason.NOT_TOLD, detail=f"its state is {words}, which says nothing")


READER = Reader(tells=Connections, calls=(_CIRCUITS, _CONNECTION), read=_read)
