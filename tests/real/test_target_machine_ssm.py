"""What Systems Manager tells of new servers, asked of a loopback on botocore's own model of it.

Moto lacks these operations. What the loopback says follows the API reference and public recordings
of Cloud Custodian (``test_ec2_ssm_filter``); no real Systems Manager was asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aws_model import CUT, GARBAGE, AwsFaultError, AwsModel, aws_model
from clouds import BRIEF
from sights import NOW, move, sight

from inventory.model.cloud_settings import AwsSettings, AzureSettings
from inventory.model.fact import Reason, Unknown
from inventory.registry import Registry
from migrate.clouds.look import CloudLook, open_clouds
from migrate.model.check import Check
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.plan import Destination, Move
from migrate.model.target_agents import Agent
from migrate.model.target_patches import Patches

CHECKS = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
INFORMATION, STATES = "DescribeInstanceInformation", "DescribeInstancePatchStates"


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsModel]:
    """Return a running Systems Manager that knows nobody."""
    with aws_model("ssm") as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        running.says("ssm", INFORMATION, InstanceInformationList=[])
        running.says("ssm", STATES, InstancePatchStates=[])
        yield running


@pytest.fixture
def clouds(ssm: AwsModel) -> Iterator[CloudLook]:
    """Return the clouds of one run."""
    settings = AwsSettings(region="eu-west-2", endpoints=ssm.endpoints, patience=BRIEF)
    look = open_clouds(settings, AzureSettings())
    yield look
    look.close()


def _id(number: int) -> str:
    return f"i-{number:017x}"


def _move(instance: str) -> Move:
    return replace(move(to=Destination.AWS, resource=instance), server=instance)


def _run(clouds: CloudLook, check: str, instance: str, **parameters: Any) -> CheckResult:
    seen = replace(sight(), move=_move(instance), clouds=clouds)
    return CHECKS.one(check).value.run(seen, parameters)


def _information(instance: str, **more: object) -> dict[str, object]:
    return {
        "InstanceId": instance,
        "PingStatus": "Online",
        "LastPingDateTime": NOW - timedelta(minutes=2),
        "AgentVersion": "3.3.1611.0",
        "IsLatestVersion": False,
        "PlatformType": "Linux",
        "AssociationStatus": "Success",
        **more,
    }


def _state(instance: str, **more: object) -> dict[str, object]:
    return {
        "InstanceId": instance,
        "PatchGroup": "servers",
        "BaselineId": "pb-0123456789abcdef0",
        "OperationStartTime": NOW - timedelta(hours=3),
        "OperationEndTime": NOW - timedelta(hours=2),
        "Operation": "Scan",
        "InstalledPendingRebootCount": 0,
        "FailedCount": 0,
        "CriticalNonCompliantCount": 0,
        "SecurityNonCompliantCount": 0,
        "OtherNonCompliantCount": 1,
        **more,
    }


@pytest.mark.parametrize(
    ("more", "outcome", "words"),
    [
        ({}, Outcome.PASSED, "SSM agent Online"),
        ({"PingStatus": "ConnectionLost"}, Outcome.FAILED, "ConnectionLost"),
        ({"LastPingDateTime": NOW - timedelta(days=1)}, Outcome.FAILED, "last heard of"),
        ({"AssociationStatus": "Failed"}, Outcome.FAILED, "associations: Failed"),
        ({"AssociationStatus": "Pending"}, Outcome.UNKNOWN, "Pending"),
    ],
)
def test_the_agent(
    ssm: AwsModel, clouds: CloudLook, more: dict[str, object], outcome: Outcome, words: str
) -> None:
    """An agent that pings and whose associations succeed passes; a lost or silent one fails."""
    ssm.says("ssm", INFORMATION, InstanceInformationList=[_information(_id(1), **more)])
    result = _run(clouds, "target-managed", _id(1))
    assert result.outcome is outcome, result.detail
    assert words in result.detail


def test_an_instance_that_never_registered_is_not_managed(clouds: CloudLook) -> None:
    """Systems Manager answers, and does not know it: that is a fault, not a doubt."""
    result = _run(clouds, "target-managed", _id(1))
    assert result.outcome is Outcome.FAILED
    assert "no agent" in result.detail


@pytest.mark.parametrize(
    ("more", "outcome", "words"),
    [
        ({}, Outcome.PASSED, "1 other"),
        ({"CriticalNonCompliantCount": 2}, Outcome.FAILED, "2 critical"),
        ({"InstalledPendingRebootCount": 1}, Outcome.FAILED, "reboot"),
        ({"FailedCount": 1}, Outcome.FAILED, "could not be installed"),
        ({"OperationEndTime": NOW - timedelta(days=30)}, Outcome.UNKNOWN, "last assessed"),
    ],
)
def test_patches(
    ssm: AwsModel, clouds: CloudLook, more: dict[str, object], outcome: Outcome, words: str
) -> None:
    """Patch Manager's counts decide, and how old they are."""
    ssm.says("ssm", STATES, InstancePatchStates=[_state(_id(1), **more)])
    result = _run(clouds, "target-patched", _id(1))
    assert result.outcome is outcome, result.detail
    assert words in result.detail


