"""A bucket in S3, as checks look at it: listed, and asked for the checksums that S3 keeps.

An object's ETag is its MD5 only when it was put there in one part and is encrypted by nobody or by
S3's own keys; SHA-256 is told when it was asked for on upload, and counts when it is of the whole
object.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html (ETag) and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from inventory.errors import PartlyUnknownError
from inventory.model.cloud_calls import aws_call
from migrate.model.objects import Checksums, StoredObject, checksums_of

if TYPE_CHECKING:
    from inventory.clouds.aws_reach import AwsReach

T = TypeVar("T")
CALLS = (
    aws_call("s3:ListObjectsV2", "s3:ListBucket"),
    aws_call("s3:HeadObject", "s3:GetObject"),
    aws_call("s3:GetObject"),
)
_AT_ONCE = 8
_CHUNK = 1 << 20
_MD5 = re.compile(r"[0-9a-f]{32}\Z")
_PLAIN_ENCRYPTION = frozenset({None, "AES256"})


@dataclass(frozen=True, kw_only=True)
class S3Objects:
    """The objects of a bucket under a prefix."""

    reach: AwsReach
    bucket: str
    prefix: str
    """Empty, or ending in a slash."""

    def listed(self) -> Mapping[str, StoredObject]:
        """List the objects, by their keys below the prefix; marks of folders are left out."""

        def pages(client: Any) -> dict[str, StoredObject]:
            found = client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix
            )
            return {
                each["Key"].removeprefix(self.prefix): StoredObject(
                    size=each["Size"], mark=f"{each['ETag']} {each['LastModified'].isoformat()}"
                )
                for page in found
                for each in page.get("Contents", ())
                if not (each["Key"].endswith("/") and each["Size"] == 0)
            }

        return self._ask(pages)

    def checksums(self, keys: Sequence[str]) -> Mapping[str, Checksums]:
        """Return what S3 says of some objects' content, asked for each, a few at once."""

        def heads(client: Any) -> dict[str, Checksums]:
            def head(key: str) -> Checksums:
                said = client.head_object(
                    Bucket=self.bucket, Key=self.prefix + key, ChecksumMode="ENABLED"
                )
                return _checksums(said)

            with ThreadPoolExecutor(_AT_ONCE) as pool:
                return dict(zip(keys, pool.map(head, keys), strict=True))

        return self._ask(heads)

    def read_whole(self, key: str) -> Checksums:
        """Read an object whole, and return its checksums."""

        def read(client: Any) -> Checksums:
            body = client.get_object(Bucket=self.bucket, Key=self.prefix + key)["Body"]
            return checksums_of(body.iter_chunks(_CHUNK))

        return self._ask(read)

    def _ask(self, question: Callable[[Any], T]) -> T:
        from inventory.clouds.aws_failures import FAILURES, words_of

        try:
            return question(self.reach.client("s3", self.reach.place_of(self.bucket), CALLS))
        except (*FAILURES, ValueError) as error:
            words = words_of(error) if isinstance(error, FAILURES) else str(error)
            raise PartlyUnknownError(
                f"s3://{self.bucket}/{self.prefix} cannot be read: {words}",
                hint="the key needs s3:ListBucket and s3:GetObject there",
            ) from error


def _checksums(said: Mapping[str, Any]) -> Checksums:
    whole = said.get("ChecksumType", "FULL_OBJECT") == "FULL_OBJECT"
    kept = said.get("ChecksumSHA256", "")
    sha256 = base64.b64decode(kept).hex() if kept and whole and "-" not in kept else None
    tag = said["ETag"].strip('"')
    is_plain = said.get("ServerSideEncryption") in _PLAIN_ENCRYPTION
    if not is_plain or said.get("SSECustomerAlgorithm"):
        md5, why = None, "its ETag is no checksum, because of how it is encrypted"
    elif not _MD5.match(tag):
        md5, why = None, "it was put there in several parts, so its ETag is no checksum of it"
    else:
        md5, why = tag, ""
    return Checksums(sha256=sha256, md5=md5, why_none="" if sha256 or md5 else why)
