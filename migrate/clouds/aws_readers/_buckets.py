"""S3 buckets: listed once, and each asked for its settings, since S3 lists no settings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_names import name_of
from migrate.clouds.aws_readers._keys import Owners, owner_in, owners_of
from migrate.clouds.readers import each_read, unless_failed
from migrate.clouds.singly import singly
from migrate.model.target_disks import KeyOwner
from migrate.model.target_storage import Kept, Storage

_LIST: Final = aws_call("s3:ListBuckets", "s3:ListAllMyBuckets")
_SETTINGS: Final = {
    "get_bucket_encryption": aws_call("s3:GetBucketEncryption", "s3:GetEncryptionConfiguration"),
    "get_bucket_versioning": aws_call("s3:GetBucketVersioning"),
    "get_public_access_block": aws_call("s3:GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
    "get_bucket_policy": aws_call("s3:GetBucketPolicy"),
    "get_bucket_policy_status": aws_call("s3:GetBucketPolicyStatus"),
    "get_bucket_acl": aws_call("s3:GetBucketAcl"),
}
CALLS: Final = (_LIST, *_SETTINGS.values())
_NONE_SET: Final = frozenset(
    {
        "NoSuchBucketPolicy",
        "NoSuchPublicAccessBlockConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)
"""S3's codes for settings that were never made."""
_BLOCKS: Final = (
    "BlockPublicAcls",
    "IgnorePublicAcls",
    "BlockPublicPolicy",
    "RestrictPublicBuckets",
)
_EVERYBODY: Final = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
Setting = Mapping[str, Any] | Unknown


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """A bucket and its settings, as S3 writes them; a setting that was never made is empty."""

    arn: str
    listed: Mapping[str, Any]
    settings: Mapping[str, Setting]
    """By the client's method."""


def buckets(asked: AwsAsked, ids: list[str]) -> Mapping[str, Storage | Unknown]:
    """Return what is told of each bucket; one that is not among the account's own is left out."""
    client = asked.client("s3")
    listed = {each["Name"]: each for each in client.list_buckets()["Buckets"]}
    mine = {arn: name_of(arn) for arn in ids if name_of(arn) in listed}
    told = singly(asked, tuple(mine.values()), lambda name: _settings(asked, name), CALLS)
    found = {
        arn: Bucket(arn=arn, listed=listed[name], settings=_whole(told[name]))
        for arn, name in mine.items()
    }
    owners = owners_of(asked, (_key(each) for each in found.values()))
    return each_read(found, lambda each: bucket(each, owners))


def _whole(told: Mapping[str, Setting] | Unknown) -> Mapping[str, Setting]:
    return dict.fromkeys(_SETTINGS, told) if isinstance(told, Unknown) else told


def _settings(asked: AwsAsked, name: str) -> Mapping[str, Setting]:
    from botocore.exceptions import ClientError  # type: ignore[import-untyped]

    from inventory.clouds.aws_failures import code_of

    client = asked.client("s3")

    def ask(method: str) -> Callable[[], Mapping[str, Any]]:
        def answer() -> Mapping[str, Any]:
            try:
                said: Mapping[str, Any] = getattr(client, method)(Bucket=name)
            except ClientError as error:
                if code_of(error) not in _NONE_SET:
                    raise
                return {}
            return said

        return answer

    return {
        method: unless_failed(asked, (call,), ask(method)) for method, call in _SETTINGS.items()
    }


def bucket(found: Bucket, owners: Owners) -> Storage:
    """Make storage of what S3 says of a bucket. Pure; ``owners`` tells whose each key is."""
    rule = _rule(found)
    return Storage(
        id=found.arn,
        kind="bucket",
        region=found.listed.get("BucketRegion"),
        state=None,
        up=True,
        encrypted=rule if isinstance(rule, Unknown) else bool(rule),
        key_owner=_key_owner(rule, owners),
        key=_key(found),
        public=_public(found.settings),
        every_network=Unknown(
            reason=Reason.NOT_TOLD,
            detail="S3 answers from every network but what its policies forbid, which are not read",
        ),
        kept=_kept(found.settings["get_bucket_versioning"]),
        transit_encrypted=_transit(found.settings["get_bucket_policy"]),
        created=found.listed["CreationDate"].isoformat(),
    )


def _rule(found: Bucket) -> Setting:
    said = found.settings["get_bucket_encryption"]
    if isinstance(said, Unknown) or not said:
        return said
    rules = said["ServerSideEncryptionConfiguration"]["Rules"]
    not_told = Unknown(reason=Reason.NOT_TOLD, detail="S3 names no encryption in the bucket's rule")
    by_default: Setting = rules[0].get("ApplyServerSideEncryptionByDefault", not_told)
    return by_default


def _key(found: Bucket) -> str | None:
    rule = _rule(found)
    return None if isinstance(rule, Unknown) else rule.get("KMSMasterKeyID")


def _key_owner(rule: Setting, owners: Owners) -> KeyOwner | Unknown | None:
    if isinstance(rule, Unknown):
        return rule
    if not rule:
        return None
    if rule.get("KMSMasterKeyID"):
        return owner_in(owners, rule["KMSMasterKeyID"])
    return KeyOwner.PROVIDER


def _public(settings: Mapping[str, Setting]) -> bool | Unknown:
    block = settings["get_public_access_block"]
    if not isinstance(block, Unknown):
        blocks = block.get("PublicAccessBlockConfiguration", {})
        if all(blocks.get(each) for each in _BLOCKS):
            return False
    status, acl = settings["get_bucket_policy_status"], settings["get_bucket_acl"]
    doubts = [each for each in (status, acl) if isinstance(each, Unknown)]
    by_policy = not isinstance(status, Unknown) and status and status["PolicyStatus"]["IsPublic"]
    by_acl = not isinstance(acl, Unknown) and any(
        each["Grantee"].get("URI") in _EVERYBODY for each in acl["Grants"]
    )
    return True if by_policy or by_acl else (doubts[0] if doubts else False)


def _kept(versioning: Setting) -> tuple[Kept, ...] | Unknown:
    if isinstance(versioning, Unknown):
        return versioning
    on = versioning.get("Status") == "Enabled"
    return (Kept(what="versions", days=None),) if on else ()


def _transit(policy: Setting) -> bool | Unknown:
    """Tell whether the policy denies everybody whatever does not come by TLS."""
    if isinstance(policy, Unknown):
        return policy
    statements = json.loads(policy.get("Policy", "{}")).get("Statement", [])
    return any(
        _asks_tls(each) for each in (statements if isinstance(statements, list) else [statements])
    )


def _asks_tls(statement: Mapping[str, Any]) -> bool:
    condition = statement.get("Condition", {}).get("Bool", {})
    return (
        statement.get("Effect") == "Deny"
        and statement.get("Principal") in ("*", {"AWS": "*"})
        and statement.get("Action") in ("s3:*", "*", ["s3:*"])
        and str(condition.get("aws:SecureTransport")).lower() == "false"
        and len(statement.get("Condition", {})) == 1
    )
