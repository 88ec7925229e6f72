"""Heads that are kept outside show a cut tail and a replaced ledger; they cannot be taken away."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from clouds import BRIEF, azure_settings
from loopback_blobs import LoopbackBlobs, loopback_blobs

from inventory.errors import BadInputError, PartlyUnknownError, UsageError
from inventory.estate import Estate
from inventory.model.cloud_settings import AwsSettings
from inventory.store.chain import ChainRow
from migrate.anchoring import RETENTION_DAYS, doubt, open_anchors
from migrate.clouds.anchor_azblob import BlobAnchor
from migrate.clouds.anchor_names import name_of
from migrate.clouds.anchor_s3 import S3Anchor
from migrate.demo.arm import loopback_arm
from migrate.demo.moto import LoopbackAws, loopback_aws
from migrate.ledger.anchor_file import FileAnchor
from migrate.ledger.anchors import Anchor, Head, Holding, holding, keep_head
from migrate.ledger.chain import Verification, verify
from tests.stages.ledgers import NOW, TRUST, every_kind, rechained, written
from tests.stages.workbenches import KEYS

ROWS = written(every_kind())
ENDED = "Mon, 01 Jan 2024 12:00:00 GMT"
PAST = datetime(2024, 1, 1, 12, tzinfo=UTC)
SETTINGS = AwsSettings(region="eu-west-2", patience=BRIEF)


def found(rows: list[ChainRow]) -> Verification:
    """Return what walking rows comes to."""
    return verify(rows)


def keep(anchor: Anchor, rows: list[ChainRow], who: str = "tests") -> str:
    """Keep the head of rows, signed by somebody."""
    (said,) = keep_head([anchor], found(rows), at=NOW, signer=KEYS[who].signer)
    return said


def held(anchor: Anchor, rows: list[ChainRow] = ROWS) -> Holding:
    """Compare rows with what is kept."""
    return holding(anchor, found(rows), TRUST)


@pytest.fixture(scope="module")
def moto() -> Iterator[LoopbackAws]:
    """Return a running AWS."""
    with loopback_aws() as running:
        yield running


@dataclass(frozen=True)
class Bucket:
    """A bucket, and the anchor in it."""

    client: Any
    anchor: S3Anchor


@pytest.fixture
def bucket(moto: LoopbackAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Bucket:
    """Return a new bucket with Object Lock."""
    for name, value in moto.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    name = f"heads-{uuid.uuid4()}"
    client = boto3.client("s3", region_name="eu-west-2")
    client.create_bucket(
        Bucket=name,
        CreateBucketConfiguration={"LocationConstraint": "eu-west-2"},
        ObjectLockEnabledForBucket=True,
    )
    anchor = S3Anchor(settings=SETTINGS, bucket=name, prefix="stevenage", days=30)
    return Bucket(client, anchor)


@pytest.fixture
def blobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackBlobs]:
    """Return a storage account on loopback, which the environment leads to."""
    with loopback_arm(tmp_path) as arm, loopback_blobs(tmp_path, arm) as running:
        for name, value in arm.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("DECANT_AZBLOB_ENDPOINT", f"{running.url}/{{account}}")
        yield running


def blob_anchor(blobs: LoopbackBlobs) -> BlobAnchor:
    """Return the anchor in its container."""
    settings = replace(azure_settings(blobs.arm), ca_file=blobs.ca_file)
    return BlobAnchor(
        settings=settings, account="acc", container="ledger", prefix="stevenage", days=30
    )


@pytest.fixture(params=["file", "s3", "azblob"])
def anchor(request: pytest.FixtureRequest, tmp_path: Path) -> Anchor:
    """Return an anchor of each kind, which holds nothing yet."""
    match request.param:
        case "file":
            return FileAnchor(path=tmp_path / "heads")
        case "s3":
            bucket: Bucket = request.getfixturevalue("bucket")
            return bucket.anchor
        case _:
            return blob_anchor(request.getfixturevalue("blobs"))


def test_heads_that_are_kept_are_found_in_the_ledger(anchor: Anchor) -> None:
    """Those of a ledger that grew are all in it; the newest is told."""
    for count in (2, 5, 9, 9):
        keep(anchor, ROWS[:count])
    seen = held(anchor)
    assert (seen.fault, seen.unknown) == ("", "")
    assert seen.newest == Head(entries=9, digest=ROWS[8].digest)
    assert doubt([seen]) == ""


def test_a_cut_tail_is_found(anchor: Anchor) -> None:
    """The ledger with its last entries gone is whole in itself, and lacks what is kept."""
    keep(anchor, ROWS)
    cut = ROWS[:6]
    assert found(cut).fault is None
    assert "entry 9, whose digest" in held(anchor, cut).fault
    assert "its tail was cut off, or it was rewritten" in doubt([held(anchor, cut)])


def test_another_ledger_in_its_place_is_found(anchor: Anchor) -> None:
    """An older copy, another ledger, one that was rewritten, an empty one."""
    keep(anchor, ROWS[:4])
    for rows in ([], ROWS[:3], rechained(ROWS[1:]), written(every_kind())[::-1][:1]):
        assert held(anchor, rows).fault


def test_an_anchor_that_holds_nothing_vouches_for_nothing(anchor: Anchor) -> None:
    """Nobody can tell an anchor that was never used from one that was emptied."""
    seen = held(anchor)
    assert "holds no head yet" in seen.unknown
    assert "not known whether it is whole" in doubt([seen])


def test_a_strangers_head_forbids_and_vouches_for_nothing(anchor: Anchor) -> None:
    """A head that a stranger keeps is looked for as any other; it is no proof that one is kept."""
    keep(anchor, ROWS[:3])
    keep(anchor, ROWS[:5], who="Eve")
    seen = held(anchor)
    assert seen.fault == ""
    assert "not signed by a trusted key" in seen.unknown
    assert "entry 5" in held(anchor, ROWS[:4]).fault


def test_an_empty_ledger_has_no_head(anchor: Anchor) -> None:
    """There is nothing to keep yet."""
    with pytest.raises(UsageError, match="the ledger is empty"):
        keep(anchor, [])


def test_a_damaged_file_is_no_proof(tmp_path: Path) -> None:
    """A line that cannot be read leaves it unknown; so does an altered one."""
    anchor = FileAnchor(path=tmp_path / "heads")
    keep(anchor, ROWS[:3])
    keep(anchor, ROWS[:5])
    lines = anchor.path.read_text().splitlines()
    anchor.path.write_text(f"{lines[0]}\n{lines[1][:-9]}\n")
    assert "line 2 of file:" in held(anchor).unknown
    envelope = json.loads(lines[1])
    envelope["signatures"][0]["sig"] = json.loads(lines[0])["signatures"][0]["sig"]
    anchor.path.write_text(f"{lines[0]}\n{json.dumps(envelope)}\n")
    assert "not as it was signed" in held(anchor).unknown


def test_a_file_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    """A folder in its place, or no folder around it."""
    with pytest.raises(PartlyUnknownError, match="cannot be written"):
        keep(FileAnchor(path=tmp_path / "nowhere" / "heads"), ROWS)
    assert "cannot be read" in held(FileAnchor(path=tmp_path)).unknown


def test_a_head_in_s3_is_under_compliance_lock(bucket: Bucket) -> None:
    """For as long as asked; it cannot be deleted, and what is laid over it hides nothing."""
    said = keep(bucket.anchor, ROWS)
    assert "locked until" in said
    name = bucket.anchor.bucket
    (version,) = bucket.client.list_object_versions(Bucket=name)["Versions"]
    kept = {"Bucket": name, "Key": version["Key"]}
    lock = bucket.client.head_object(**kept, VersionId=version["VersionId"])
    assert lock["ObjectLockMode"] == "COMPLIANCE"
    assert lock["ObjectLockRetainUntilDate"] - datetime.now(UTC) > timedelta(days=29)
    with pytest.raises(ClientError, match="AccessDenied"):
        bucket.client.delete_object(**kept, VersionId=version["VersionId"])
    bucket.client.delete_object(**kept)  # lays a delete marker over it
    assert held(bucket.anchor).unknown == ""
    assert "entry 9" in held(bucket.anchor, ROWS[:8]).fault
    bucket.client.put_object(**kept, Body=b"{}")
    assert held(bucket.anchor).unknown == ""


def test_what_is_laid_over_in_the_same_second_hides_nothing(bucket: Bucket) -> None:
    """S3 tells times to the second: the order of its listing says which version was first.

    Of four heads one at the least is kept and laid over within one second.
    """
    for entries in range(1, 5):
        keep(bucket.anchor, ROWS[:entries])
        seen = found(ROWS[:entries])
        name = name_of(bucket.anchor.prefix, Head(entries=entries, digest=seen.head))
        bucket.client.put_object(Bucket=bucket.anchor.bucket, Key=name, Body=b"{}")
        assert held(bucket.anchor).unknown == ""


def test_a_head_in_s3_that_is_not_locked_vouches_for_nothing(bucket: Bucket) -> None:
    """Nor one under the mode that some may lift, nor one whose lock ended; it forbids as before."""
    name = bucket.anchor.bucket
    keep(bucket.anchor, ROWS)
    (version,) = bucket.client.list_object_versions(Bucket=name)["Versions"]
    kept = bucket.client.get_object(Bucket=name, Key=version["Key"])["Body"].read()
    for mode, until in ((None, None), ("GOVERNANCE", NOW.replace(year=2099)), ("COMPLIANCE", PAST)):
        other = f"other-{uuid.uuid4()}"
        bucket.client.create_bucket(
            Bucket=other,
            CreateBucketConfiguration={"LocationConstraint": "eu-west-2"},
            ObjectLockEnabledForBucket=True,
        )
        locks = {"ObjectLockMode": mode, "ObjectLockRetainUntilDate": until} if mode else {}
        bucket.client.put_object(Bucket=other, Key=version["Key"], Body=kept, **locks)
        anchor = replace(bucket.anchor, bucket=other)
        assert "is not locked" in held(anchor).unknown
        assert "entry 9" in held(anchor, ROWS[:8]).fault


def test_a_bucket_without_object_lock_is_refused(bucket: Bucket) -> None:
    """What is kept there could be taken away."""
    name = f"plain-{uuid.uuid4()}"
    bucket.client.create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
    )
    with pytest.raises(BadInputError, match="has no Object Lock"):
        keep(replace(bucket.anchor, bucket=name), ROWS)


def test_an_s3_that_does_not_answer_vouches_for_nothing(bucket: Bucket) -> None:
    """No bucket, or nobody at the address: unknown, with what was said."""
    away = replace(bucket.anchor, settings=replace(SETTINGS, endpoint_url="http://127.0.0.1:9"))
    assert "cannot be used" in held(away).unknown
    assert "bucket does not exist" in held(replace(bucket.anchor, bucket="no-such")).unknown


def test_a_blob_has_a_locked_policy(blobs: LoopbackBlobs) -> None:
    """For as long as asked; a newer version laid over it hides nothing."""
    anchor = blob_anchor(blobs)
    assert "locked until" in keep(anchor, ROWS)
    ((name, (version,)),) = blobs.versions.items()
    assert name.startswith("stevenage/000000000009-")
    assert version.mode == "Locked"
    blobs.overwrite(name, b"{}")
    assert held(anchor).unknown == ""


def test_a_container_without_immutability_is_refused(blobs: LoopbackBlobs) -> None:
    """What is kept there could be taken away."""
    blobs.worm = False
    with pytest.raises(PartlyUnknownError, match="409 FeatureNotSupported") as refusal:
        keep(blob_anchor(blobs), ROWS)
    assert "version-level immutability" in str(refusal.value.hint)
    assert blobs.versions == {}


def test_a_head_that_was_put_there_unlocked_vouches_for_nothing(blobs: LoopbackBlobs) -> None:
    """Nor one whose lock ended: another could have been put in its place; it forbids as before."""
    anchor = blob_anchor(blobs)
    keep(anchor, ROWS)
    ((version,),) = blobs.versions.values()
    for mode, until in (("", ""), ("Unlocked", version.until), ("Locked", ""), ("Locked", ENDED)):
        ((name, _),) = blobs.versions.items()
        blobs.versions[name] = [replace(version, mode=mode, until=until)]
        assert "is not locked" in held(anchor).unknown
        assert "is not locked" in doubt([held(anchor)])
        assert "entry 9" in held(anchor, ROWS[:8]).fault


@pytest.mark.parametrize(
    ("mode", "until"), [("Locked", ""), ("Unlocked", None), ("Locked", "soon"), ("Locked", ENDED)]
)
def test_a_lock_that_is_not_the_one_asked_for_is_refused(
    blobs: LoopbackBlobs, mode: str, until: str | None
) -> None:
    """Azure says how a blob is locked: nothing is said to be locked that is not, for so long."""
    blobs.says = (mode, until)
    with pytest.raises(BadInputError, match="took the head but did not lock it"):
        keep(blob_anchor(blobs), ROWS)


def test_an_endpoint_must_say_where_accounts_are(
    blobs: LoopbackBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two accounts would be one place otherwise."""
    monkeypatch.setenv("DECANT_AZBLOB_ENDPOINT", blobs.url)
    assert "does not say where an account is" in held(blob_anchor(blobs)).unknown