def test_an_instance_that_was_never_scanned_is_unknown(clouds: CloudLook) -> None:
    """No result is not "no update is missing", and the remedy is named."""
    result = _run(clouds, "target-patched", _id(1))
    assert result.outcome is Outcome.UNKNOWN
    assert "AWS-RunPatchBaseline" in result.detail


def test_a_wave_is_asked_in_chunks_and_by_the_page(ssm: AwsModel, clouds: CloudLook) -> None:
    """230 instances are asked about in chunks as long as the service takes, page by page."""
    instances = [_id(number) for number in range(230)]

    @ssm.answers("ssm", INFORMATION)
    def told(Filters: Any, MaxResults: int, NextToken: str = "0") -> dict[str, Any]:  # noqa: N803
        begin, asked = int(NextToken), Filters[0]["Values"]
        end = begin + MaxResults
        more = {"NextToken": str(end)} if end < len(asked) else {}
        return {
            "InstanceInformationList": [_information(each) for each in asked[begin:end]],
            **more,
        }

    @ssm.answers("ssm", STATES)
    def states(InstanceIds: list[str]) -> dict[str, Any]:  # noqa: N803
        return {"InstancePatchStates": [_state(each) for each in InstanceIds]}

    moves = [_move(each) for each in instances]
    clouds.expect(moves)
    assert all(isinstance(clouds.told(each, Agent), Agent) for each in moves)
    assert all(isinstance(clouds.told(each, Patches), Patches) for each in moves)
    counted = {name: count for _, name, count in clouds.tally.rows()}
    assert counted == {f"ssm:{INFORMATION}": 5, f"ssm:{STATES}": 5}


def test_what_is_no_instance_is_not_asked_of(ssm: AwsModel, clouds: CloudLook) -> None:
    """A wave's database would spoil the question for the instances, and has no agent to lack."""
    database = _move("arn:aws:rds:eu-west-2:123456789012:db:shop")
    ssm.says("ssm", INFORMATION, InstanceInformationList=[_information(_id(1))])
    clouds.expect([database, _move(_id(1))])
    assert isinstance(clouds.told(_move(_id(1)), Agent), Agent)
    assert [asked["Filters"][0]["Values"] for _, _, asked in ssm.log] == [[_id(1)]]
    for aspect in (Agent, Patches):
        assert isinstance(clouds.told(database, aspect), Unknown)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (AwsFaultError("AccessDeniedException", "not authorized"), Reason.NEEDS_PRIVILEGE),
        (AwsFaultError("ThrottlingException", "slow down"), Reason.NOT_TOLD),
        (AwsFaultError("InternalServerError", "a fault", 500), Reason.UNREACHABLE),
        (CUT, Reason.UNREACHABLE),
        (GARBAGE, Reason.UNREADABLE),
    ],
)
@pytest.mark.parametrize("check", ["target-managed", "target-patched"])
def test_every_fault_is_unknown(
    ssm: AwsModel, clouds: CloudLook, fault: Any, reason: Reason, check: str
) -> None:
    """Whatever goes wrong leaves the check unknown, with the reason; it never passes."""
    ssm.fail("ssm", "*", fault)
    result = _run(clouds, check, _id(1))
    assert result.outcome is Outcome.UNKNOWN
    assert reason.value in result.detail


def test_its_times_are_moments_everywhere(ssm: AwsModel, clouds: CloudLook) -> None:
    """Seconds since 1970 become the same moment, whatever the zone of the reader's clock."""
    ssm.says("ssm", INFORMATION, InstanceInformationList=[_information(_id(1))])
    told = clouds.told(_move(_id(1)), Agent)
    assert not isinstance(told, Unknown)
    assert told.heard
    assert told.heard.astimezone(UTC) == datetime(2026, 11, 23, 11, 58, tzinfo=UTC)
