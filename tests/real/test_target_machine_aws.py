"""Checks of a new server in AWS, asked of a real moto server by the real client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from clouds import BRIEF
from sights import move, sight

from inventory.model.cloud_settings import AwsSettings, AzureSettings
from inventory.model.fact import Unknown
from inventory.registry import Registry
from migrate.clouds.look import CloudLook, open_clouds
from migrate.demo.moto import LoopbackAws, loopback_aws
from migrate.model.check import Check, CloudResource
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.plan import Destination, Move
from migrate.model.target import Machine
from migrate.model.target_disks import Disks
from migrate.model.target_exposure import Exposure
from migrate.model.target_health import Health
from migrate.model.target_protection import DeletionProtection, StopProtection
from migrate.model.target_size import Capacity

pytestmark = pytest.mark.moto

CHECKS = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
IMAGE = "ami-12c6146b"
"""One of those that moto holds."""
PATIENT = replace(BRIEF, answer_seconds=20)
"""Moto reads its list of sizes for some seconds when it is first asked for one."""


@pytest.fixture(scope="module")
def aws() -> Iterator[LoopbackAws]:
    """Return a running AWS."""
    with loopback_aws() as running:
        yield running


@pytest.fixture
def clouds(aws: LoopbackAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudLook]:
    """Return the clouds of one run."""
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    look = open_clouds(AwsSettings(region=aws.region, patience=PATIENT), AzureSettings())
    yield look
    look.close()


@pytest.fixture
def ec2(aws: LoopbackAws) -> Any:
    """Return a client that makes and changes things, as whoever builds the new servers does."""
    return _builder(aws, "ec2")


def _builder(aws: LoopbackAws, service: str) -> Any:
    return boto3.client(
        service,
        region_name=aws.region,
        endpoint_url=aws.url,
        aws_access_key_id="loopback",
        aws_secret_access_key="loopback",  # noqa: S106 -- moto takes any
    )


def _move(instance: str) -> Move:
    return replace(move(to=Destination.AWS, resource=instance), server=instance)


def _run(clouds: CloudLook, check: str, instance: str, **parameters: Any) -> CheckResult:
    seen = replace(sight(), move=_move(instance), clouds=clouds)
    return CHECKS.one(check).value.run(seen, parameters)


def _expect(result: CheckResult, outcome: Outcome, words: str = "") -> None:
    assert result.outcome is outcome, result.detail
    assert words in result.detail


def test_running_and_stopped(aws: LoopbackAws, clouds: CloudLook) -> None:
    """A running instance passes by its state and both status checks; a stopped one fails."""
    up, down = aws.run_instance(), aws.run_instance()
    aws.stop(down)
    _expect(_run(clouds, "target-running", up), Outcome.PASSED, "system ok, instance ok")
    _expect(_run(clouds, "target-running", down), Outcome.FAILED, "it is stopped")
    _expect(_run(clouds, "target-running", "i-00000000000000000"), Outcome.UNKNOWN, "not speak")


def test_size(aws: LoopbackAws, clouds: CloudLook) -> None:
    """The size is told with the processors and memory of its type."""
    told = clouds.told(_move(aws.run_instance(size="m5.xlarge")), Capacity)
    assert told == Capacity(size="m5.xlarge", vcpus=4, memory_bytes=16 * 2**30)


def test_encryption_and_whose_key(aws: LoopbackAws, clouds: CloudLook, ec2: Any) -> None:
    """A volume in the clear fails; one under a customer's key passes, until that is disabled."""
    clear = aws.run_instance()
    kms = _builder(aws, "kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    mapping = {"Ebs": {"VolumeSize": 20, "Encrypted": True, "KmsKeyId": key}}
    secret = _with_disk(ec2, mapping)
    _expect(_run(clouds, "target-encrypted", clear), Outcome.FAILED, "is not encrypted")
    _expect(_run(clouds, "target-encrypted", secret, key="customer"), Outcome.PASSED, "customer")
    kms.disable_key(KeyId=key)
    clouds.forget()
    _expect(_run(clouds, "target-encrypted", secret), Outcome.FAILED, "Disabled")
    told = clouds.told(_move(secret), Disks)
    assert not isinstance(told, Unknown)
    assert [each.size_bytes for each in told.disks] == [20 * 2**30]


def _with_disk(ec2: Any, mapping: dict[str, Any]) -> str:
    made = ec2.run_instances(
        ImageId=IMAGE,
        MinCount=1,
        MaxCount=1,
        BlockDeviceMappings=[{"DeviceName": "/dev/sda1", **mapping}],
    )
    return str(made["Instances"][0]["InstanceId"])


def _grouped(ec2: Any, name: str, **rule: Any) -> str:
    """Return an instance whose only security group has one rule for incoming traffic."""
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    group = ec2.create_security_group(GroupName=name, Description="made", VpcId=vpc)["GroupId"]
    allowed = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, **rule}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[allowed])
    made = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, SecurityGroupIds=[group])
    return str(made["Instances"][0]["InstanceId"])


