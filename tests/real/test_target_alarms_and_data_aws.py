"""Alarms, load balancers, databases and storage in AWS, asked of a real moto server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from clouds import BRIEF
from sights import move, sight

from inventory.model.cloud_settings import AwsSettings, AzureSettings
from inventory.model.fact import Unknown
from migrate.checks.target_balanced import CHECK as BALANCED
from migrate.checks.target_database import CHECK as DATABASE
from migrate.checks.target_monitored import CHECK as MONITORED
from migrate.checks.target_storage import CHECK as STORAGE
from migrate.clouds.look import CloudLook, open_clouds
from migrate.demo.moto import LoopbackAws, loopback_aws
from migrate.model.check import Check, CloudResource
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.plan import Destination, Move
from migrate.model.target_database import Database
from migrate.model.target_storage import Storage

pytestmark = pytest.mark.moto

Builder = Callable[[str], Any]


@pytest.fixture(scope="module")
def aws() -> Iterator[LoopbackAws]:
    """Return a running AWS."""
    with loopback_aws() as running:
        yield running


@pytest.fixture(scope="module")
def build(aws: LoopbackAws) -> Builder:
    """Return clients that make and change things, as whoever builds the new estate does."""

    def client(service: str) -> Any:
        return boto3.client(
            service,
            region_name=aws.region,
            endpoint_url=aws.url,
            aws_access_key_id="loopback",
            aws_secret_access_key="loopback",  # noqa: S106 -- moto takes any
        )

    return client


@pytest.fixture
def clouds(aws: LoopbackAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudLook]:
    """Return the clouds of one run."""
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    patience = replace(BRIEF, answer_seconds=20)
    look = open_clouds(AwsSettings(region=aws.region, patience=patience), AzureSettings())
    yield look
    look.close()


def _move(resource: str) -> Move:
    return replace(move(to=Destination.AWS, resource=resource), server=resource)


def _run(clouds: CloudLook, check: Check, resource: str, **parameters: Any) -> CheckResult:
    return check.run(replace(sight(), move=_move(resource), clouds=clouds), parameters)


def test_an_alarm_that_a_topic_of_nobody_hears_fails(
    aws: LoopbackAws, build: Builder, clouds: CloudLook
) -> None:
    """The same alarm passes once somebody is subscribed, in a new run."""
    instance, topic = aws.run_instance(), build("sns").create_topic(Name="oncall")["TopicArn"]
    build("cloudwatch").put_metric_alarm(
        AlarmName="down",
        MetricName="StatusCheckFailed",
        Namespace="AWS/EC2",
        Dimensions=[{"Name": "InstanceId", "Value": instance}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=2,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[topic],
    )
    before = _run(clouds, MONITORED, instance)
    assert before.outcome is Outcome.FAILED, before
    assert "no subscription of its topic is confirmed" in before.detail
    build("sns").subscribe(TopicArn=topic, Protocol="sms", Endpoint="+447700900000")
    clouds.forget()
    after = _run(clouds, MONITORED, instance, metrics=["StatusCheckFailed"])
    assert after.outcome is Outcome.PASSED, after
    assert "447700900000" not in repr(after)
    assert _run(clouds, MONITORED, aws.run_instance()).outcome is Outcome.FAILED


def test_an_instance_behind_a_load_balancer_is_healthy(
    aws: LoopbackAws, build: Builder, clouds: CloudLook
) -> None:
    """Registered by its id or by its address; another instance is registered nowhere."""
    by_id, by_address, alone = (aws.run_instance() for _ in range(3))
    ec2, elb = build("ec2"), build("elbv2")
    network = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"][:2]]
    balancer = elb.create_load_balancer(Name="front", Subnets=subnets)["LoadBalancers"][0]
    described = ec2.describe_instances(InstanceIds=[by_address])["Reservations"][0]["Instances"][0]
    targets = {"instance": by_id, "ip": described["PrivateIpAddress"]}
    for kind, target in targets.items():
        group = elb.create_target_group(
            Name=f"web-{kind}", Protocol="HTTP", Port=80, VpcId=network, TargetType=kind
        )["TargetGroups"][0]["TargetGroupArn"]
        elb.register_targets(TargetGroupArn=group, Targets=[{"Id": target}])
        elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80 if kind == "ip" else 81,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        )
    clouds.expect([_move(each) for each in (by_id, by_address, alone)])
    assert "healthy in web-instance of front" in _run(clouds, BALANCED, by_id).detail
    assert _run(clouds, BALANCED, by_address, groups=["web-ip"]).outcome is Outcome.PASSED
    assert _run(clouds, BALANCED, alone).outcome is Outcome.FAILED
    asked = {name: count for _, name, count in clouds.tally.rows()}
    assert asked == {
        "elbv2:DescribeTargetGroups": 1,
        "elbv2:DescribeTargetHealth": 2,
        "ec2:DescribeInstances": 1,
    }


def _make_database(build: Builder, name: str, **more: Any) -> str:
    made = build("rds").create_db_instance(
        DBInstanceIdentifier=name,
        Engine="postgres",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        MasterUsername="decant",
        MasterUserPassword="loopback-only",
        **more,
    )
    return str(made["DBInstance"]["DBInstanceArn"])


def test_a_database_of_rds_is_judged(build: Builder, clouds: CloudLook) -> None:
    """One that is made well passes, one that is made carelessly fails with every reason."""
    rds = build("rds")
    rds.create_db_parameter_group(
        DBParameterGroupName="pg", DBParameterGroupFamily="postgres16", Description="x"
    )
    rds.modify_db_parameter_group(
        DBParameterGroupName="pg",
        Parameters=[
            {
                "ParameterName": "rds.force_ssl",
                "ParameterValue": "1",
                "ApplyMethod": "immediate",
            }
        ],
    )
    good = _make_database(
        build,
        "good",
        StorageEncrypted=True,
        BackupRetentionPeriod=14,
        PubliclyAccessible=False,
        DeletionProtection=True,
        DBParameterGroupName="pg",
    )
    careless = _make_database(
        build, "careless", StorageEncrypted=False, BackupRetentionPeriod=1, PubliclyAccessible=True
    )
    clouds.expect([_move(good), _move(careless)])
    wanted = {"rds.force_ssl": "1"}
    told = _run(clouds, DATABASE, good, parameters=wanted, protected=True)
    assert told.outcome is Outcome.PASSED, told
    failed = _run(clouds, DATABASE, careless)
    assert failed.outcome is Outcome.FAILED
    for words in ("for 1 day, not 7", "it is not encrypted", "let the internet reach it"):
        assert words in failed.detail
    asked = {name: count for _, name, count in clouds.tally.rows()}
    assert asked["rds:DescribeDBInstances"] == 1


def test_a_database_that_is_not_there_is_unknown(clouds: CloudLook) -> None:
    """It is neither well nor a resource that evidence could be bound to."""
    gone = _move("arn:aws:rds:eu-west-2:123456789012:db:nobody")
    assert isinstance(clouds.told(gone, Database), Unknown)
    assert isinstance(clouds.resource(gone), Unknown)


def test_evidence_is_bound_to_the_database(build: Builder, clouds: CloudLook) -> None:
    """It is described as the move's resource, by class and version."""
    arn = _make_database(build, "bound")
    seen = clouds.resource(_move(arn))
    assert isinstance(seen, CloudResource)
    assert (seen.id, seen.size, seen.power_state) == (arn, "db.t3.micro", "available")
    assert seen.image
    assert seen.image.startswith("postgres ")


