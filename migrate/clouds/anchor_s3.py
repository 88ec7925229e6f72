"""An anchor in S3: each head an object under Object Lock, in compliance mode.

In that mode nobody, not even the account's root, can delete a version of the object or shorten its
retention until it ends. A listing of versions is read, because a newer version or a delete marker
may be laid over an object all the same.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/list-obj-version-enabled-bucket.html (order).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from inventory.errors import BadInputError, PartlyUnknownError
from inventory.model.cloud_calls import Purpose, aws_call
from migrate.clouds.anchor_names import heads_among, name_of
from migrate.ledger.anchors import Head

if TYPE_CHECKING:
    from inventory.model.cloud_settings import AwsSettings

T = TypeVar("T")
CALLS = (
    aws_call(
        "s3:PutObject",
        "s3:PutObject",
        "s3:PutObjectRetention",
        changes=True,
        purpose=Purpose.LEDGER,
    ),
    aws_call(
        "s3:HeadObject", "s3:GetObjectVersion", "s3:GetObjectRetention", purpose=Purpose.LEDGER
    ),
    aws_call("s3:ListObjectVersions", "s3:ListBucketVersions", purpose=Purpose.LEDGER),
    aws_call("s3:GetObject", "s3:GetObjectVersion", purpose=Purpose.LEDGER),
)
_MODE = "COMPLIANCE"
_DAY = timedelta(days=1)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class S3Anchor:
    """Heads in a bucket."""

    settings: AwsSettings
    bucket: str
    prefix: str
    days: int
    """How long a head cannot be taken away."""

    @property
    def where(self) -> str:
        """Where it is."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    def keep(self, head: Head, envelope: str) -> str:
        """Put a head under Object Lock, and look that it is locked.

        Raises:
            PartlyUnknownError: S3 does not answer, or refuses.
            BadInputError: the bucket has no Object Lock.

        """
        name, until = name_of(self.prefix, head), datetime.now(UTC) + timedelta(days=self.days)

        def put(client: Any) -> Any:
            made = client.put_object(
                Bucket=self.bucket,
                Key=name,
                Body=envelope.encode(),
                ContentType="application/json",
                ChecksumAlgorithm="SHA256",
                ObjectLockMode=_MODE,
                ObjectLockRetainUntilDate=until,
            )
            return client.head_object(Bucket=self.bucket, Key=name, VersionId=made["VersionId"])

        ends = _locked_until(self._ask(put))
        if ends < until - _DAY:
            raise self._not_locked()
        return f"s3://{self.bucket}/{name}, locked until {ends:%Y-%m-%d}"

    def heads(self) -> Sequence[Head]:
        """Return every head of which the bucket holds a version.

        Raises:
            PartlyUnknownError: S3 does not answer, or refuses.

        """

        def listed(client: Any) -> list[str]:
            pages = client.get_paginator("list_object_versions").paginate(
                Bucket=self.bucket, Prefix=f"{self.prefix}/" if self.prefix else ""
            )
            return [each["Key"] for page in pages for each in page.get("Versions", ())]

        return heads_among(self.prefix, self._ask(listed))

    def envelope(self, head: Head) -> str:
        """Return the first version of a head's object: whatever was laid over it is not looked at.

        Raises:
            PartlyUnknownError: S3 does not answer, refuses, holds something else, or holds it
                unlocked, so that another could have been put in its place.

        """
        name = name_of(self.prefix, head)

        def read(client: Any) -> bytes:
            pages = client.get_paginator("list_object_versions").paginate(
                Bucket=self.bucket, Prefix=name
            )
            versions = [
                each for page in pages for each in page.get("Versions", ()) if each["Key"] == name
            ]
            if not versions:
                raise PartlyUnknownError(f"{self.where} does not hold {name} any more")
            # Times are told to the second; of one second the listing has the newest first.
            first = min(reversed(versions), key=lambda each: each["LastModified"])
            found = client.get_object(Bucket=self.bucket, Key=name, VersionId=first["VersionId"])
            if not _locked_until(found) > datetime.now(UTC):
                raise PartlyUnknownError(
                    f"{name} in {self.where} is not locked: it could have been put there since",
                    hint="keep the head in a bucket with Object Lock",
                )
            return bytes(found["Body"].read(1 << 20))

        try:
            return self._ask(read).decode()
        except (UnicodeDecodeError, ValueError) as error:
            raise PartlyUnknownError(f"s3://{self.bucket}/{name} is no text: {error}") from error

    def _ask(self, question: Callable[[Any], T]) -> T:
        from inventory.clouds.aws_failures import FAILURES, words_of
        from inventory.clouds.aws_reach import AwsReach

        reach = AwsReach(settings=self.settings)
        try:
            with closing(reach):
                place = reach.place_of(self.bucket)
                return question(reach.client("s3", place, CALLS, changes=True))
        except FAILURES as error:
            if _lacks_lock(error):
                raise self._not_locked() from error
            raise PartlyUnknownError(
                f"{self.where} cannot be used: {words_of(error)}",
                hint="the key needs s3:PutObject, s3:PutObjectRetention, s3:GetObjectRetention, "
                "s3:GetObjectVersion and s3:ListBucketVersions there",
            ) from error

    def _not_locked(self) -> BadInputError:
        return BadInputError(
            f"{self.bucket} has no Object Lock: what is kept there could be taken away",
            hint="make a bucket with Object Lock: aws s3api create-bucket "
            "--object-lock-enabled-for-bucket",
        )


def _locked_until(said: Mapping[str, Any]) -> datetime:
    """Return until when a version is locked, as S3 says of it; before all times when it is not."""
    if said.get("ObjectLockMode") != _MODE:
        return _NEVER
    ends: datetime = said.get("ObjectLockRetainUntilDate", _NEVER)
    return ends


def _lacks_lock(error: Exception) -> bool:
    said = getattr(error, "response", {}).get("Error", {})
    words = said.get("Message", "").replace(" ", "").lower()
    return said.get("Code") == "InvalidRequest" and "objectlock" in words
