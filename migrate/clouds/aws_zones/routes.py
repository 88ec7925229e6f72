"""Route tables of AWS: where packets go that leave the subnets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.aws_zones._network import described_subnets, networks_of
from migrate.clouds.aws_zones._transit import ATTACHMENTS, SEARCH, Beyond, beyond_gateways
from migrate.clouds.zones import AwsZoneAsked, partly
from migrate.model.landing_routes import Route, Routes, Via
from migrate.model.reader import Reader

_LIST: Final = aws_call("ec2:GetManagedPrefixListEntries")
_TRANSIT: Final = "TransitGatewayId"
_CORE: Final = "CoreNetworkArn"
_ENDPOINT: Final = "vpce-"
_TARGETS: Final = (
    (_TRANSIT, "", Via.ON_PREMISE),
    ("GatewayId", "vgw-", Via.ON_PREMISE),
    ("GatewayId", "local", Via.INSIDE),
    ("GatewayId", "igw-", Via.INTERNET),
    ("GatewayId", _ENDPOINT, Via.OTHER),
    ("NatGatewayId", "", Via.INTERNET),
    ("EgressOnlyInternetGatewayId", "", Via.INTERNET),
    ("VpcPeeringConnectionId", "", Via.INSIDE),
    ("NetworkInterfaceId", "", Via.APPLIANCE),
    ("InstanceId", "", Via.APPLIANCE),
    (_CORE, "", Via.ON_PREMISE),
)


@dataclass(frozen=True, kw_only=True)
class Around:
    """What routes lead to and by, told beside them."""

    lists: Mapping[str, tuple[str, ...] | Unknown] = field(default_factory=dict)
    """The prefixes in each list that a route goes by."""
    beyond: Beyond = field(default_factory=dict)


def _read(asked: AwsZoneAsked) -> Mapping[str, Routes]:
    from inventory.clouds.aws_reach import pages

    found = described_subnets(asked)
    if not found:
        return {asked.id: Routes(routes={})}
    networks = networks_of(found)
    tables = list(
        pages(
            asked.client("ec2"),
            "describe_route_tables",
            "RouteTables",
            Filters=[{"Name": "vpc-id", "Values": networks}],
        )
    )
    said = [each for table in tables for each in table["Routes"]]
    lists = {name for each in said if (name := _list_of(each))}
    gateways = {each[_TRANSIT] for each in said if each.get(_TRANSIT)}
    around = Around(
        lists={
            each: partly(asked, partial(_entries, asked, each), _LIST) for each in sorted(lists)
        },
        beyond=beyond_gateways(asked, networks, sorted(gateways)),
    )
    return {asked.id: routes(found, tables, around)}


def _entries(asked: AwsZoneAsked, name: str) -> tuple[str, ...]:
    from inventory.clouds.aws_reach import pages

    ec2 = asked.client("ec2")
    found = pages(ec2, "get_managed_prefix_list_entries", "Entries", PrefixListId=name)
    return tuple(each["Cidr"] for each in found)


def routes(
    subnets: Iterable[Mapping[str, Any]], tables: Iterable[Mapping[str, Any]], around: Around
) -> Routes:
    """Make routes of what DescribeSubnets and DescribeRouteTables say. Pure.

    A subnet that no table names goes by the main table of its network.
    """
    by_subnet: dict[str, Mapping[str, Any]] = {}
    mains: dict[str, Mapping[str, Any]] = {}
    for table in tables:
        for each in table.get("Associations", ()):
            if each.get("Main"):
                mains[table["VpcId"]] = table
            elif "SubnetId" in each:
                by_subnet[each["SubnetId"]] = table
    return Routes(
        routes={
            each["SubnetId"]: _of(
                by_subnet.get(each["SubnetId"]) or mains.get(each["VpcId"]), around
            )
            for each in subnets
        }
    )


def _of(table: Mapping[str, Any] | None, around: Around) -> tuple[Route, ...] | Unknown:
    if table is None:
        return Unknown(reason=Reason.NOT_TOLD, detail="EC2 names no route table for it")
    found: list[Route] = []
    for said in table["Routes"]:
        prefixes = _prefixes(said, around)
        if isinstance(prefixes, Unknown):
            return prefixes
        found += [_route(said, prefix, table["VpcId"], around) for prefix in prefixes]
    return tuple(found)


def _prefixes(said: Mapping[str, Any], around: Around) -> tuple[str, ...] | Unknown:
    """Return the destinations of a route; of one by a list, what is in that.

    What a list holds may take packets from every other route, so that one which cannot be read
    leaves all of them unknown.
    """
    named = _list_of(said)
    return around.lists[named] if named else (_prefix(said),)


def _prefix(said: Mapping[str, Any]) -> str:
    return said.get("DestinationCidrBlock") or said.get("DestinationIpv6CidrBlock") or ""


def _list_of(said: Mapping[str, Any]) -> str | None:
    """Return the list that a route goes by; an endpoint's holds its service's own addresses."""
    is_service = str(said.get("GatewayId") or "").startswith(_ENDPOINT)
    return None if is_service or _prefix(said) else said.get("DestinationPrefixListId")


def _route(said: Mapping[str, Any], prefix: str, network: str, around: Around) -> Route:
    for name, begin, via in _TARGETS:
        target = said.get(name)
        if target and str(target).startswith(begin):
            if said.get("State") == "blackhole":
                return Route(prefix=prefix, via=Via.BLACKHOLE, target=target)
            beyond = _beyond(name, target, network, around)
            return Route(prefix=prefix, via=via, target=target, beyond=beyond)
    via = Via.BLACKHOLE if said.get("State") == "blackhole" else Via.OTHER
    return Route(prefix=prefix, via=via, target=said.get("GatewayId") or "an unknown target")


def _beyond(
    kind: str, target: str, network: str, around: Around
) -> tuple[Route, ...] | Unknown | None:
    if kind == _TRANSIT:
        return around.beyond[target, network]
    if kind == _CORE:
        detail = f"the routes of the core network {target} are not read"
        return Unknown(reason=Reason.NOT_ASKED, detail=detail)
    return None


READER = Reader(
    tells=Routes,
    calls=(
        aws_call("ec2:DescribeSubnets"),
        aws_call("ec2:DescribeRouteTables"),
        _LIST,
        ATTACHMENTS,
        SEARCH,
    ),
    read=_read,
)