def test_buckets_are_judged(build: Builder, clouds: CloudLook) -> None:
    """One that is closed and keeps versions passes; one that anybody may read fails."""
    s3 = build("s3")
    place = {"LocationConstraint": "eu-west-2"}
    for name in ("closed", "open"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_bucket_versioning(Bucket="closed", VersioningConfiguration={"Status": "Enabled"})
    s3.put_public_access_block(
        Bucket="closed",
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::closed", "arn:aws:s3:::closed/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket="closed", Policy=json.dumps(policy))
    s3.delete_public_access_block(Bucket="open")
    s3.put_bucket_acl(Bucket="open", ACL="public-read")
    told = _run(clouds, STORAGE, "arn:aws:s3:::closed", transit_encrypted=True)
    assert told.outcome is Outcome.PASSED, told
    failed = _run(clouds, STORAGE, "arn:aws:s3:::open")
    assert failed.outcome is Outcome.FAILED
    assert "without signing in" in failed.detail
    assert "nothing is kept" in failed.detail
    assert isinstance(clouds.told(_move("arn:aws:s3:::nobody"), Storage), Unknown)


def test_file_systems_are_judged(build: Builder, clouds: CloudLook) -> None:
    """Encrypted and backed up passes; the other one fails; whose key it is, KMS says."""
    efs, key = build("efs"), build("kms").create_key()["KeyMetadata"]["Arn"]
    good = efs.create_file_system(CreationToken="a", Encrypted=True, KmsKeyId=key, Backup=True)
    bare = efs.create_file_system(CreationToken="b", Encrypted=False, Backup=False)
    told = _run(clouds, STORAGE, good["FileSystemArn"], customer_key=True, closed_network=True)
    assert told.outcome is Outcome.PASSED, told
    failed = _run(clouds, STORAGE, bare["FileSystemArn"])
    assert failed.outcome is Outcome.FAILED
    assert "it is not encrypted" in failed.detail
    assert "nothing is kept" in failed.detail
