"""VPN connections and virtual interfaces of Direct Connect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.zones import AwsZoneAsked
from migrate.model.landing_connections import Connection, Connections
from migrate.model.reader import Reader

_INTERFACE = "dxvif-"
_DOWN = frozenset(
    {"confirming", "verifying", "pending", "down", "testing", "deleting", "deleted", "rejected"}
)
_VPN_DOWN = frozenset({"pending", "deleting", "deleted"})


def _read(asked: AwsZoneAsked) -> Mapping[str, Connections]:
    named = asked.zone.connections
    lines = [each for each in named if each.startswith(_INTERFACE)]
    tunnels = [each for each in named if each not in lines]
    found: dict[str, Connection] = {}
    if tunnels:
        said = asked.client("ec2").describe_vpn_connections()["VpnConnections"]
        found |= vpns(each for each in said if each["VpnConnectionId"] in tunnels)
    if lines:
        found |= interfaces(
            each for each in _interfaces(asked) if each["virtualInterfaceId"] in lines
        )
    return {asked.id: Connections(connections=found)}


def _interfaces(asked: AwsZoneAsked) -> Iterator[Mapping[str, Any]]:
    from inventory.clouds.aws_reach import follow

    direct = asked.client("directconnect")
    yield from follow(direct.describe_virtual_interfaces, "virtualInterfaces", "nextToken")


def vpns(said: Iterable[Mapping[str, Any]]) -> dict[str, Connection]:
    """Make connections of what DescribeVpnConnections says. Pure.

    Their configuration holds the tunnels' keys, and is not read.
    """
    return {each["VpnConnectionId"]: _vpn(each) for each in said}


def _vpn(said: Mapping[str, Any]) -> Connection:
    state = said.get("State", "")
    tunnels = said.get("VgwTelemetry", ())
    words = [str(each.get("Status")) for each in tunnels]
    running = words.count("UP")
    new = [each for each in words if each not in {"UP", "DOWN"}]
    up: bool | Unknown = state == "available" and running > 0
    if not up and (new or state not in {"available", *_VPN_DOWN}):
        detail = f"its state is {state}, its tunnels are {', '.join(words)}, which says nothing"
        up = Unknown(reason=Reason.NOT_TOLD, detail=detail)
    if state == "available" and not words:
        up = Unknown(reason=Reason.NOT_TOLD, detail="EC2 tells of no tunnel")
    return Connection(
        kind="VPN", up=up, lines=running, of=len(words), detail=f"{state}, {', '.join(words)}"
    )


def interfaces(said: Iterable[Mapping[str, Any]]) -> dict[str, Connection]:
    """Make connections of what DescribeVirtualInterfaces says. Pure. Its keys are not read."""
    return {each["virtualInterfaceId"]: _interface(each) for each in said}


def _interface(said: Mapping[str, Any]) -> Connection:
    state = said.get("virtualInterfaceState", "")
    words = [str(each.get("bgpStatus")) for each in said.get("bgpPeers", ())]
    up: bool | Unknown = state == "available" and "up" in words
    if not up and (state not in {"available", *_DOWN} or set(words) - {"up", "down"}):
        detail = f"its state is {state or 'not given'}, BGP is {', '.join(words) or 'not told'}"
        up = Unknown(reason=Reason.NOT_TOLD, detail=detail)
    return Connection(
        kind="Direct Connect",
        up=up,
        lines=words.count("up"),
        of=len(words),
        detail=f"{state}, BGP {', '.join(words) or 'without a peer'}",
    )


READER = Reader(
    tells=Connections,
    calls=(
        aws_call("ec2:DescribeVpnConnections"),
        aws_call("directconnect:DescribeVirtualInterfaces"),
    ),
    read=_read,
)
