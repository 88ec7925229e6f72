"""Subnets of AWS, and how many addresses they have left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from inventory.model.cloud_calls import aws_call
from migrate.clouds.aws_zones._network import described_subnets
from migrate.clouds.zones import AwsZoneAsked
from migrate.model.landing_subnets import Subnet, Subnets
from migrate.model.reader import Reader


def _read(asked: AwsZoneAsked) -> Mapping[str, Subnets]:
    return {asked.id: subnets(described_subnets(asked))}


def subnets(said: Iterable[Mapping[str, Any]]) -> Subnets:
    """Make subnets of what DescribeSubnets says. Pure.

    ``AvailableIpAddressCount`` leaves out the five addresses of each subnet that AWS keeps.
    """
    return Subnets(
        subnets={
            each["SubnetId"]: Subnet(
                prefix=each["CidrBlock"],
                free=each["AvailableIpAddressCount"],
                zone=each.get("AvailabilityZone"),
            )
            for each in said
        }
    )


READER = Reader(tells=Subnets, calls=(aws_call("ec2:DescribeSubnets"),), read=_read)
