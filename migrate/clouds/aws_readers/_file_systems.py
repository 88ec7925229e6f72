"""File systems of EFS and of FSx, listed; they have private addresses only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_readers._keys import Owners, owner_in, owners_of
from migrate.clouds.readers import each_read
from migrate.clouds.singly import singly
from migrate.model.target_storage import Kept, Storage

_LIST_EFS: Final = aws_call("efs:DescribeFileSystems", "elasticfilesystem:DescribeFileSystems")
_EFS_BACKUP: Final = aws_call("efs:DescribeBackupPolicy", "elasticfilesystem:DescribeBackupPolicy")
_LIST_FSX: Final = aws_call("fsx:DescribeFileSystems")
CALLS: Final = (_LIST_EFS, _EFS_BACKUP, _LIST_FSX)
_SERVES: Final = frozenset({"AVAILABLE", "UPDATING"})
"""A misconfigured file system of FSx may serve or not, so that word says neither."""
_DOES_NOT_SERVE: Final = frozenset(
    {"CREATING", "DELETED", "DELETING", "ERROR", "FAILED", "MISCONFIGURED_UNAVAILABLE"}
)
_BACKED_UP: Final = frozenset({"ENABLED", "ENABLING"})
Policy = str | Unknown


def of_efs(asked: AwsAsked, ids: list[str]) -> Mapping[str, Storage | Unknown]:
    """Return what is told of each file system of EFS."""
    from inventory.clouds.aws_reach import pages

    client = asked.client("efs")
    found = {
        each["FileSystemArn"]: each
        for each in pages(client, "describe_file_systems", "FileSystems")
        if each["FileSystemArn"] in ids
    }

    def backup_of(system: str) -> str:
        try:
            said = client.describe_backup_policy(FileSystemId=system)
        except client.exceptions.PolicyNotFound:
            return "DISABLED"
        return str(said["BackupPolicy"]["Status"])

    systems = [each["FileSystemId"] for each in found.values()]
    backups = singly(asked, systems, backup_of, (_EFS_BACKUP,))
    owners = owners_of(asked, (each.get("KmsKeyId") for each in found.values()))
    return each_read(
        found, lambda said: efs(said, backups[said["FileSystemId"]], owners, asked.place.region)
    )


def of_fsx(asked: AwsAsked, ids: list[str]) -> Mapping[str, Storage | Unknown]:
    """Return what is told of each file system of FSx."""
    from inventory.clouds.aws_reach import pages

    found = {
        each["ResourceARN"]: each
        for each in pages(asked.client("fsx"), "describe_file_systems", "FileSystems")
        if each["ResourceARN"] in ids
    }
    owners = owners_of(asked, (each.get("KmsKeyId") for each in found.values()))
    return each_read(found, lambda said: fsx(said, owners, asked.place.region))


def efs(said: Mapping[str, Any], backup: Policy, owners: Owners, region: str) -> Storage:
    """Make storage of what EFS says of a file system. Pure; ``backup`` is its policy's state."""
    kept: tuple[Kept, ...] | Unknown = ()
    if isinstance(backup, Unknown):
        kept = backup
    elif backup in _BACKED_UP:
        kept = (Kept(what="automatic backups", days=None),)
    encrypted = bool(said["Encrypted"])
    return Storage(
        id=said["FileSystemArn"],
        kind="file system",
        region=region,
        state=said["LifeCycleState"],
        up=_up(said["LifeCycleState"]),
        encrypted=encrypted,
        key_owner=owner_in(owners, said.get("KmsKeyId")) if encrypted else None,
        key=said.get("KmsKeyId"),
        public=False,
        every_network=False,
        kept=kept,
        transit_encrypted=_untold("EFS"),
        created=said["CreationTime"].isoformat(),
    )


def fsx(said: Mapping[str, Any], owners: Owners, region: str) -> Storage:
    """Make storage of what FSx says of a file system. Pure."""
    kinds = [each for key, each in said.items() if key.endswith("Configuration")]
    days = next((each.get("AutomaticBackupRetentionDays") for each in kinds), None) or 0
    return Storage(
        id=said["ResourceARN"],
        kind="file system",
        region=region,
        state=said["Lifecycle"],
        up=_up(said["Lifecycle"]),
        encrypted=True,
        key_owner=owner_in(owners, said.get("KmsKeyId")),
        key=said.get("KmsKeyId"),
        public=False,
        every_network=False,
        kept=(Kept(what="automatic backups", days=days),) if days else (),
        transit_encrypted=_untold("FSx"),
        created=said["CreationTime"].isoformat(),
    )


def _up(state: str) -> bool | None:
    word = state.upper()
    if word in _SERVES:
        return True
    return False if word in _DOES_NOT_SERVE else None


def _untold(service: str) -> Unknown:
    detail = f"{service} does not say whether it takes encrypted connections only"
    return Unknown(reason=Reason.NOT_TOLD, detail=detail)
