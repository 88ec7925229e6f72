"""EBS volumes of instances: size, encryption, and whose key it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_readers._instances import filtered, servers
from migrate.clouds.readers import each_read
from migrate.clouds.singly import singly
from migrate.model.reader import Reader
from migrate.model.target_disks import CloudDisk, Disks, KeyOwner

_VOLUMES: Final = aws_call("ec2:DescribeVolumes")
_KEY: Final = aws_call("kms:DescribeKey")
_OWNERS: Final = {"AWS": KeyOwner.PROVIDER, "CUSTOMER": KeyOwner.CUSTOMER}
_ATTACHED: Final = "attachment.instance-id"
_GIB: Final = 2**30

Keys = Mapping[str, Mapping[str, Any] | Unknown]


def _read(asked: AwsAsked) -> Mapping[str, Disks | Unknown]:
    of_instance: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    keys: dict[str, None] = {}
    for volume in filtered(asked, "describe_volumes", "Volumes", _ATTACHED, servers(asked)):
        if volume.get("KmsKeyId"):
            keys[volume["KmsKeyId"]] = None
        for attached in volume["Attachments"]:
            of_instance[attached["InstanceId"]].append(volume)
    described = _keys(asked, tuple(keys))
    return each_read(of_instance, lambda volumes: disks(volumes, described))


def _keys(asked: AwsAsked, arns: Sequence[str]) -> Keys:
    """Return what KMS says of each key: few keys hold many volumes."""

    def ask(arn: str) -> Mapping[str, Any]:
        said: Mapping[str, Any] = asked.client("kms").describe_key(KeyId=arn)["KeyMetadata"]
        return said

    return singly(asked, arns, ask, (_KEY,))


def disks(volumes: Sequence[Mapping[str, Any]], keys: Keys) -> Disks:
    """Make them of what DescribeVolumes says, and DescribeKey of each key by its ARN. Pure."""
    return Disks(disks=tuple(_disk(each, keys) for each in volumes))


def _disk(said: Mapping[str, Any], keys: Keys) -> CloudDisk:
    arn = said.get("KmsKeyId")
    encrypted = _encrypted(said)
    owner, state = _owner(said, keys[arn]) if arn else (None, None)
    if encrypted is True and arn is None:
        owner = Unknown(reason=Reason.NOT_TOLD, detail="EC2 names no key")
    return CloudDisk(
        id=said["VolumeId"],
        size_bytes=said["Size"] * _GIB,
        encrypted=encrypted,
        key_owner=owner,
        key=arn,
        key_state=state,
    )


def _encrypted(said: Mapping[str, Any]) -> bool | Unknown:
    """Tell it as EC2 does, which in answers recorded before 2014 it does not."""
    not_told = Unknown(reason=Reason.NOT_TOLD, detail="EC2 does not say whether it is Encrypted")
    return bool(said["Encrypted"]) if "Encrypted" in said else not_told


def _owner(
    said: Mapping[str, Any], key: Mapping[str, Any] | Unknown
) -> tuple[KeyOwner | Unknown | None, str | Unknown | None]:
    if _encrypted(said) is False:
        return None, None
    if isinstance(key, Unknown):
        return key, key
    manager = key.get("KeyManager")
    new = Unknown(reason=Reason.NOT_TOLD, detail=f"KMS says that {manager} manages the key")
    return _OWNERS.get(str(manager), new), key.get("KeyState")


READER = Reader(tells=Disks, calls=(_VOLUMES, _KEY), read=_read)
