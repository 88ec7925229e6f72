"""Storage in a cloud is there, encrypted, private, with a way back: judged, and read of both."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from surroundings import UNTOLD, at, look

from inventory.model.fact import Unknown
from migrate.checks.target_storage import CHECK
from migrate.clouds.aws_readers._buckets import Bucket, bucket
from migrate.clouds.aws_readers._file_systems import efs, fsx
from migrate.clouds.azure_readers.storage import Account, Part, storage
from migrate.model.evidence import Outcome
from migrate.model.target_disks import KeyOwner
from migrate.model.target_storage import Kept, Storage

GOOD = Storage(
    id="arn:aws:s3:::shop-files",
    kind="bucket",
    region="eu-west-2",
    state=None,
    up=True,
    encrypted=True,
    key_owner=KeyOwner.PROVIDER,
    public=False,
    every_network=UNTOLD,
    kept=(Kept(what="versions", days=None),),
    transit_encrypted=True,
)
SHORT = (Kept(what="deleted shares", days=3),)


@pytest.mark.parametrize(
    ("change", "parameters", "outcome", "words"),
    [
        ({}, {}, Outcome.PASSED, "not public; kept: versions"),
        ({"up": False, "state": "unavailable"}, {}, Outcome.FAILED, "unavailable"),
        ({"up": None, "state": "dreaming"}, {}, Outcome.UNKNOWN, "dreaming"),
        ({"encrypted": False, "key_owner": None}, {}, Outcome.FAILED, "it is not encrypted"),
        ({"encrypted": UNTOLD}, {}, Outcome.UNKNOWN, "its encryption"),
        ({}, {"customer_key": True}, Outcome.FAILED, "the provider's own key"),
        ({"public": True}, {}, Outcome.FAILED, "without signing in"),
        ({"public": True}, {"public": True}, Outcome.PASSED, "encrypted"),
        ({"public": UNTOLD}, {}, Outcome.UNKNOWN, "who may read it"),
        ({}, {"closed_network": True}, Outcome.UNKNOWN, "which networks it answers"),
        ({"every_network": True}, {"closed_network": True}, Outcome.FAILED, "every network"),
        ({"every_network": False}, {"closed_network": True}, Outcome.PASSED, "closed to other"),
        ({"transit_encrypted": False}, {"transit_encrypted": True}, Outcome.FAILED, "not encr"),
        ({"kept": ()}, {}, Outcome.FAILED, "nothing is kept"),
        ({"kept": ()}, {"kept": False}, Outcome.PASSED, "encrypted"),
        ({"kept": SHORT}, {"kept_days": 7}, Outcome.FAILED, "less than 7 days: deleted shares"),
        ({"kept": UNTOLD}, {}, Outcome.UNKNOWN, "what is kept"),
    ],
)
def test_it_is_as_it_should_be(
    change: dict[str, Any], parameters: dict[str, Any], outcome: Outcome, words: str
) -> None:
    """Each condition is judged; what is not told is unknown, and never taken for well."""
    result = look(CHECK, replace(GOOD, **change), parameters)
    assert result.outcome is outcome
    assert words in result.detail
    json.dumps(dict(result.observed))


BLOCKED = {
    "PublicAccessBlockConfiguration": {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
}
HALF_BLOCKED = {"PublicAccessBlockConfiguration": {"BlockPublicPolicy": True}}
AES = {"SSEAlgorithm": "AES256"}
KMS = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k1"}
EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"
READ_BY_ALL = {"Grants": [{"Grantee": {"Type": "Group", "URI": EVERYBODY}, "Permission": "READ"}]}
TLS_ONLY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def _encryption(rule: dict[str, str]) -> dict[str, Any]:
    rules = [{"ApplyServerSideEncryptionByDefault": rule}]
    return {"ServerSideEncryptionConfiguration": {"Rules": rules}}


def _bucket(**settings: Any) -> Storage:
    """Return a bucket of S3's answers; a setting that was never made is empty."""
    said = {
        "get_bucket_encryption": _encryption(AES),
        "get_bucket_versioning": {"Status": "Enabled"},
        "get_public_access_block": BLOCKED,
        "get_bucket_policy": {},
        "get_bucket_policy_status": {},
        "get_bucket_acl": {"Grants": []},
        **settings,
    }
    listed = {"Name": "shop-files", "CreationDate": at("2026-11-01"), "BucketRegion": "eu-west-2"}
    found = Bucket(arn="arn:aws:s3:::shop-files", listed=listed, settings=said)
    return bucket(found, {"k1": KeyOwner.CUSTOMER})


