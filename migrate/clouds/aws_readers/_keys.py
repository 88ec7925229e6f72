"""Whose the keys are that things are encrypted by, as KMS says; asked once a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.singly import singly
from migrate.model.target_disks import KeyOwner

DESCRIBE_KEY: Final = aws_call("kms:DescribeKey")
_OWNERS: Final = {"AWS": KeyOwner.PROVIDER, "CUSTOMER": KeyOwner.CUSTOMER}
Owners = Mapping[str, KeyOwner | Unknown]


def owners_of(asked: AwsAsked, keys: Iterable[str | None]) -> Owners:
    """Return who manages each key, by the name that it is asked under."""

    def ask(key: str) -> KeyOwner | Unknown:
        said = asked.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyManager"]
        new = Unknown(reason=Reason.UNREADABLE, detail=f"KMS says that {said} manages the key")
        return _OWNERS.get(said, new)

    return singly(asked, sorted({each for each in keys if each}), ask, (DESCRIBE_KEY,))


def owner_in(owners: Owners, key: str | None) -> KeyOwner | Unknown:
    """Return who manages the key of something that is encrypted."""
    if key is None:
        return Unknown(reason=Reason.NOT_TOLD, detail="no key is named")
    return owners[key]
