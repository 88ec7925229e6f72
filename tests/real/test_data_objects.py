"""A folder is compared with a bucket of a moto server: by key, size and checksum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from clouds import BRIEF
from sights import HeldMemory, move, sight

from inventory.model.asking import Access, Limits, Reply
from inventory.model.cloud_settings import AwsSettings, AzureSettings
from inventory.registry import Registry
from migrate.clouds.look import open_clouds
from migrate.clouds.objects_s3 import _checksums
from migrate.demo.moto import LoopbackAws, loopback_aws
from migrate.model.check import Check
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.objects import Checksums
from migrate.questioning import ask_server

pytestmark = pytest.mark.moto

CHECK = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
SETTINGS = AwsSettings(region="eu-west-2", patience=BRIEF)
FILES = {"plain.txt": b"hello", "deep/er/ü %s.bin": bytes(range(256)), "empty": b""}
PART = 5 * 1024 * 1024


@dataclass
class Scene:
    """A folder and a bucket."""

    folder: Path
    bucket: str
    s3: Any
    memory: HeldMemory = field(default_factory=HeldMemory)
    hashed: int = 0

    def run(self, **parameters: Any) -> CheckResult:
        """Compare them."""
        self.hashed = 0
        seen = replace(
            sight(),
            move=move(source="local"),
            memory=self.memory,
            clouds=open_clouds(SETTINGS, AzureSettings()),
            ask=self._ask,
        )
        given = {"folder": str(self.folder), "bucket": f"s3://{self.bucket}/data", **parameters}
        return CHECK.one("objects-data").value.run(seen, given)

    def put(self, name: str, content: bytes, **more: Any) -> None:
        """Put an object."""
        self.s3.put_object(Bucket=self.bucket, Key=f"data/{name}", Body=content, **more)

    def put_in_parts(self, name: str, *parts: bytes) -> None:
        """Put an object in several parts."""
        at = {"Bucket": self.bucket, "Key": f"data/{name}"}
        upload = {**at, "UploadId": self.s3.create_multipart_upload(**at)["UploadId"]}
        done = [
            {
                "PartNumber": number,
                "ETag": self.s3.upload_part(**upload, PartNumber=number, Body=part)["ETag"],
            }
            for number, part in enumerate(parts, 1)
        ]
        self.s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": done})

    def _ask(self, target: str, script: str, *, seconds: float, most_bytes: int) -> Reply:
        self.hashed += "sum --" in script
        return ask_server(
            Access(), Limits(), target, script, seconds=seconds, most_bytes=most_bytes
        )


@pytest.fixture(scope="module")
def _moto() -> Iterator[LoopbackAws]:
    with loopback_aws() as running:
        yield running


@pytest.fixture
def scene(
    _moto: LoopbackAws,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Scene]:
    """Return a folder, and a bucket with a copy of it."""
    for name, value in _moto.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    s3 = boto3.client("s3", region_name=SETTINGS.region)
    bucket = f"b{abs(hash(request.node.name))}"
    s3.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": SETTINGS.region}
    )
    made = Scene(folder=tmp_path / "data", bucket=bucket, s3=s3)
    for name, content in FILES.items():
        path = made.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        made.put(name, content)
    yield made
    s3.close()


def test_a_true_copy_passes_and_is_remembered(scene: Scene) -> None:
    """The same keys, sizes and checksums pass; the next run does not read what nobody touched."""
    scene.put("deep/", b"")
    (scene.folder / "link").symlink_to("plain.txt")
    result = scene.run()
    assert result.outcome is Outcome.PASSED
    assert f"holds the 3 files of {scene.folder}, 261 bytes" in result.detail
    assert "not compared: 1 links and special files" in result.detail
    assert scene.hashed
    assert scene.run().observed["remembered"] == 3
    assert not scene.hashed


def test_each_difference_is_named(scene: Scene) -> None:
    """What is missing, additional, longer or other in content is named by its key."""
    scene.s3.delete_object(Bucket=scene.bucket, Key="data/empty")
    scene.put("extra", b"x")
    scene.put("plain.txt", b"hallo")
    scene.put("deep/er/ü %s.bin", b"short")
    result = scene.run()
    assert result.outcome is Outcome.FAILED
    for words in (
        "empty is missing",
        "extra is not in the old one",
        "plain.txt holds something else",
        "deep/er/ü %s.bin has 5 bytes, not 256",
    ):
        assert words in result.detail


def test_an_object_without_a_checksum_is_unknown_or_read_whole(scene: Scene) -> None:
    """What was uploaded in parts is unknown; read whole, it passes or fails by itself."""
    big = b"a" * PART
    (scene.folder / "big").write_bytes(big + b"b")
    scene.put_in_parts("big", big, b"b")
    result = scene.run()
    assert result.outcome is Outcome.UNKNOWN
    assert "big: it was put there in several parts" in result.detail
    assert scene.run(read_back=True).outcome is Outcome.PASSED
    scene.put_in_parts("big", big, b"c")
    result = scene.run(read_back=True)
    assert result.outcome is Outcome.FAILED
    assert "big holds something else" in result.detail


def test_a_kept_sha256_counts_however_it_is_encrypted(scene: Scene) -> None:
    """Encrypted by a key of one's own, an object counts by the SHA-256 that was asked for."""
    scene.put("plain.txt", b"hello", ServerSideEncryption="aws:kms")
    result = scene.run()
    assert result.outcome is Outcome.UNKNOWN
    assert "plain.txt: its ETag is no checksum, because of how it is encrypted" in result.detail
    scene.put("plain.txt", b"hello", ServerSideEncryption="aws:kms", ChecksumAlgorithm="SHA256")
    assert scene.run().outcome is Outcome.PASSED
    scene.put("plain.txt", b"hallo", ServerSideEncryption="aws:kms", ChecksumAlgorithm="SHA256")
    assert scene.run().outcome is Outcome.FAILED


def test_a_bucket_that_cannot_be_read_is_unknown(scene: Scene) -> None:
    """A bucket that is not there, or another kind of store, is unknown."""
    result = scene.run(bucket="s3://there-is-none")
    assert result.outcome is Outcome.UNKNOWN
    assert "NoSuchBucket" in result.detail or "does not exist" in result.detail
    assert scene.run(bucket="azblob://account/container").outcome is Outcome.UNKNOWN


# (format as documented: HeadObject in the S3 API reference)
@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"ETag": f'"{"a" * 32}"'}, Checksums(md5="a" * 32)),
        ({"ETag": f'"{"a" * 32}"', "ServerSideEncryption": "AES256"}, Checksums(md5="a" * 32)),
        (
            {"ETag": f'"{"a" * 32}-2"', "ChecksumSHA256": "AAAA-2", "ChecksumType": "COMPOSITE"},
            None,
        ),
        ({"ETag": f'"{"a" * 32}"', "SSECustomerAlgorithm": "AES256"}, None),
        ({"ETag": f'"{"a" * 32}"', "ServerSideEncryption": "aws:kms:dsse"}, None),
    ],
)
def test_only_checksums_of_the_whole_count(said: dict[str, str], told: Checksums | None) -> None:
    """An ETag that is no MD5, and a checksum of checksums, prove nothing."""
    seen = _checksums(said)
    assert (seen if told else (seen.sha256, seen.md5)) == (told or (None, None))
    assert bool(seen.why_none) is (told is None)