def test_a_rule_that_names_no_encryption_is_unknown() -> None:
    """A rule may speak of the bucket's key alone, as one of Cloud Custodian's recordings does."""
    rules = {"Rules": [{"BucketKeyEnabled": True}]}
    told = _bucket(get_bucket_encryption={"ServerSideEncryptionConfiguration": rules})
    assert isinstance(told.encrypted, Unknown)
    assert isinstance(told.key_owner, Unknown)
    assert told.key is None


def test_a_bucket_is_read() -> None:
    """Its settings are told as they are, whose key it is as well."""
    told = _bucket()
    assert (told.up, told.encrypted, told.public) == (True, True, False)
    assert (told.key_owner, told.kept) == (KeyOwner.PROVIDER, (Kept(what="versions", days=None),))
    assert _bucket(get_bucket_encryption=_encryption(KMS)).key_owner is KeyOwner.CUSTOMER
    assert _bucket(get_bucket_encryption={}).encrypted is False
    assert _bucket(get_bucket_versioning={"Status": "Suspended"}).kept == ()


@pytest.mark.parametrize(
    ("settings", "public"),
    [
        ({"get_bucket_acl": READ_BY_ALL}, False),
        ({"get_public_access_block": {}, "get_bucket_acl": READ_BY_ALL}, True),
        ({"get_public_access_block": HALF_BLOCKED, "get_bucket_acl": READ_BY_ALL}, True),
        (
            {
                "get_public_access_block": {},
                "get_bucket_policy_status": {"PolicyStatus": {"IsPublic": True}},
                "get_bucket_acl": UNTOLD,
            },
            True,
        ),
        ({"get_public_access_block": {}}, False),
        ({"get_public_access_block": UNTOLD}, False),
        ({"get_public_access_block": UNTOLD, "get_bucket_acl": UNTOLD}, Unknown),
        ({"get_public_access_block": {}, "get_bucket_policy_status": UNTOLD}, Unknown),
    ],
)
def test_a_bucket_is_public_by_policy_or_list(settings: dict[str, Any], public: object) -> None:
    """A whole block closes it; else policy and access list must both be seen to be closed."""
    told = _bucket(**settings).public
    assert (isinstance(told, Unknown) and public is Unknown) or told is public


@pytest.mark.parametrize(
    ("statement", "only"),
    [
        (TLS_ONLY, True),
        ({**TLS_ONLY, "Principal": {"AWS": "*"}}, True),
        ({**TLS_ONLY, "Action": "s3:GetObject"}, False),
        ({**TLS_ONLY, "Effect": "Allow"}, False),
        ({**TLS_ONLY, "Principal": {"AWS": "arn:aws:iam::1:role/x"}}, False),
    ],
)
def test_a_bucket_asks_for_tls_by_policy(*, statement: dict[str, Any], only: bool) -> None:
    """Only a denial for everybody and everything closes the other way."""
    policy = {"Policy": json.dumps({"Statement": [statement]})}
    assert _bucket(get_bucket_policy=policy).transit_encrypted is only


@pytest.mark.parametrize(
    ("state", "backup", "up", "kept"),
    [
        ("available", "ENABLED", True, (Kept(what="automatic backups", days=None),)),
        ("available", "DISABLED", True, ()),
        ("error", "DISABLED", False, ()),
        ("word-of-next-year", "DISABLED", None, ()),
        ("available", UNTOLD, True, UNTOLD),
    ],
)
def test_an_efs_file_system_is_read(*, state: str, backup: Any, up: bool | None, kept: Any) -> None:
    """A word that is new to us says neither; a policy that is denied costs only itself."""
    said = {
        "FileSystemArn": "arn:aws:elasticfilesystem:eu-west-2:1:file-system/fs-1",
        "FileSystemId": "fs-1",
        "LifeCycleState": state,
        "Encrypted": False,
        "CreationTime": at("2026-11-01"),
    }
    told = efs(said, backup, {}, "eu-west-2")
    assert (told.up, told.kept, told.encrypted, told.key_owner) == (up, kept, False, None)


