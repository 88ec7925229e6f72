"""Stop protection of instances; EC2 tells it of one instance at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_readers._instances import servers
from migrate.clouds.singly import singly
from migrate.model.reader import Reader
from migrate.model.target_protection import StopProtection

_CALLS: Final = (aws_call("ec2:DescribeInstanceAttribute"),)


def _read(asked: AwsAsked) -> Mapping[str, StopProtection | Unknown]:
    ec2 = asked.client("ec2")

    def ask(instance: str) -> StopProtection:
        said = ec2.describe_instance_attribute(InstanceId=instance, Attribute="disableApiStop")
        return StopProtection(on=said["DisableApiStop"]["Value"])

    return singly(asked, servers(asked), ask, _CALLS)


READER = Reader(tells=StopProtection, calls=_CALLS, read=_read)