def test_exposure(clouds: CloudLook, ec2: Any) -> None:
    """A rule for everybody fails, one for the council's own network does not."""
    given: dict[str, Any] = {"public_address": True}
    anybody = _grouped(ec2, "anybody", IpRanges=[{"CidrIp": "0.0.0.0/0"}])
    halves = _grouped(ec2, "halves", IpRanges=[{"CidrIp": "128.0.0.0/1"}])
    six = _grouped(ec2, "six", Ipv6Ranges=[{"CidrIpv6": "::/0"}])
    ours = _grouped(ec2, "ours", IpRanges=[{"CidrIp": "10.0.0.0/8"}, {"CidrIp": "192.0.2.0/24"}])
    check = "target-not-exposed"
    _expect(_run(clouds, check, anybody, **given), Outcome.FAILED, "22/tcp from 0.0.0.0/0")
    _expect(_run(clouds, check, halves, **given), Outcome.FAILED, "128.0.0.0/1")
    _expect(_run(clouds, check, six, **given), Outcome.FAILED, "::/0")
    _expect(_run(clouds, check, ours, **given), Outcome.PASSED)
    _expect(_run(clouds, check, ours), Outcome.FAILED, "public address")
    _expect(_run(clouds, check, anybody, **given, allowed_ports=["22/tcp"]), Outcome.PASSED)


def test_a_prefix_list_hides_nothing(clouds: CloudLook, ec2: Any) -> None:
    """A rule that names a list is judged by the ranges in it."""
    wide, narrow = (
        ec2.create_managed_prefix_list(
            PrefixListName=name,
            MaxEntries=2,
            AddressFamily="IPv4",
            Entries=[{"Cidr": cidr, "Description": "made"}],
        )["PrefixList"]["PrefixListId"]
        for name, cidr in (("wide", "0.0.0.0/0"), ("narrow", "192.0.2.0/24"))
    )
    given: dict[str, Any] = {"public_address": True}
    open_ = _grouped(ec2, "list-wide", PrefixListIds=[{"PrefixListId": wide}])
    closed = _grouped(ec2, "list-narrow", PrefixListIds=[{"PrefixListId": narrow}])
    _expect(_run(clouds, "target-not-exposed", open_, **given), Outcome.FAILED, wide)
    _expect(_run(clouds, "target-not-exposed", closed, **given), Outcome.PASSED)


def test_tags(aws: LoopbackAws, clouds: CloudLook, ec2: Any) -> None:
    """A tag that is there with its value passes; another value fails."""
    instance = aws.run_instance()
    ec2.create_tags(Resources=[instance], Tags=[{"Key": "Owner", "Value": "Housing"}])
    _expect(_run(clouds, "target-tagged", instance, tags={"Owner": "Housing"}), Outcome.PASSED)
    _expect(_run(clouds, "target-tagged", instance, tags={"Owner": "Finance"}), Outcome.FAILED)


def test_protection(aws: LoopbackAws, clouds: CloudLook, ec2: Any) -> None:
    """Termination protection and stop protection are told, each of each instance."""
    bare, kept = aws.run_instance(), aws.run_instance()
    ec2.modify_instance_attribute(InstanceId=kept, DisableApiTermination={"Value": True})
    ec2.modify_instance_attribute(InstanceId=kept, DisableApiStop={"Value": True})
    _expect(_run(clouds, "target-protected", bare), Outcome.FAILED, "deleted")
    _expect(_run(clouds, "target-protected", kept, stop=True), Outcome.PASSED)


def test_metadata(aws: LoopbackAws, clouds: CloudLook, ec2: Any) -> None:
    """Optional session tokens fail, required ones pass."""
    instance = aws.run_instance()
    _expect(_run(clouds, "target-metadata", instance), Outcome.FAILED, "IMDSv1")
    ec2.modify_instance_metadata_options(
        InstanceId=instance, HttpTokens="required", HttpEndpoint="enabled"
    )
    clouds.forget()
    _expect(_run(clouds, "target-metadata", instance), Outcome.PASSED, "required")


