"""EC2 instances: state, size, place, network, disks, tags, and how they ask for metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from inventory.model.fact import Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_readers._instances import DESCRIBE_INSTANCES, instances
from migrate.clouds.readers import each_read
from migrate.model.reader import Reader
from migrate.model.target import Machine
from migrate.model.target_metadata import MetadataService


def _read(asked: AwsAsked) -> Mapping[str, Machine | Unknown]:
    return each_read(instances(asked), lambda said: machine(said, asked.place.region))


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
        subnets=_once([*(card.get("SubnetId") for card in interfaces), said.get("SubnetId")]),
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
        networks=_once([*(card.get("VpcId") for card in interfaces), said.get("VpcId")]),
        metadata=_metadata(said.get("MetadataOptions", {})),
    )


def _metadata(said: Mapping[str, Any]) -> MetadataService | None:
    endpoint, tokens = said.get("HttpEndpoint"), said.get("HttpTokens")
    if endpoint is None or tokens is None:
        return None
    return MetadataService(
        endpoint=endpoint,
        tokens=tokens,
        hop_limit=said.get("HttpPutResponseHopLimit"),
        state=said.get("State"),
    )


def _once(found: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in found if each))


READER = Reader(tells=Machine, calls=(DESCRIBE_INSTANCES,), read=_read)
