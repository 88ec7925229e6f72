"""Buckets of a moto server are compared with containers of a real Azurite."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from azurite import NEW
from azurite_blobs import Blobs

from migrate.demo.moto import LoopbackAws, loopback_aws
from migrate.model.evidence import Outcome

pytestmark = [pytest.mark.azurite, pytest.mark.moto]

Put = Callable[..., Any]


@pytest.fixture(scope="module")
def moto() -> Iterator[LoopbackAws]:
    """Return a running AWS."""
    with loopback_aws() as running:
        yield running


@pytest.fixture
def bucket(
    moto: LoopbackAws, blobs: Blobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[tuple[str, Put]]:
    """Return a new bucket's address, and what puts an object there and a blob like it."""
    for name, value in moto.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    s3 = boto3.client("s3", region_name="eu-west-2")
    name = f"b{uuid.uuid4().hex}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})

    def put(key: str, body: bytes, blob: bytes | None = None, **more: Any) -> None:
        s3.put_object(Bucket=name, Key=f"data/{key}", Body=body, **more)
        blobs.put(key, body if blob is None else blob)

    yield f"s3://{name}/data", put
    s3.close()


def test_a_true_copy_passes_and_is_remembered(bucket: tuple[str, Put], blobs: Blobs) -> None:
    """Either way round, by the MD5s that both keep; the old server is not asked."""
    address, put = bucket
    put("plain.txt", b"hello")
    put("deep/ü %25 + #.txt", b"marks")
    for way in ({"old_bucket": address}, {"old_bucket": blobs.new, "bucket": address}):
        result = blobs.run(**way)
        assert result.outcome is Outcome.PASSED, result.detail
        assert "holds the 2 files of" in result.detail
        assert blobs.run(**way).observed["remembered"] == 2
    assert not blobs.hashed


def test_each_difference_is_named(bucket: tuple[str, Put], blobs: Blobs) -> None:
    """By key, whichever store has it."""
    address, put = bucket
    put("same", b"x")
    put("other", b"hello", b"hallo")
    put("longer", b"hello", b"hello!")
    put("gone", b"x")
    blobs.azurite.delete(NEW, f"{blobs.container}/data/gone")
    blobs.put("extra", b"x")
    result = blobs.run(old_bucket=address)
    assert result.outcome is Outcome.FAILED
    assert result.observed["first"] == [
        ["extra", "is not in the old one"],
        ["gone", "is missing"],
        ["longer", "has 6 bytes, not 5"],
        ["other", "holds something else"],
    ]


def test_checksums_of_different_kinds_are_not_compared(
    bucket: tuple[str, Put], blobs: Blobs
) -> None:
    """A bucket that keeps SHA-256 alone and a container that keeps MD5: unknown, or read."""
    address, put = bucket
    sealed = {"ServerSideEncryption": "aws:kms", "ChecksumAlgorithm": "SHA256"}
    put("sealed", b"hello", **sealed)
    result = blobs.run(old_bucket=address)
    assert result.outcome is Outcome.UNKNOWN
    assert "sealed: the two keep different kinds of checksum; set read_back" in result.detail
    assert blobs.run(old_bucket=address, read_back=True).outcome is Outcome.PASSED
    put("sealed", b"hello", b"hallo", **sealed)
    assert blobs.run(old_bucket=address, read_back=True).outcome is Outcome.FAILED


def test_one_store_that_cannot_be_listed_is_unknown(bucket: tuple[str, Put], blobs: Blobs) -> None:
    """Neither is taken for empty."""
    address, put = bucket
    put("plain.txt", b"hello")
    result = blobs.run(old_bucket="s3://there-is-none")
    assert result.outcome is Outcome.UNKNOWN
    assert "s3://there-is-none/ cannot be read" in result.detail
    result = blobs.run(old_bucket=address, bucket=f"azblob://{NEW}/there-is-none")
    assert result.outcome is Outcome.UNKNOWN
    assert "404 ContainerNotFound" in result.detail
