"""What readers tell of many EC2 instances at once, asked of a real moto server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from clouds import BRIEF
from sights import move

from inventory.clouds.aws_reach import AwsPlace, AwsReach
from inventory.errors import RefusedError
from inventory.model.cloud_calls import aws_call
from inventory.model.cloud_settings import AwsSettings, AzureSettings
from inventory.model.fact import Reason, Unknown
from migrate.clouds.look import CloudLook, open_clouds
from migrate.demo.moto import LoopbackAws, loopback_aws
from migrate.model.plan import Destination, Move
from migrate.model.target import Machine

pytestmark = pytest.mark.moto


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
    look = open_clouds(AwsSettings(region=aws.region, patience=BRIEF), AzureSettings())
    yield look
    look.close()


def _move(instance: str) -> Move:
    return replace(move(to=Destination.AWS, resource=instance), server=instance)


def test_a_wave_is_asked_by_the_page(aws: LoopbackAws, clouds: CloudLook) -> None:
    """However many instances are expected, they are described by one call."""
    moves = [_move(aws.run_instance()) for _ in range(5)]
    clouds.expect(moves)
    told = [clouds.told(each, Machine) for each in moves]
    assert [each.id for each in told if isinstance(each, Machine)] == [
        each.resource for each in moves
    ]
    assert clouds.tally.rows() == (("eu-west-2", "ec2:DescribeInstances", 1),)


def test_an_instance_that_is_not_there_costs_only_itself(
    aws: LoopbackAws, clouds: CloudLook
) -> None:
    """The others are told."""
    there, gone = _move(aws.run_instance()), _move("i-00000000000000000")
    clouds.expect([there, gone])
    assert isinstance(clouds.told(there, Machine), Machine)
    told = clouds.told(gone, Machine)
    assert isinstance(told, Unknown)
    assert told.reason is Reason.NOT_TOLD


def test_what_is_not_declared_is_not_sent(aws: LoopbackAws, clouds: CloudLook) -> None:
    """A client refuses a call that its maker did not declare, before anything goes out."""
    reach = AwsReach(settings=clouds.aws)
    place = AwsPlace(region=aws.region)
    ec2 = reach.client("ec2", place, [aws_call("ec2:DescribeInstances")])
    with pytest.raises(RefusedError, match="ec2:DescribeVolumes"):
        ec2.describe_volumes()
    assert reach.tally.total == 0
    reach.close()


def test_what_changes_is_sent_only_where_changing_was_asked_for(
    aws: LoopbackAws, clouds: CloudLook
) -> None:
    """A declared change is refused by a client that only looks."""
    instance = aws.run_instance()
    reach = AwsReach(settings=clouds.aws)
    place = AwsPlace(region=aws.region)
    calls = [aws_call("ec2:StopInstances", changes=True)]
    with pytest.raises(RefusedError, match="ec2:StopInstances"):
        reach.client("ec2", place, calls).stop_instances(InstanceIds=[instance])
    reach.client("ec2", place, calls, changes=True).stop_instances(InstanceIds=[instance])
    assert reach.tally.total == 1
    reach.close()


def test_a_region_that_the_estate_does_not_allow_is_not_asked(clouds: CloudLook) -> None:
    """Data of a British council stays where it may be."""
    reach = AwsReach(settings=clouds.aws)
    with pytest.raises(RefusedError, match="us-east-1"):
        reach.client("ec2", AwsPlace(region="us-east-1"), [])
