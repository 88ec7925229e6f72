"""In which availability zones EC2 offers the sizes that are wanted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from inventory.model.cloud_calls import aws_call
from migrate.clouds.zones import AwsZoneAsked
from migrate.model.landing_sizes import Offered, Sizes
from migrate.model.reader import Reader

_MOST_FILTER_VALUES = 200
"""Most values of one filter: EC2 API reference, DescribeInstances."""


def _read(asked: AwsZoneAsked) -> Mapping[str, Sizes]:
    from inventory.clouds.aws_reach import in_chunks, pages

    ec2 = asked.client("ec2")
    offerings = (
        each
        for some in in_chunks(asked.sizes, _MOST_FILTER_VALUES)
        for each in pages(
            ec2,
            "describe_instance_type_offerings",
            "InstanceTypeOfferings",
            LocationType="availability-zone",
            Filters=[{"Name": "instance-type", "Values": list(some)}],
        )
    )
    return {asked.id: sizes(offerings)}


def sizes(offerings: Iterable[Mapping[str, Any]]) -> Sizes:
    """Make sizes of what DescribeInstanceTypeOfferings says of availability zones. Pure."""
    zones: dict[str, list[str]] = defaultdict(list)
    for each in offerings:
        zones[each["InstanceType"]].append(each["Location"])
    return Sizes(
        offered={
            size: Offered(region=True, zones=tuple(sorted(found))) for size, found in zones.items()
        }
    )


READER = Reader(tells=Sizes, calls=(aws_call("ec2:DescribeInstanceTypeOfferings"),), read=_read)