def test_a_storage_account_that_refuses_vouches_for_nothing(blobs: LoopbackBlobs) -> None:
    """Another container, or a token that does not count any more."""
    anchor = blob_anchor(blobs)
    assert "cannot be used" in held(replace(anchor, container="other")).unknown
    assert (
        "cannot be used"
        in held(replace(anchor, settings=replace(anchor.settings, ca_file=None))).unknown
    )


def test_addresses_are_read_as_decant_toml_writes_them(tmp_path: Path) -> None:
    """A file is beside decant.toml; retention is seven years, unless the address says otherwise."""
    estate = Estate(
        folder=tmp_path,
        name="made",
        database="sqlite://",
        anchors=("file:heads", "s3://b/p/q?days=10", "s3://b", "azblob://acc/ledger/p"),
    )
    file, locked, plain, blob = open_anchors(estate)
    assert file.where == f"file:{tmp_path / 'heads'}"
    assert (locked.where, plain.where) == ("s3://b/p/q", "s3://b")
    assert isinstance(locked, S3Anchor)
    assert isinstance(blob, BlobAnchor)
    assert (locked.days, blob.days) == (10, RETENTION_DAYS)
    assert (blob.account, blob.container, blob.prefix) == ("acc", "ledger", "p")


@pytest.mark.parametrize("address", ["s3://b?days=soon", "s3://b?day=1", "azblob://acc"])
def test_an_address_that_is_wrong_is_named(tmp_path: Path, address: str) -> None:
    """As any other fault of decant.toml."""
    estate = Estate(folder=tmp_path, name="made", database="sqlite://", anchors=(address,))
    with pytest.raises(BadInputError, match=r"anchor's address|names no container"):
        open_anchors(estate)
