"""What several readers ask of the network of a landing zone of AWS."""

from __future__ import annotations

from typing import Any

from migrate.clouds.zones import AwsZoneAsked

_MOST_FILTER_VALUES = 200
"""Most values of one filter: EC2 API reference, DescribeInstances."""


def described_subnets(asked: AwsZoneAsked) -> list[dict[str, Any]]:
    """Return what DescribeSubnets says of the zone's subnets, as far as they exist."""
    from inventory.clouds.aws_reach import in_chunks, pages

    def ask() -> list[dict[str, Any]]:
        return [
            each
            for some in in_chunks(asked.zone.subnets, _MOST_FILTER_VALUES)
            for each in pages(
                asked.client("ec2"),
                "describe_subnets",
                "Subnets",
                Filters=[{"Name": "subnet-id", "Values": list(some)}],
            )
        ]

    return asked.shared.once((asked.place, "subnets", asked.zone.subnets), ask)


def networks_of(subnets: list[dict[str, Any]]) -> list[str]:
    """Return the ids of the networks that subnets are in."""
    return sorted({each["VpcId"] for each in subnets})
