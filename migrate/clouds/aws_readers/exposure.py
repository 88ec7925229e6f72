"""What of instances the internet can reach: public addresses, and rules of security groups.

Network access lists, routes and load balancers can narrow or widen it; they are not looked at. A
rule that the internet may use is told whether or not the instance has a public address today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_readers._instances import DESCRIBE_INSTANCES, filtered, instances
from migrate.clouds.openness import is_internet, is_routed
from migrate.clouds.readers import each_read
from migrate.clouds.singly import singly
from migrate.model.reader import Reader
from migrate.model.target_exposure import Exposure, Opening

_GROUPS: Final = aws_call("ec2:DescribeSecurityGroups")
_LIST: Final = aws_call("ec2:GetManagedPrefixListEntries")
_ANY: Final = "-1"
_WITH_PORTS: Final = frozenset({"tcp", "udp", "6", "17"})
_NAMES: Final = {_ANY: "any", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}

Said = Mapping[str, Any]
Lists = Mapping[str, tuple[str, ...] | Unknown]


def _read(asked: AwsAsked) -> Mapping[str, Exposure | Unknown]:
    found = instances(asked)
    named = sorted({group for each in found.values() for group in _groups(each)})
    groups = {
        each["GroupId"]: each
        for each in filtered(asked, "describe_security_groups", "SecurityGroups", "group-id", named)
    }
    lists = _lists(asked, groups.values())
    return each_read(found, lambda said: exposure(said, groups, lists))


def _lists(asked: AwsAsked, groups: Iterable[Said]) -> Lists:
    """Return the ranges of every prefix list that a rule names."""
    from inventory.clouds.aws_reach import pages

    named = sorted(
        {
            each["PrefixListId"]
            for group in groups
            for rule in group["IpPermissions"]
            for each in rule.get("PrefixListIds", ())
        }
    )
    ec2 = asked.client("ec2")

    def ask(name: str) -> tuple[str, ...]:
        found = pages(ec2, "get_managed_prefix_list_entries", "Entries", PrefixListId=name)
        return tuple(each["Cidr"] for each in found)

    return singly(asked, named, ask, (_LIST,))


def exposure(said: Said, groups: Mapping[str, Said], lists: Lists) -> Exposure | Unknown:
    """Make it of what EC2 says of an instance, of security groups and of prefix lists. Pure."""
    for card in said.get("NetworkInterfaces", ()):
        if not card.get("Groups"):
            which = card.get("NetworkInterfaceId", "an interface")
            detail = f"EC2 names no security group of {which}, and each has at least one"
            return Unknown(reason=Reason.NOT_TOLD, detail=detail)
    named = _groups(said)
    for each in named:
        if each not in groups:
            detail = f"EC2 does not describe the security group {each}"
            return Unknown(reason=Reason.NOT_TOLD, detail=detail)
    openings: list[Opening] = []
    for name in named:
        for rule in groups[name]["IpPermissions"]:
            wide = _wide(rule, lists)
            if isinstance(wide, Unknown):
                return wide
            openings += [_opening(rule, source, name) for source in wide]
    return Exposure(
        public_addresses=tuple(dict.fromkeys(_public(said))),
        openings=tuple(openings),
        filtered=all(card.get("Groups") for card in said["NetworkInterfaces"]),
    )


def _groups(said: Said) -> tuple[str, ...]:
    cards = said["NetworkInterfaces"]
    held = [group for card in cards for group in card.get("Groups", ())]
    return tuple(
        dict.fromkeys(each["GroupId"] for each in (*held, *said.get("SecurityGroups", ())))
    )


def _public(said: Said) -> Iterator[str]:
    if said.get("PublicIpAddress"):
        yield said["PublicIpAddress"]
    for card in said["NetworkInterfaces"]:
        for each in card.get("PrivateIpAddresses", ()):
            public = each.get("Association", {}).get("PublicIp")
            if public:
                yield public
        for each in card.get("Ipv6Addresses", ()):
            if is_routed(each["Ipv6Address"]):
                yield each["Ipv6Address"]


def _wide(rule: Said, lists: Lists) -> tuple[str, ...] | Unknown:
    """Return the rule's sources that are the internet."""
    found = [each["CidrIp"] for each in rule.get("IpRanges", ())]
    found += [each["CidrIpv6"] for each in rule.get("Ipv6Ranges", ())]
    wide = [each for each in found if is_internet(each)]
    for each in rule.get("PrefixListIds", ()):
        ranges = lists[each["PrefixListId"]]
        if isinstance(ranges, Unknown):
            return ranges
        wide += [f"{each['PrefixListId']} ({one})" for one in ranges if is_internet(one)]
    return tuple(wide)


def _opening(rule: Said, source: str, group: str) -> Opening:
    protocol: str = rule["IpProtocol"]
    has_ports = protocol in _WITH_PORTS and rule.get("FromPort", -1) >= 0
    return Opening(
        protocol=_NAMES.get(protocol, protocol),
        first=rule["FromPort"] if has_ports else 0,
        last=rule["ToPort"] if has_ports else 65535,
        source=source,
        rule=group,
    )


READER = Reader(tells=Exposure, calls=(DESCRIBE_INSTANCES, _GROUPS, _LIST), read=_read)