def test_an_fsx_file_system_is_read() -> None:
    """It is always encrypted; one that is misconfigured may serve or not."""
    said = {
        "ResourceARN": "arn:aws:fsx:eu-west-2:1:file-system/fs-1",
        "Lifecycle": "MISCONFIGURED",
        "KmsKeyId": "k1",
        "WindowsConfiguration": {"AutomaticBackupRetentionDays": 30},
        "CreationTime": at("2026-11-01"),
    }
    told = fsx(said, {"k1": KeyOwner.CUSTOMER}, "eu-west-2")
    assert (told.up, told.encrypted, told.key_owner) == (None, True, KeyOwner.CUSTOMER)
    assert told.kept == (Kept(what="automatic backups", days=30),)


ACCOUNT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/shop"
ON = {"enabled": True, "days": 14}


def _storage(
    within: str = "", said: dict[str, Any] | None = None, files: Any = None, **properties: Any
) -> Storage:
    """Return storage of Azure's answers (format as documented: storageAccounts 2023-05-01)."""
    account = {
        "id": ACCOUNT,
        "location": "uksouth",
        "properties": {
            "statusOfPrimary": "available",
            "allowBlobPublicAccess": False,
            "supportsHttpsTrafficOnly": True,
            "encryption": {"keySource": "Microsoft.Storage"},
            "networkAcls": {"defaultAction": "Deny"},
            **properties,
        },
    }
    blobs = {"properties": {"deleteRetentionPolicy": ON, "isVersioningEnabled": True}}
    whole = Account(
        said=account,
        blobs=blobs,
        files=files or {"properties": {"shareDeleteRetentionPolicy": {"enabled": False}}},
    )
    return storage(Part(id=f"{ACCOUNT}{within}", account=whole, said=said or account))


def test_a_storage_account_is_read() -> None:
    """Its settings and those of its services are told together."""
    told = _storage()
    assert (told.kind, told.up, told.public, told.every_network) == (
        "storage account",
        True,
        False,
        False,
    )
    assert told.kept == (Kept(what="deleted blobs", days=14), Kept(what="versions", days=None))
    assert told.key_owner is KeyOwner.PROVIDER


SHARE, CONTAINER = "/fileServices/default/shares/h", "/blobServices/default/containers/c"


@pytest.mark.parametrize(
    ("within", "access", "properties", "public"),
    [
        ("", None, {"allowBlobPublicAccess": True}, True),
        ("", None, {"allowBlobPublicAccess": True, "publicNetworkAccess": "Disabled"}, False),
        ("", None, {"allowBlobPublicAccess": None}, Unknown),
        (SHARE, None, {"allowBlobPublicAccess": True}, False),
        (CONTAINER, "None", {"allowBlobPublicAccess": True}, False),
        (CONTAINER, "Blob", {"allowBlobPublicAccess": True}, True),
        (CONTAINER, "Blob", {}, False),
    ],
)
def test_who_may_read_in_azure_without_signing_in(
    within: str, access: str | None, properties: dict[str, Any], public: object
) -> None:
    """An account allows it and a container does it; shares never do; not told is unknown."""
    said = {"properties": {"publicAccess": access}} if within == CONTAINER else None
    told = _storage(within, said, **properties).public
    assert (isinstance(told, Unknown) and public is Unknown) or told is public


def test_a_share_of_azure_is_kept_by_its_own_service() -> None:
    """What blobs keep is no way back for files."""
    assert _storage(SHARE, {"properties": {}}).kept == ()
    files = {"properties": {"shareDeleteRetentionPolicy": ON}}
    kept = (Kept(what="deleted shares", days=14),)
    assert _storage(SHARE, {"properties": {}}, files).kept == kept
    assert isinstance(_storage(SHARE, {"properties": {}}, UNTOLD).kept, Unknown)


def test_new_words_of_azure_storage_are_unknown() -> None:
    """A source of keys and a state that we have never heard of."""
    told = _storage(encryption={"keySource": "Microsoft.Moon"}, statusOfPrimary="dozing")
    assert isinstance(told.key_owner, Unknown)
    assert told.up is None