def test_place(aws: LoopbackAws, clouds: CloudLook, ec2: Any) -> None:
    """Region, network and subnet are told as they are."""
    instance = aws.run_instance()
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    given: dict[str, Any] = {"regions": [aws.region], "networks": [vpc]}
    _expect(_run(clouds, "target-in-place", instance, **given), Outcome.PASSED, vpc)
    given["networks"] = ["vpc-another"]
    _expect(_run(clouds, "target-in-place", instance, **given), Outcome.FAILED, vpc)


def test_the_console_is_read_and_nothing_of_it_kept(aws: LoopbackAws, clouds: CloudLook) -> None:
    """Moto's console breaks off before a login: that says nothing. No line of it is told."""
    result = _run(clouds, "target-boots", aws.run_instance())
    _expect(result, Outcome.UNKNOWN, "none of the signs")
    assert "Linux version" not in f"{result.detail}{result.observed}"


def test_a_wave_costs_calls_by_the_page(aws: LoopbackAws, clouds: CloudLook) -> None:
    """12 instances cost as many calls as one, for all aspects; only attributes are told singly."""
    moves = [_move(aws.run_instance()) for _ in range(12)]
    clouds.expect(moves)
    aspects = (Machine, Health, Capacity, Disks, Exposure)
    for each in moves:
        for aspect in aspects:
            assert isinstance(clouds.told(each, aspect), aspect)
    by_the_page = {name: count for _, name, count in clouds.tally.rows()}
    assert by_the_page == {
        "ec2:DescribeInstanceStatus": 1,
        "ec2:DescribeInstanceTypes": 1,
        "ec2:DescribeInstances": 1,
        "ec2:DescribeSecurityGroups": 1,
        "ec2:DescribeVolumes": 1,
    }
    for each in moves:
        clouds.told(each, DeletionProtection)
    counted = {name: count for _, name, count in clouds.tally.rows()}
    assert counted["ec2:DescribeInstanceAttribute"] == len(moves)


def test_what_evidence_is_bound_to_costs_calls_by_the_page(
    aws: LoopbackAws, clouds: CloudLook
) -> None:
    """Instances of a wave are described together, and as each would be by itself."""
    moves = [_move(aws.run_instance()) for _ in range(6)]
    alone = [clouds.resource(each) for each in moves]
    clouds.forget()
    clouds.expect(moves)
    before = _counted(clouds)
    assert [clouds.resource(each) for each in moves] == alone
    assert _counted(clouds) - before == {
        "ec2:DescribeInstanceStatus": 1,
        "ec2:DescribeInstances": 1,
    }


def test_an_instance_that_is_gone_is_known_to_be(aws: LoopbackAws, clouds: CloudLook) -> None:
    """Of several that are looked at together, too: it is then asked for by itself."""
    there, gone = _move(aws.run_instance()), _move("i-00000000000000000")
    clouds.expect([there, gone])
    found = [clouds.resource(each) for each in (there, gone)]
    assert [each.exists for each in found if isinstance(each, CloudResource)] == [True, False]


def test_aspects_that_are_expected_are_read_at_once(aws: LoopbackAws, clouds: CloudLook) -> None:
    """What a stage's checks will judge is there before the first of them begins."""
    moves = [_move(aws.run_instance()) for _ in range(3)]
    clouds.expect(moves, (Machine, Health, Disks))
    asked = _counted(clouds)
    for each in moves:
        for aspect in (Machine, Health, Disks):
            assert isinstance(clouds.told(each, aspect), aspect)
    assert _counted(clouds) == asked
    assert sum(asked.values()) == 3


def _counted(clouds: CloudLook) -> Counter[str]:
    return Counter({name: count for _, name, count in clouds.tally.rows()})


def test_one_instance_that_is_gone_costs_only_itself(aws: LoopbackAws, clouds: CloudLook) -> None:
    """What is asked of each instance by itself is unknown for the one that is not there."""
    there, gone = _move(aws.run_instance()), _move("i-00000000000000000")
    clouds.expect([there, gone])
    assert isinstance(clouds.told(there, StopProtection), StopProtection)
    told = clouds.told(gone, StopProtection)
    assert isinstance(told, Unknown)
    assert "i-00000000000000000" in told.detail
