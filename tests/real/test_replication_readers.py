"""What readers of migration services ask of whole places, by the real clients on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asr_world import AsrWorld
from aws_model import CUT, GARBAGE, AwsFaultError, AwsModel, aws_model
from clouds import BRIEF, azure_settings
from loopback_sts import loopback_sts
from mgn_world import MgnWorld

from inventory.model.cloud_settings import AwsSettings, AzureSettings
from inventory.model.fact import Reason, Unknown
from migrate.clouds.look import CloudLook, open_clouds
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import Fault, forbidden, throttled
from migrate.model.plan import Destination
from migrate.model.replication import Agreement, DataValidation, LaunchState, Replications

_TASK = "arn:aws:dms:eu-west-2:123456789012:task:CIVIC"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsModel]:
    """Return running services."""
    with aws_model("mgn", "dms") as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def clouds(aws: AwsModel) -> Iterator[CloudLook]:
    """Return the clouds of one run."""
    with loopback_sts("123456789012") as sts:
        endpoints = {**aws.endpoints, "sts": sts}
        settings = AwsSettings(region="eu-west-2", endpoints=endpoints, patience=BRIEF)
        look = open_clouds(settings, AzureSettings())
        yield look
        look.close()


@pytest.fixture
def arm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LoopbackArm]:
    """Return a running Azure."""
    with loopback_arm(tmp_path) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def azure(arm: LoopbackArm) -> Iterator[CloudLook]:
    """Return the clouds of one run."""
    settings = replace(azure_settings(arm), subscription=arm.subscription)
    look = open_clouds(AwsSettings(), settings)
    yield look
    look.close()


def _one(told: Any) -> Any:
    (found,) = told.values()
    return found


def test_a_thousand_source_servers_cost_pages(aws: AwsModel, clouds: CloudLook) -> None:
    """A listing of so many a page, and one question for all their jobs; asked once a run."""
    mgn = MgnWorld(aws, page=250)
    for number in range(1000):
        server = mgn.add(f"srv-{number}.civic.test", f"10.0.{number // 250}.{number % 250}")
        begun = {"initiated": {"jobID": f"mgnjob-{number:017d}"}}
        mgn.servers[server]["lifeCycle"]["lastTest"] = begun
    for _ in range(5):
        found = _one(clouds.listed(Destination.AWS, Replications))
    assert len(found.servers) == 1000
    assert clouds.tally.rows() == (
        ("eu-west-2", "mgn:DescribeJobs", 1),
        ("eu-west-2", "mgn:DescribeSourceServers", 4),
    )


def test_a_region_where_the_service_was_never_set_up_replicates_nothing(
    aws: AwsModel, clouds: CloudLook
) -> None:
    """That is seen, and no failure."""
    aws.fail("mgn", "*", AwsFaultError("UninitializedAccountException", "not set up", 400))
    assert _one(clouds.listed(Destination.AWS, Replications)).servers == ()


def test_without_the_jobs_the_rest_is_told(aws: AwsModel, clouds: CloudLook) -> None:
    """Launches are unknown, and the privilege that lacks is named; lag and state are known."""
    mgn = MgnWorld(aws)
    server = mgn.add("web-1.civic.test", "10.0.0.4")
    begun = {"initiated": {"jobID": "mgnjob-00000000000000000"}}
    mgn.servers[server]["lifeCycle"]["lastTest"] = begun
    aws.fail("mgn", "DescribeJobs", AwsFaultError("AccessDeniedException", "no", 403))
    (found,) = _one(clouds.listed(Destination.AWS, Replications)).servers
    assert found.lag_seconds == 0
    assert isinstance(found.test.state, Unknown)
    assert found.test.state.reason is Reason.NEEDS_PRIVILEGE
    assert "mgn:DescribeJobs" in found.test.state.detail


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (AwsFaultError("AccessDeniedException", "no", 403), Reason.NEEDS_PRIVILEGE),
        (AwsFaultError("ThrottlingException", "slowly", 429), Reason.NOT_TOLD),
        (CUT, Reason.UNREACHABLE),
        (GARBAGE, Reason.UNREADABLE),
    ],
    ids=["denied", "throttled", "cut", "malformed"],
)
def test_a_service_that_fails_is_unknown_with_the_reason(
    aws: AwsModel, clouds: CloudLook, fault: Any, reason: Reason
) -> None:
    """Neither empty nor a crash."""
    MgnWorld(aws)
    aws.fail("mgn", "*", fault)
    found = _one(clouds.listed(Destination.AWS, Replications))
    assert isinstance(found, Unknown)
    assert found.reason is reason


def _tables(aws: AwsModel, count: int) -> None:
    rows = [
        {
            "SchemaName": "public",
            "TableName": f"t{number}",
            "TableState": "Table completed",
            "FullLoadErrorRows": 0,
            "ValidationState": "Validated",
            "ValidationFailedRecords": 0,
            "ValidationSuspendedRecords": 0,
            "ValidationPendingRecords": 0,
        }
        for number in range(count)
    ]
    task = {"ReplicationTaskArn": _TASK, "ReplicationTaskIdentifier": "civic", "Status": "running"}

    @aws.answers("dms", "DescribeReplicationTasks")
    def tasks(Filters: list[dict[str, Any]], **_: Any) -> dict[str, Any]:  # noqa: N803
        wanted = Filters[0]["Values"]
        if _TASK not in wanted and "civic" not in wanted:
            raise AwsFaultError("ResourceNotFoundFault", "no such task")
        return {"ReplicationTasks": [task]}

    @aws.answers("dms", "DescribeTableStatistics")
    def statistics(ReplicationTaskArn: str, Marker: str = "0", **_: Any) -> dict[str, Any]:  # noqa: N803
        assert ReplicationTaskArn == _TASK
        begin = int(Marker)
        more = {"Marker": str(begin + 100)} if begin + 100 < count else {}
        return {"TableStatistics": rows[begin : begin + 100], **more}


@pytest.mark.parametrize("name", ["civic", _TASK])
def test_a_task_s_tables_are_read_by_the_page(aws: AwsModel, clouds: CloudLook, name: str) -> None:
    """All of them, whichever way the task is named."""
    _tables(aws, 250)
    found = _one(clouds.listed(Destination.AWS, DataValidation, name))
    assert isinstance(found, DataValidation)
    assert {each.agreement for each in found.tables} == {Agreement.SAME}
    assert len(found.tables) == 250
    asked = {call: count for _, call, count in clouds.tally.rows()}
    assert asked.pop("sts:GetCallerIdentity", 1) == 1  # whose it is, where an ARN names an account
    assert asked == {"dms:DescribeReplicationTasks": 1, "dms:DescribeTableStatistics": 3}


def test_a_task_that_is_not_there_is_unknown(aws: AwsModel, clouds: CloudLook) -> None:
    """It is no task without tables."""
    _tables(aws, 1)
    found = _one(clouds.listed(Destination.AWS, DataValidation, "parking"))
    assert isinstance(found, Unknown)
    assert "there is no task parking" in found.detail


def test_a_vault_s_items_are_read_by_the_vault(arm: LoopbackArm, azure: CloudLook) -> None:
    """Three listings, whatever the number of items; the job of a test failover is told."""
    asr = AsrWorld(arm)
    for number in range(30):
        item = asr.add(f"srv-{number}.civic.test", f"10.0.0.{number}")
    asr.properties(item)["allowedOperations"] = ["TestFailoverCleanup"]
    found = _one(azure.listed(Destination.AZURE, Replications))
    assert len(found.servers) == 30
    launch = found.servers[-1].test
    assert launch
    assert launch.state is LaunchState.LAUNCHED
    assert sum(count for _, _, count in azure.tally.rows()) == 3


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (forbidden(), Reason.NEEDS_PRIVILEGE),
        (throttled(0), Reason.NOT_TOLD),
        (Fault(cut=True), Reason.UNREACHABLE),
        (Fault(garbage=b"<html>"), Reason.UNREADABLE),
    ],
    ids=["denied", "throttled", "cut", "malformed"],
)
def test_a_vault_that_fails_is_unknown_with_the_reason(
    arm: LoopbackArm, azure: CloudLook, fault: Fault, reason: Reason
) -> None:
    """Neither empty nor a crash."""
    AsrWorld(arm)
    arm.misbehave(fault)
    found = _one(azure.listed(Destination.AZURE, Replications))
    assert isinstance(found, Unknown)
    assert found.reason is reason


def test_an_estate_without_a_subscription_is_told_so(clouds: CloudLook) -> None:
    """Nothing is asked, and it is said what to write."""
    found = _one(clouds.listed(Destination.AZURE, Replications))
    assert isinstance(found, Unknown)
    assert "no subscription is named" in found.detail


def test_a_destination_without_a_cloud_has_no_migration_service(clouds: CloudLook) -> None:
    """It is said, and is not an empty listing."""
    found = _one(clouds.listed(Destination.SAAS, Replications))
    assert isinstance(found, Unknown)
