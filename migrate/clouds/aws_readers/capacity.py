"""Processors and memory of EC2 instances, as their types and their own options have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_readers._instances import DESCRIBE_INSTANCES, instances
from migrate.clouds.readers import each_read
from migrate.model.reader import Reader
from migrate.model.target_size import Capacity

_MOST_TYPES: Final = 100
"""EC2 API reference, DescribeInstanceTypes."""
_MIB: Final = 2**20


def _read(asked: AwsAsked) -> Mapping[str, Capacity | Unknown]:
    from inventory.clouds.aws_reach import in_chunks, pages

    found = instances(asked)
    names = sorted({each["InstanceType"] for each in found.values()})
    types = {
        each["InstanceType"]: each
        for some in in_chunks(names, _MOST_TYPES)
        for each in pages(
            asked.client("ec2"), "describe_instance_types", "InstanceTypes", InstanceTypes=some
        )
    }
    return each_read(found, lambda said: capacity(said, types.get(said["InstanceType"], {})))


def capacity(said: Mapping[str, Any], type_: Mapping[str, Any]) -> Capacity:
    """Make it of what EC2 says of an instance and of its type. Pure.

    Processors that were switched off for the instance (its CPU options) do not count.
    """
    options = said.get("CpuOptions", {})
    cores, threads = options.get("CoreCount"), options.get("ThreadsPerCore")
    vcpus = cores * threads if cores and threads else type_.get("VCpuInfo", {}).get("DefaultVCpus")
    mib = type_.get("MemoryInfo", {}).get("SizeInMiB")
    untold = Unknown(
        reason=Reason.NOT_TOLD, detail=f"EC2 does not describe the type {said['InstanceType']}"
    )
    return Capacity(
        size=said["InstanceType"],
        vcpus=untold if vcpus is None else vcpus,
        memory_bytes=untold if mib is None else mib * _MIB,
    )


READER = Reader(
    tells=Capacity, calls=(DESCRIBE_INSTANCES, aws_call("ec2:DescribeInstanceTypes")), read=_read
)
