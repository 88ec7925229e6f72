"""EC2 instances: state, size, place, network, disks and tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.model.cloud_calls import aws_call
from migrate.clouds.asking import AwsAsked
from migrate.model.reader import Reader
from migrate.model.target import Machine

_MOST_FILTER_VALUES = 200
"""Most values of one filter: EC2 API reference, DescribeInstances."""


def _read(asked: AwsAsked) -> Mapping[str, Machine]:
    from inventory.clouds.aws_reach import in_chunks, pages

    ec2 = asked.client("ec2")
    found = (
        instance
        for ids in in_chunks(asked.ids, _MOST_FILTER_VALUES)
        for reservation in pages(
            ec2,
            "describe_instances",
            "Reservations",
            Filters=[{"Name": "instance-id", "Values": list(ids)}],
        )
        for instance in reservation["Instances"]
    )
    return {each["InstanceId"]: machine(each, asked.place.region) for each in found}


def machine(said: Mapping[str, Any], region: str) -> Machine:
    """Make a machine of what DescribeInstances says of an instance. Pure."""
    interfaces = said.get("NetworkInterfaces", ())
    private = [each for card in interfaces for each in card.get("PrivateIpAddresses", ())]
    launched = said.get("LaunchTime")
    return Machine(
        id=said["InstanceId"],
        state=said["State"]["Name"],
        size=said.get("InstanceType"),
        region=region,
        zone=said.get("Placement", {}).get("AvailabilityZone"),
        subnets=_once([card.get("SubnetId") for card in interfaces] + [said.get("SubnetId")]),
        addresses=_once(
            [said.get("PrivateIpAddress"), *(each.get("PrivateIpAddress") for each in private)]
        ),
        public_addresses=_once(
            [
                said.get("PublicIpAddress"),
                *(each.get("Association", {}).get("PublicIp") for each in private),
            ]
        ),
        disks=tuple(
            each["Ebs"]["VolumeId"] for each in said.get("BlockDeviceMappings", ()) if "Ebs" in each
        ),
        tags={each["Key"]: each["Value"] for each in said.get("Tags", ())},
        launched=launched.isoformat() if launched else None,
    )


def _once(found: list[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in found if each))


READER = Reader(tells=Machine, calls=(aws_call("ec2:DescribeInstances"),), read=_read)
