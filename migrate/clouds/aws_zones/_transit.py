"""Where transit gateways send what comes from a network: the table of its attachment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.zones import AwsZoneAsked, partly
from migrate.model.landing_routes import Route, Via

ATTACHMENTS: Final = aws_call("ec2:DescribeTransitGatewayAttachments")
SEARCH: Final = aws_call("ec2:SearchTransitGatewayRoutes")
_VIAS: Final = {
    "vpn": Via.ON_PREMISE,
    "vpn-concentrator": Via.ON_PREMISE,
    "direct-connect-gateway": Via.ON_PREMISE,
    "vpc": Via.NETWORK,
}
"""Of all else that may be attached, what it does with packets is its own affair."""
_IN_USE: Final = ["active", "blackhole"]
_MORE: Final = "AdditionalRoutesAvailable"
Beyond = Mapping[tuple[str, str], tuple[Route, ...] | Unknown]
"""What a transit gateway does with packets of a network: by the gateway's id and the network's."""


def beyond_gateways(
    asked: AwsZoneAsked, networks: Iterable[str], gateways: Iterable[str]
) -> Beyond:
    """Return the routes of each gateway for each network; what cannot be read is unknown."""
    pairs = [(gateway, network) for gateway in gateways for network in networks]
    if not pairs:
        return {}
    wanted = sorted({network for _, network in pairs})
    found = partly(asked, lambda: _attachments(asked, wanted), ATTACHMENTS)
    if isinstance(found, Unknown):
        return dict.fromkeys(pairs, found)
    tables = {pair: table_of(found, *pair) for pair in pairs}
    routes = {
        each: partly(asked, partial(_search, asked, each), SEARCH)
        for each in {table for table in tables.values() if isinstance(table, str)}
    }
    return {
        pair: table if isinstance(table, Unknown) else routes[table]
        for pair, table in tables.items()
    }


def table_of(attachments: Iterable[Mapping[str, Any]], gateway: str, network: str) -> str | Unknown:
    """Return the table by which a gateway routes what comes from a network. Pure.

    Only the account that owns a gateway is told which table that is, and may read it.
    """
    own = [
        each
        for each in attachments
        if each["TransitGatewayId"] == gateway and each["ResourceId"] == network
    ]
    tables = [(each.get("Association") or {}).get("TransitGatewayRouteTableId") for each in own]
    if len(own) == 1 and tables[0]:
        return str(tables[0])
    owner = next((each.get("TransitGatewayOwnerId") for each in own), None)
    whose = f", which is account {owner}'s" if owner else ""
    detail = f"EC2 does not say by which table {gateway}{whose} routes what comes from {network}"
    return Unknown(reason=Reason.NOT_TOLD, detail=detail)


def route(said: Mapping[str, Any]) -> Route:
    """Make a route of what SearchTransitGatewayRoutes says of one. Pure."""
    attached = said.get("TransitGatewayAttachments") or ()
    vias = {_VIAS.get(each.get("ResourceType") or "", Via.APPLIANCE) for each in attached}
    via = vias.pop() if len(vias) == 1 else Via.APPLIANCE
    named = (f"{each.get('ResourceType')} {each.get('ResourceId')}" for each in attached)
    return Route(
        prefix=said["DestinationCidrBlock"],
        via=Via.BLACKHOLE if said["State"] == "blackhole" else via,
        target=" and ".join(named) or "nothing",
    )


def _attachments(asked: AwsZoneAsked, networks: list[str]) -> list[Mapping[str, Any]]:
    from inventory.clouds.aws_reach import pages

    return list(
        pages(
            asked.client("ec2"),
            "describe_transit_gateway_attachments",
            "TransitGatewayAttachments",
            Filters=[
                {"Name": "resource-type", "Values": ["vpc"]},
                {"Name": "resource-id", "Values": networks},
                {"Name": "state", "Values": ["available", "modifying"]},
            ],
        )
    )


def _search(asked: AwsZoneAsked, table: str) -> tuple[Route, ...]:
    """Return every route of a table.

    Raises:
        ValueError: EC2 tells only some of them.

    """
    from inventory.clouds.aws_reach import whole_pages

    found: list[Route] = []
    more = False
    for page in whole_pages(
        asked.client("ec2"),
        "search_transit_gateway_routes",
        "Routes",
        TransitGatewayRouteTableId=table,
        Filters=[{"Name": "state", "Values": _IN_USE}],
    ):
        found += map(route, page["Routes"])
        more = bool(page.get(_MORE))
    if more:
        raise ValueError(f"there are more routes in {table} than are told")
    return tuple(found)
