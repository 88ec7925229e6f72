"""Keys of KMS: whether they can be used, and are rotated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.zones import AwsZoneAsked, partly
from migrate.model.landing_keys import Key, Keys
from migrate.model.reader import Reader

_KEY, _ROTATION = aws_call("kms:DescribeKey"), aws_call("kms:GetKeyRotationStatus")
_USABLE = (
    {"Enabled": True}
    | dict.fromkeys(
        ("Creating", "Disabled", "PendingDeletion", "PendingImport", "PendingReplicaDeletion"),
        False,
    )
    | dict.fromkeys(("Unavailable", "Updating"), False)
)


def _read(asked: AwsZoneAsked) -> Mapping[str, Keys]:
    found = {each: _key(asked, each) for each in asked.zone.keys}
    return {asked.id: Keys(keys={each: key for each, key in found.items() if key is not None})}


def _key(asked: AwsZoneAsked, wanted: str) -> Key | Unknown | None:
    """Return a key, or None when there is none. KMS tells keys one by one alone."""
    from inventory.clouds.aws_failures import FAILURES, code_of

    def ask() -> Key | None:
        try:
            said = asked.client("kms").describe_key(KeyId=wanted)["KeyMetadata"]
        except FAILURES as error:
            if code_of(error) == "NotFoundException":
                return None
            raise
        return key(said, rotated=partly(asked, lambda: _rotated(asked, wanted), _ROTATION))

    return partly(asked, ask, _KEY)


def _rotated(asked: AwsZoneAsked, wanted: str) -> bool:
    said = asked.client("kms").get_key_rotation_status(KeyId=wanted)
    return bool(said["KeyRotationEnabled"])


def key(said: Mapping[str, Any], *, rotated: bool | Unknown) -> Key:
    """Make a key of what DescribeKey says. Pure."""
    state = said["KeyState"]
    new = Unknown(reason=Reason.NOT_TOLD, detail=f"its state is {state}, which says nothing")
    return Key(
        enabled=_USABLE.get(state, new),
        state=state,
        rotated=rotated,
        expires=said.get("ValidTo") or said.get("DeletionDate"),
    )


READER = Reader(tells=Keys, calls=(_KEY, _ROTATION), read=_read)
