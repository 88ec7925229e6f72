"""Termination protection of instances.

EC2 tells an attribute of one instance at a time, and nothing else tells this one: neither
DescribeInstances nor AWS Config's record of an instance has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_readers._instances import servers
from migrate.clouds.singly import singly
from migrate.model.reader import Reader
from migrate.model.target_protection import DeletionProtection

_CALLS: Final = (aws_call("ec2:DescribeInstanceAttribute"),)


def _read(asked: AwsAsked) -> Mapping[str, DeletionProtection | Unknown]:
    ec2 = asked.client("ec2")

    def ask(instance: str) -> DeletionProtection:
        said = ec2.describe_instance_attribute(
            InstanceId=instance, Attribute="disableApiTermination"
        )
        on = said["DisableApiTermination"]["Value"]
        return DeletionProtection(on=on, by=("termination protection",) if on else ())

    return singly(asked, servers(asked), ask, _CALLS)


READER = Reader(tells=DeletionProtection, calls=_CALLS, read=_read)
