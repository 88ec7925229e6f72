"""What privileges can be narrowed to: what an estate names of its clouds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from inventory.clouds.configured import aws_settings, azure_settings
from inventory.model.azure_id import AzureId
from inventory.model.cloud_calls import Call, Purpose
from migrate.clouds.azure import type_call

if TYPE_CHECKING:
    from inventory.estate import Estate

_OBJECTS: Final = (
    "s3:GetObjectRetention",
    "s3:GetObjectVersion",
    "s3:PutObject",
    "s3:PutObjectRetention",
)
_BUCKETS: Final = ("s3:ListBucketVersions",)
_KEYS: Final = ("kms:GetPublicKey", "kms:Sign")
_OF_PARTITION: Final = {"cn": "aws-cn", "us-gov": "aws-us-gov"}


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What an estate names; without an estate, its ledger's places are to be filled in."""

    roles: tuple[str, ...] = ()
    """ARNs of the roles that are assumed."""
    buckets: tuple[str, ...] = ("BUCKET/PREFIX",)
    """Buckets and prefixes that hold the ledger's heads."""
    keys: tuple[str, ...] = ("KEY",)
    """Ids, ARNs or aliases of the keys in AWS that sign."""
    subscriptions: tuple[str, ...] = ()
    moved: tuple[AzureId, ...] = ()
    """What moves name in Azure."""
    partition: str = "aws"

    @property
    def resources(self) -> Mapping[str, Sequence[str]]:
        """ARNs by action, for what need not be allowed everywhere; none where nothing needs it."""
        s3 = f"arn:{self.partition}:s3:::"
        names = sorted({each.partition("/")[0] for each in self.buckets})
        return {
            "sts:AssumeRole": self.roles,
            **dict.fromkeys(_OBJECTS, tuple(f"{s3}{each}/*" for each in self.buckets)),
            **dict.fromkeys(_BUCKETS, tuple(f"{s3}{each}" for each in names)),
            **dict.fromkeys(_KEYS, tuple(_key_arn(self.partition, each) for each in self.keys)),
        }

    def calls(self, purpose: Purpose) -> tuple[Call, ...]:
        """Return the calls that only this estate's moves need: looking at their own kinds."""
        return () if purpose is Purpose.LEDGER else tuple(map(type_call, self.moved))


def kept_of(estate: Estate) -> Kept:
    """Return what an estate names of its clouds.

    Raises:
        BadInputError: what it says of them is wrong.

    """
    aws, azure = aws_settings(estate), azure_settings(estate)
    moved = (AzureId.parse(each.resource or "") for each in estate.moves)
    kind, _, key = (estate.signing.key or "").partition(":")
    return Kept(
        roles=tuple(each.role for each in aws.accounts if each.role),
        buckets=tuple(_bucket(each) for each in estate.anchors if each.startswith("s3:")),
        keys=(key,) if kind == "awskms" else (),
        subscriptions=azure.all_subscriptions,
        moved=tuple(each for each in moved if each),
        partition=_partition(aws.allowed_regions[0]),
    )


def _bucket(anchor: str) -> str:
    parts = urlsplit(anchor)
    return f"{parts.netloc}{parts.path}".rstrip("/")


def _key_arn(partition: str, key: str) -> str:
    if key.startswith("arn:") and ":key/" in key:
        return key
    # An alias is no resource of these actions: what it stands for is not known here.
    name = "*" if "alias/" in key else key
    return f"arn:{partition}:kms:*:*:key/{name}"


def _partition(region: str) -> str:
    return next((name for start, name in _OF_PARTITION.items() if region.startswith(start)), "aws")
