"""What AWS said in 2022 to 2024 to LocalStack's makers, and in 2017 to Ansible's.

None was made by us. LocalStack's makers run their tests against the real AWS and keep its parsed
answers, with placeholders in place of names and moments; those are filled in here, and what a
single answer tells (a subscription, a group, a bucket's settings) stands where AWS would list it.
Ansible's makers kept theirs whole. Which sizes a zone offers, moto's makers have from AWS. An
answer that was not kept is answered so, and not with an empty list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from expectations import Expectation, fails, passes, unknown
from landings import server
from recorded_aws import Told, plain, recorded_world
from recordings import ANSIBLE, LOCALSTACK, instance_types, needs, offerings, placebo, snapshot

from migrate.clouds.aws_zones import names
from migrate.model.landing_names import Names

pytestmark = needs(LOCALSTACK, ANSIBLE)
THEN = datetime(2024, 6, 1, tzinfo=UTC)
CLOUDWATCH = "services/cloudwatch/test_cloudwatch"
S3 = "services/s3/test_s3_api"
BUCKET = "arn:aws:s3:::bucket"


def _kept(of_file: str, of_test: str, answer: str) -> Any:
    return plain(snapshot(of_file, of_test)[answer], THEN)


def _alarm(state: str) -> dict[tuple[str, str], Told]:
    """Return an alarm on an instance, and the one subscription to its topic."""
    test = "TestCloudwatch::test_enable_disable_alarm_actions"
    alarm = _kept(CLOUDWATCH, test, state)
    subscription = _kept(CLOUDWATCH, test, "cloudwatch_sns_subscription")
    (topic,) = alarm["MetricAlarms"][0]["AlarmActions"]
    row = {**subscription, "TopicArn": topic, "Owner": "111111111111", "Protocol": "sqs"}
    return {
        ("cloudwatch", "DescribeAlarms"): alarm,
        ("sns", "ListSubscriptions"): {"Subscriptions": [row]},
    }


def _bucket(**answers: tuple[str, str]) -> dict[tuple[str, str], Told]:
    """Return a bucket of these settings, each by its test and answer, and as it is made else."""
    kept = {
        "GetBucketEncryption": (
            "TestS3BucketEncryption::test_s3_default_bucket_encryption",
            "default-bucket-encryption",
        ),
        "GetBucketVersioning": VERSIONING_NEVER,
        "GetPublicAccessBlock": (f"{BLOCK}", "get-default-public-access-block"),
        "GetBucketPolicy": (
            "TestS3BucketPolicy::test_bucket_policy_crud",
            "get-bucket-default-policy",
        ),
        **answers,
    }
    acl = answers.get("GetBucketAcl", (ACL, "get-bucket-canned-acl"))
    kept.pop("GetBucketAcl", None)
    said: dict[tuple[str, str], Told] = {
        ("s3", operation): _with_fault(S3, *where) for operation, where in kept.items()
    }
    made = {"Name": "bucket", "CreationDate": THEN}
    return {
        **said,
        ("s3", "GetBucketAcl"): _kept("services/s3/test_s3", *acl),
        ("s3", "ListBuckets"): {"Buckets": [made]},
    }


def _with_fault(of_file: str, of_test: str, answer: str) -> Told:
    """Return an answer; of a refusal its status, too."""
    raw = snapshot(of_file, of_test)[answer]
    return raw if "Error" in raw else plain(raw, THEN)


BLOCK = "TestS3PublicAccessBlock::test_crud_public_access_block"
ACL = "TestS3::test_s3_bucket_acl"
_VERSIONING = "TestS3BucketVersioning::test_bucket_versioning_crud"
VERSIONING_NEVER = (_VERSIONING, "get-versioning-before")
VERSIONING_ON = (_VERSIONING, "get-versioning-after-enabled")
VERSIONING_OFF = (_VERSIONING, "get-versioning-after-suspended")
UNBLOCKED = (BLOCK, "get-public-access-block")
EVERYBODY = (ACL, "get-bucket-acl")
BY_KMS = (
    "TestS3BucketEncryption::test_s3_bucket_encryption_sse_kms_aws_managed_key",
    "get-bucket-enc",
)


def _key(of_test: str, answer: str) -> dict[tuple[str, str], Told]:
    kept = _with_fault("services/kms/test_kms", f"TestKMS::{of_test}", answer)
    whole = isinstance(kept, Mapping) and ("KeyMetadata" in kept or "Error" in kept)
    return {("kms", "DescribeKey"): kept if whole else {"KeyMetadata": kept}}


def _logs() -> dict[tuple[str, str], Told]:
    groups = _kept(
        "services/cloudformation/resources/test_logs",
        "test_cfn_handle_log_group_resource",
        "describe_log_groups",
    )
    (group,) = groups["logGroups"]
    topic = _kept(
        "services/sns/test_sns",
        "TestSNSSubscriptionCrud::test_list_subscriptions_by_topic_pagination",
        "list-sub-per-topic-page-2",
    )
    made = {**group, "creationTime": int(THEN.timestamp())}
    return {
        ("logs", "DescribeLogGroups"): {"logGroups": [made]},
        ("sns", "ListSubscriptionsByTopic"): topic,
    }


def _vpn(name: str) -> dict[tuple[str, str], Told]:
    return {("ec2", "DescribeVpnConnections"): plain(placebo(name), THEN)}


def _offers() -> dict[tuple[str, str], Told]:
    wanted = {"m5.large", "d3.xlarge"}
    rows = [
        {**each, "LocationType": "availability-zone"}
        for each in offerings("eu-west-2")
        if each["InstanceType"] in wanted
    ]
    types = [instance_types()[each] for each in sorted(wanted)]
    return {
        ("ec2", "DescribeInstanceTypeOfferings"): {"InstanceTypeOfferings": rows},
        ("ec2", "DescribeInstanceTypes"): {"InstanceTypes": types},
    }


def _group() -> dict[tuple[str, str], Told]:
    kept = _kept(
        "services/cloudformation/resource_providers/ec2/test_ec2",
        "test_deploy_security_group_with_tags",
        "security-group",
    )
    return {("ec2", "DescribeSecurityGroups"): {"SecurityGroups": [kept]}}


def _names() -> Mapping[type, object]:
    test = "TestRoute53Resolver::test_associate_and_disassociate_resolver_rule"
    of_file = "services/route53resolver/test_route53resolver"
    rule = _kept(of_file, test, "create_resolver_rule_res")
    stands = _kept(of_file, test, "rule_association")["ResolverRuleAssociation"]["Status"]
    zones = _kept(
        "services/route53/test_route53",
        "TestRoute53::test_create_private_hosted_zone",
        "list_hosted_zones_by_vpc",
    )
    told = names.resolution(
        support=True,
        hostnames=True,
        options=(),
        rules=((rule, stands),),
        zones=tuple(each["Name"] for each in zones["HostedZoneSummaries"]),
    )
    return {Names: Names(networks={"vpc-1": told})}


Scenario = dict[tuple[str, str], Told]
STORAGE: tuple[tuple[Callable[[], Scenario], Expectation], ...] = (
    (
        lambda: _bucket(GetBucketVersioning=VERSIONING_ON),
        passes(
            "target-storage",
            "a bucket of 2023 is encrypted by S3's key and blocks the public as it is made, and "
            "its versions are kept",
            resource=BUCKET,
        ),
    ),
    (
        _bucket,
        fails(
            "target-storage",
            "versioning was never set: nothing is kept of what is deleted",
            resource=BUCKET,
        ),
    ),
    (
        lambda: _bucket(GetBucketVersioning=VERSIONING_OFF),
        fails("target-storage", "versioning is suspended", resource=BUCKET),
    ),
    (
        lambda: _bucket(GetPublicAccessBlock=UNBLOCKED, GetBucketAcl=EVERYBODY),
        fails(
            "target-storage",
            "nothing is blocked, and the group AllUsers may READ",
            resource=BUCKET,
            given={"kept": False},
        ),
    ),
    (
        lambda: _bucket(GetPublicAccessBlock=UNBLOCKED),
        unknown(
            "target-storage",
            "nothing is blocked, the list of access is private; whether the policy is public was "
            "not recorded",
            resource=BUCKET,
            given={"kept": False},
            words="not recorded",
        ),
    ),
    (
        lambda: _bucket(GetBucketEncryption=BY_KMS),
        fails(
            "target-storage",
            "it is encrypted by aws:kms without a key of its own, which is AWS's",
            resource=BUCKET,
            given={"kept": False, "customer_key": True},
        ),
    ),
)
ALARMS: tuple[tuple[Callable[[], Scenario], Expectation], ...] = (
    (
        lambda: _alarm("describe_alarm_enabled"),
        passes(
            "target-monitored",
            "its actions are enabled, and its topic has a subscription with an ARN",
            resource="abc",
        ),
    ),
    (
        lambda: _alarm("describe_alarm_disabled"),
        fails("target-monitored", "its actions are not enabled", resource="abc"),
    ),
    (
        lambda: _alarm("describe_alarm"),
        unknown(
            "target-monitored",
            "INSUFFICIENT_DATA: what it watches was not measured yet",
            resource="abc",
        ),
    ),
    (
        lambda: _alarm("describe_alarm_enabled"),
        fails("target-monitored", "the alarm is on another instance", resource="i-1"),
    ),
)
PLACES: tuple[tuple[Callable[[], Scenario], Expectation], ...] = (
    (
        lambda: _key("test_create_key", "describe-key"),
        unknown(
            "keys",
            "the key is Enabled; whether it is rotated was not recorded",
            given={"keys": ("key-id-1",)},
            words="not recorded",
        ),
    ),
    (
        lambda: _key("test_import_key_symmetric", "describe-key-before-import"),
        fails(
            "keys",
            "its material was not imported yet",
            given={"keys": ("key-id-1",)},
            words="PendingImport",
        ),
    ),
    (
        lambda: _key("test_get_key_does_not_exist", "describe-nonexistent-with-arn"),
        fails("keys", "NotFoundException: there is none", given={"keys": ("key-id-1",)}),
    ),
    (
        _logs,
        passes(
            "monitoring",
            "the log group keeps 731 days; the topic's subscription by sms has an ARN",
            given={"logs": ("log-group-name-1",), "alerts": ("arn:aws:sns:eu-west-2:1:t",)},
            words="731 days",
        ),
    ),
    (
        _logs,
        fails(
            "monitoring",
            "there is one log group, and it is another",
            given={"logs": ("log-group",), "alerts": ("arn:aws:sns:eu-west-2:1:t",)},
        ),
    ),
    (
        lambda: _vpn("ec2_vpc_vpn/add_routes/ec2.DescribeVpnConnections_2"),
        fails(
            "connections",
            "the VPN is pending, and both its tunnels are DOWN",
            given={"connections": ("vpn-c0d1cad2",)},
            words="DOWN",
        ),
    ),
    (
        lambda: _vpn("ec2_vpc_vpn/add_routes/ec2.DescribeVpnConnections_1"),
        fails(
            "connections",
            "the VPN is deleted, of which EC2 tells for a while",
            given={"connections": ("vpn-d6d1cac4",)},
            words="deleted",
        ),
    ),
    (
        _offers,
        passes(
            "sizes",
            "m5.large is offered in all three zones of London",
            given={"availability_zones": ("eu-west-2a", "eu-west-2b", "eu-west-2c")},
            servers=(server(size="m5.large"),),
        ),
    ),
    (
        _offers,
        fails(
            "sizes",
            "d3.xlarge is not offered in every zone of London",
            given={"availability_zones": ("eu-west-2a", "eu-west-2b", "eu-west-2c")},
            servers=(server(size="d3.xlarge"),),
            words="d3.xlarge",
        ),
    ),
    (
        _offers,
        unknown(
            "quotas",
            "how many vCPUs a size has is known, and of quotas nothing was recorded",
            servers=(server(size="m5.large"),),
            words="not recorded",
        ),
    ),
    (
        _group,
        passes(
            "security-groups",
            "it lets nobody in",
            given={"security_groups": ("group-id-1",)},
        ),
    ),
    (
        dict,
        passes(
            "names",
            "a FORWARD rule for www.example4.com is COMPLETE, and so is its association (by the "
            "reader's pure part: that the resolver is on was not recorded)",
            given={"subnets": ("subnet-1",), "domains": ("www.example4.com",)},
            pure=_names,
        ),
    ),
    (
        dict,
        fails(
            "names",
            "no rule and no private zone holds council.internal (by the reader's pure part)",
            given={"subnets": ("subnet-1",), "domains": ("council.internal",)},
            words="council.internal",
            pure=_names,
        ),
    ),
)
SCENARIOS = (*STORAGE, *ALARMS, *PLACES)
EXPECTED: tuple[Expectation, ...] = tuple(expected for _, expected in SCENARIOS)


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [pytest.param(*each, id=f"{each[1].judges}: {each[1].why}") for each in SCENARIOS],
)
def test_what_aws_said_since_is_judged(
    scenario: Callable[[], Scenario], expected: Expectation
) -> None:
    """As the recording argues; nothing that it does not tell is passed."""
    with recorded_world("eu-west-2", scenario()) as opened:
        opened.holds(expected)
