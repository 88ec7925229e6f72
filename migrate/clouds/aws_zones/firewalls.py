"""Security groups of AWS, and what they let in from the world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from inventory.model.cloud_calls import aws_call
from migrate.clouds.zones import AwsZoneAsked
from migrate.model.landing_firewalls import Firewalls, Opening
from migrate.model.reader import Reader

_MOST_FILTER_VALUES = 200
_WORLD = frozenset({"0.0.0.0/0", "::/0"})
_EVERY_PROTOCOL = "-1"
_LAST_PORT = 65535


def _read(asked: AwsZoneAsked) -> Mapping[str, Firewalls]:
    from inventory.clouds.aws_reach import in_chunks, pages

    groups = (
        each
        for some in in_chunks(asked.zone.security_groups, _MOST_FILTER_VALUES)
        for each in pages(
            asked.client("ec2"),
            "describe_security_groups",
            "SecurityGroups",
            Filters=[{"Name": "group-id", "Values": list(some)}],
        )
    )
    return {asked.id: firewalls(groups)}


def firewalls(groups: Iterable[Mapping[str, Any]]) -> Firewalls:
    """Make it of what DescribeSecurityGroups says. Pure."""
    return Firewalls(
        open_to_world={
            each["GroupId"]: tuple(
                _opening(rule) for rule in each["IpPermissions"] if _is_of_world(rule)
            )
            for each in groups
        }
    )


def _is_of_world(rule: Mapping[str, Any]) -> bool:
    ranges = {
        *(each.get("CidrIp") for each in rule.get("IpRanges", ())),
        *(each.get("CidrIpv6") for each in rule.get("Ipv6Ranges", ())),
    }
    return bool(ranges & _WORLD)


def _opening(rule: Mapping[str, Any]) -> Opening:
    protocol = rule["IpProtocol"]
    if protocol == _EVERY_PROTOCOL:
        return Opening(protocol="all", first=0, last=_LAST_PORT)
    if protocol in {"tcp", "udp"}:
        return Opening(protocol=protocol, first=rule["FromPort"], last=rule["ToPort"])
    return Opening(protocol=protocol, first=0, last=_LAST_PORT)


READER = Reader(tells=Firewalls, calls=(aws_call("ec2:DescribeSecurityGroups"),), read=_read)
