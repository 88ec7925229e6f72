"""Updates that instances lack, by Patch Manager's last scan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_readers._instances import servers
from migrate.clouds.readers import each_read
from migrate.model.reader import Reader
from migrate.model.target_patches import Patches

_MOST_IDS: Final = 50
"""Systems Manager API reference, DescribeInstancePatchStates."""
_NEVER: Final = Unknown(
    reason=Reason.NOT_TOLD,
    detail="Patch Manager has no result: run AWS-RunPatchBaseline with Operation=Scan on it",
)


def _read(asked: AwsAsked) -> Mapping[str, Patches | Unknown]:
    from inventory.clouds.aws_reach import in_chunks, pages

    found = {
        each["InstanceId"]: each
        for some in in_chunks(servers(asked), _MOST_IDS)
        for each in pages(
            asked.client("ssm"),
            "describe_instance_patch_states",
            "InstancePatchStates",
            InstanceIds=list(some),
        )
    }
    return {**dict.fromkeys(servers(asked), _NEVER), **each_read(found, patches)}


def patches(said: Mapping[str, Any]) -> Patches:
    """Make them of what DescribeInstancePatchStates says of an instance. Pure.

    Counts are of what the instance's patch baseline approves.
    """
    pending = said.get("InstalledPendingRebootCount")
    return Patches(
        assessed=said.get("OperationEndTime"),
        state=said["Operation"],
        critical=said.get("CriticalNonCompliantCount"),
        security=said.get("SecurityNonCompliantCount"),
        other=said.get("OtherNonCompliantCount"),
        failed=said.get("FailedCount"),
        reboot_pending=None if pending is None else pending > 0,
    )


READER = Reader(tells=Patches, calls=(aws_call("ssm:DescribeInstancePatchStates"),), read=_read)
