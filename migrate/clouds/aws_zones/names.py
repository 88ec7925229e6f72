"""How names are resolved in a VPC: its resolver, DHCP options, resolver rules, private zones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Unknown
from migrate.clouds.aws_zones._network import described_subnets, networks_of
from migrate.clouds.zones import AwsZoneAsked, partly
from migrate.model.landing_names import Names, Resolution
from migrate.model.reader import Reader

_RULES = (
    aws_call("route53resolver:ListResolverRules"),
    aws_call("route53resolver:ListResolverRuleAssociations"),
)
_ZONES = aws_call("route53:ListHostedZonesByVPC")
_PROVIDED = "AmazonProvidedDNS"


def _read(asked: AwsZoneAsked) -> Mapping[str, Names]:
    networks = networks_of(described_subnets(asked))
    return {asked.id: Names(networks={each: _network(asked, each) for each in networks})}


def _network(asked: AwsZoneAsked, network: str) -> Resolution:
    from inventory.clouds.aws_reach import pages

    ec2 = asked.client("ec2")
    support = ec2.describe_vpc_attribute(VpcId=network, Attribute="enableDnsSupport")
    hostnames = ec2.describe_vpc_attribute(VpcId=network, Attribute="enableDnsHostnames")
    (described,) = pages(
        ec2, "describe_vpcs", "Vpcs", Filters=[{"Name": "vpc-id", "Values": [network]}]
    )
    options = pages(
        ec2,
        "describe_dhcp_options",
        "DhcpOptions",
        Filters=[{"Name": "dhcp-options-id", "Values": [described["DhcpOptionsId"]]}],
    )
    rules = partly(asked, lambda: _rules(asked, network), *_RULES)
    zones = partly(asked, lambda: _zones(asked, network), _ZONES)
    return resolution(
        support=bool(support["EnableDnsSupport"]["Value"]),
        hostnames=bool(hostnames["EnableDnsHostnames"]["Value"]),
        options=options,
        rules=rules,
        zones=zones,
    )


def resolution(
    *,
    support: bool,
    hostnames: bool,
    options: Iterable[Mapping[str, Any]],
    rules: tuple[tuple[Mapping[str, Any], str], ...] | Unknown,
    zones: tuple[str, ...] | Unknown,
) -> Resolution:
    """Make it of what EC2 says of a network, with its resolver rules and private zones. Pure.

    A rule comes with the word for how it stands in this network.
    """
    servers = [
        value["Value"]
        for each in options
        for one in each.get("DhcpConfigurations", ())
        if one["Key"] == "domain-name-servers"
        for value in one["Values"]
    ]
    told = [each for each in (rules, zones) if isinstance(each, Unknown)]
    usable = [] if isinstance(rules, Unknown) else [r for r, s in rules if _works(r, s)]
    broken = [] if isinstance(rules, Unknown) else [(r, s) for r, s in rules if not _works(r, s)]
    domains = [each["DomainName"] for each in usable if each.get("RuleType") == "FORWARD"]
    return Resolution(
        provider=support,
        hostnames=hostnames,
        servers=tuple(each for each in servers if each != _PROVIDED),
        forwarded=told[0]
        if told
        else tuple(each.strip(".").lower() for each in (*domains, *_known(zones))),
        broken=tuple(
            f"{rule.get('DomainName')}: rule {rule.get('Status')}, here {stands}"
            for rule, stands in broken
        ),
    )


def _known(zones: tuple[str, ...] | Unknown) -> tuple[str, ...]:
    return () if isinstance(zones, Unknown) else zones


def _works(rule: Mapping[str, Any], stands: str) -> bool:
    return rule.get("Status") == "COMPLETE" and stands == "COMPLETE"


def _rules(asked: AwsZoneAsked, network: str) -> tuple[tuple[Mapping[str, Any], str], ...]:
    from inventory.clouds.aws_reach import pages

    resolver = asked.client("route53resolver")
    here = {
        each["ResolverRuleId"]: each.get("Status", "")
        for each in pages(
            resolver,
            "list_resolver_rule_associations",
            "ResolverRuleAssociations",
            Filters=[{"Name": "VPCId", "Values": [network]}],
        )
    }
    if not here:
        return ()
    rules = pages(resolver, "list_resolver_rules", "ResolverRules")
    return tuple((each, here[each["Id"]]) for each in rules if each["Id"] in here)


def _zones(asked: AwsZoneAsked, network: str) -> tuple[str, ...]:
    from inventory.clouds.aws_reach import follow

    ask = partial(
        asked.client("route53").list_hosted_zones_by_vpc,
        VPCId=network,
        VPCRegion=asked.place.region,
    )
    return tuple(each["Name"] for each in follow(ask, "HostedZoneSummaries", "NextToken"))


READER = Reader(
    tells=Names,
    calls=(
        aws_call("ec2:DescribeSubnets"),
        aws_call("ec2:DescribeVpcs"),
        aws_call("ec2:DescribeVpcAttribute"),
        aws_call("ec2:DescribeDhcpOptions"),
        *_RULES,
        _ZONES,
    ),
    read=_read,
)
