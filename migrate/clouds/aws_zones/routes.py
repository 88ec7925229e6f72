"""Route tables of AWS: where packets go that leave the subnets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.aws_zones._network import described_subnets, networks_of
from migrate.clouds.zones import AwsZoneAsked
from migrate.model.landing_routes import Route, Routes, Via
from migrate.model.reader import Reader

_TARGETS: Final = (
    ("TransitGatewayId", "", Via.ON_PREMISE),
    ("GatewayId", "vgw-", Via.ON_PREMISE),
    ("GatewayId", "local", Via.INSIDE),
    ("GatewayId", "igw-", Via.INTERNET),
    ("GatewayId", "vpce-", Via.OTHER),
    ("NatGatewayId", "", Via.INTERNET),
    ("EgressOnlyInternetGatewayId", "", Via.INTERNET),
    ("VpcPeeringConnectionId", "", Via.INSIDE),
    ("NetworkInterfaceId", "", Via.APPLIANCE),
    ("InstanceId", "", Via.APPLIANCE),
    ("CoreNetworkArn", "", Via.ON_PREMISE),
)


def _read(asked: AwsZoneAsked) -> Mapping[str, Routes]:
    from inventory.clouds.aws_reach import pages

    found = described_subnets(asked)
    if not found:
        return {asked.id: Routes(routes={})}
    tables = pages(
        asked.client("ec2"),
        "describe_route_tables",
        "RouteTables",
        Filters=[{"Name": "vpc-id", "Values": networks_of(found)}],
    )
    return {asked.id: routes(found, tables)}


def routes(subnets: Iterable[Mapping[str, Any]], tables: Iterable[Mapping[str, Any]]) -> Routes:
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
            each["SubnetId"]: _of(by_subnet.get(each["SubnetId"]) or mains.get(each["VpcId"]))
            for each in subnets
        }
    )


def _of(table: Mapping[str, Any] | None) -> tuple[Route, ...] | Unknown:
    if table is None:
        return Unknown(reason=Reason.NOT_TOLD, detail="EC2 names no route table for it")
    return tuple(_route(each) for each in table["Routes"])


def _route(said: Mapping[str, Any]) -> Route:
    prefix = said.get("DestinationCidrBlock") or said.get("DestinationIpv6CidrBlock") or ""
    for name, begin, via in _TARGETS:
        target = said.get(name)
        if target and str(target).startswith(begin):
            gone = said.get("State") == "blackhole"
            return Route(prefix=prefix, via=Via.BLACKHOLE if gone else via, target=target)
    via = Via.BLACKHOLE if said.get("State") == "blackhole" else Via.OTHER
    return Route(prefix=prefix, via=via, target=said.get("GatewayId") or "an unknown target")


READER = Reader(
    tells=Routes,
    calls=(aws_call("ec2:DescribeSubnets"), aws_call("ec2:DescribeRouteTables")),
    read=_read,
)
