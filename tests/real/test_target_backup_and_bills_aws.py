"""Backups, compliance and costs of a wave, asked by the real client of AWS's own service models.

What these services do here is our reading of AWS's documents; no real AWS was asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aws_model import AwsFaultError, AwsModel, aws_model
from clouds import BRIEF
from sights import move, sight

from inventory.model.cloud_settings import AwsSettings, AzureSettings
from inventory.model.fact import Reason, Unknown
from migrate.checks.target_backed_up import CHECK as BACKED_UP
from migrate.checks.target_compliant import CHECK as COMPLIANT
from migrate.checks.target_cost import CHECK as COST
from migrate.checks.target_restore_tested import CHECK as RESTORE_TESTED
from migrate.clouds.look import CloudLook, open_clouds
from migrate.demo.moto import loopback_aws
from migrate.model.check import Check
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.plan import Destination, Move
from migrate.model.target_backup import Backups
from migrate.model.target_compliance import Compliance
from migrate.model.target_cost import Cost

pytestmark = pytest.mark.moto

NOW = datetime.now(UTC)
INSTANCES = [f"i-{number:017x}" for number in range(120)]
_PLAN = {"BackupPlanId": "p1", "BackupPlanName": "nightly"}


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """Return the address of a moto server, for what the models' loopback does not speak."""
    with loopback_aws() as running:
        yield running.url


@pytest.fixture
def aws() -> Iterator[AwsModel]:
    """Return AWS Backup, Config and Cost Explorer."""
    with aws_model("backup", "config", "ce") as running:
        _back_up(running)
        _rule(running)
        yield running


@pytest.fixture
def clouds(aws: AwsModel, moto: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudLook]:
    """Return the clouds of one run, in which a whole wave is expected."""
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    settings = AwsSettings(
        region="eu-west-2",
        endpoint_url=moto,
        endpoints=aws.endpoints,
        patience=replace(BRIEF, answer_seconds=20),
    )
    with ExitStack() as stack:
        look = open_clouds(settings, AzureSettings())
        stack.callback(look.close)
        look.expect([_move(each) for each in INSTANCES])
        yield look


def _move(instance: str) -> Move:
    return replace(move(to=Destination.AWS, resource=instance), server=instance)


def _run(clouds: CloudLook, check: Check, instance: str, **parameters: Any) -> CheckResult:
    seen = replace(sight(), move=_move(instance), clouds=clouds, now=datetime.now(UTC))
    return check.run(seen, parameters)


def _arn(instance: str) -> str:
    return f"arn:aws:ec2:eu-west-2:123456789012:instance/{instance}"


def _page(items: list[Any], token: str | None, key: str, most: int) -> dict[str, Any]:
    begin = int(token or 0)
    following = {"NextToken": str(begin + most)} if begin + most < len(items) else {}
    return {key: items[begin : begin + most], **following}


def _back_up(aws: AwsModel) -> None:
    """Back every instance up but the last one, and restore the first one once."""
    points = [
        {
            "RecoveryPointArn": f"arn:aws:ec2:eu-west-2::image/ami-{each}",
            "BackupVaultName": "uk",
            "ResourceArn": _arn(each),
            "Status": "COMPLETED",
            "CreationDate": NOW - timedelta(hours=9),
            "IsEncrypted": True,
            "CreatedBy": _PLAN,
        }
        for each in INSTANCES[:-1]
    ]
    job = {
        "RestoreJobId": "r1",
        "SourceResourceArn": _arn(INSTANCES[0]),
        "Status": "COMPLETED",
        "ValidationStatus": "SUCCESSFUL",
        "CreationDate": NOW - timedelta(days=2),
        "CompletionDate": NOW - timedelta(days=2),
    }
    aws.says("backup", "ListBackupPlans", BackupPlansList=[_PLAN])
    aws.says("backup", "ListBackupVaults", BackupVaultList=[{"BackupVaultName": "uk"}])
    aws.says("backup", "ListRestoreJobs", RestoreJobs=[job])

    @aws.answers("backup", "ListRecoveryPointsByBackupVault")
    def _points(*, NextToken: str | None = None, **_: Any) -> dict[str, Any]:  # noqa: N803
        return _page(points, NextToken, "RecoveryPoints", 50)


def _rule(aws: AwsModel) -> None:
    """Let one rule judge every instance, and find the second one wanting."""
    results = [
        {
            "EvaluationResultIdentifier": {
                "EvaluationResultQualifier": {
                    "ConfigRuleName": "no-public-ip",
                    "ResourceType": "AWS::EC2::Instance",
                    "ResourceId": each,
                }
            },
            "ComplianceType": "NON_COMPLIANT" if each == INSTANCES[1] else "COMPLIANT",
            "ResultRecordedTime": NOW,
        }
        for each in INSTANCES
    ]
    recorder = {"name": "default", "recording": True}
    aws.says(
        "config", "DescribeConfigurationRecorderStatus", ConfigurationRecordersStatus=[recorder]
    )
    aws.says(
        "config",
        "DescribeComplianceByConfigRule",
        ComplianceByConfigRules=[{"ConfigRuleName": "no-public-ip"}],
    )

    @aws.answers("config", "GetComplianceDetailsByConfigRule")
    def _results(*, NextToken: str | None = None, **_: Any) -> dict[str, Any]:  # noqa: N803
        return _page(results, NextToken, "EvaluationResults", 100)


def _asked(clouds: CloudLook) -> dict[str, int]:
    return Counter({name: count for _, name, count in clouds.tally.rows()})


def test_a_wave_s_backups_cost_calls_by_the_page(clouds: CloudLook) -> None:
    """119 points come in three pages, whatever the number of servers and checks."""
    told = [_run(clouds, BACKED_UP, each).outcome for each in INSTANCES]
    assert Counter(told) == {Outcome.PASSED: 119, Outcome.FAILED: 1}
    assert _run(clouds, RESTORE_TESTED, INSTANCES[0]).outcome is Outcome.PASSED
    assert _run(clouds, RESTORE_TESTED, INSTANCES[1]).outcome is Outcome.UNKNOWN
    assert _asked(clouds) == {
        "backup:ListBackupPlans": 1,
        "backup:ListBackupVaults": 1,
        "backup:ListRecoveryPointsByBackupVault": 3,
        "backup:ListRestoreJobs": 1,
    }


def test_a_wave_s_compliance_costs_calls_by_the_rule_and_page(clouds: CloudLook) -> None:
    """Who breaks a rule is named; nobody is asked about singly."""
    told = {each: _run(clouds, COMPLIANT, each) for each in INSTANCES}
    broken = [each for each, result in told.items() if result.outcome is Outcome.FAILED]
    assert broken == [INSTANCES[1]]
    assert "no-public-ip" in told[INSTANCES[1]].detail
    assert _asked(clouds) == {
        "config:DescribeConfigurationRecorderStatus": 1,
        "config:DescribeComplianceByConfigRule": 1,
        "config:GetComplianceDetailsByConfigRule": 2,
    }


def _bill(aws: AwsModel) -> None:
    """Let every day of the last two weeks cost a dollar an instance, in pages of a week."""

    @aws.answers("ce", "GetCostAndUsageWithResources")
    def _days(
        *,
        TimePeriod: dict[str, str],  # noqa: N803
        Filter: dict[str, Any],  # noqa: N803
        NextPageToken: str | None = None,  # noqa: N803
        **_: Any,
    ) -> dict[str, Any]:
        first, end = (datetime.fromisoformat(TimePeriod[each]) for each in ("Start", "End"))
        names = Filter["And"][1]["Dimensions"]["Values"]
        days = [
            {
                "TimePeriod": {
                    "Start": f"{first + timedelta(days=each):%Y-%m-%d}",
                    "End": f"{first + timedelta(days=each + 1):%Y-%m-%d}",
                },
                "Estimated": True,
                "Groups": [
                    {"Keys": [name], "Metrics": {"UnblendedCost": {"Amount": "1", "Unit": "USD"}}}
                    for name in names
                ],
            }
            for each in range((end - first).days)
        ]
        if NextPageToken:
            return {"ResultsByTime": days[7:]}
        return {"ResultsByTime": days[:7], "NextPageToken": "second"}


def test_a_wave_s_bill_is_asked_for_once(aws: AwsModel, clouds: CloudLook) -> None:
    """Each request costs money: two pages serve 120 servers."""
    _bill(aws)
    given = {"usd_to_gbp": 0.8, "monthly_pence": 2_500}
    told = {_run(clouds, COST, each, **given).outcome for each in INSTANCES}
    assert told == {Outcome.PASSED}
    assert _run(clouds, COST, INSTANCES[0], **{**given, "monthly_pence": 2_000}).outcome is (
        Outcome.FAILED
    )
    assert _asked(clouds)["ce:GetCostAndUsageWithResources"] == 2
    assert _asked(clouds)["ec2:DescribeVolumes"] == 1


def test_a_bill_that_was_not_switched_on_is_unknown(aws: AwsModel, clouds: CloudLook) -> None:
    """AWS's own words say what to do about it."""
    words = "Data is not available: enable resource level data in the settings"
    aws.fail("ce", "*", AwsFaultError("DataUnavailableException", words))
    result = _run(clouds, COST, INSTANCES[0], monthly_pence=1)
    assert result.outcome is Outcome.UNKNOWN
    assert words in result.detail


@pytest.mark.parametrize(
    ("service", "aspect", "action"),
    [
        ("backup", Backups, "backup:ListBackupPlans"),
        ("config", Compliance, "config:DescribeConfigurationRecorderStatus"),
        ("ce", Cost, "ce:GetCostAndUsageWithResources"),
    ],
)
def test_what_is_denied_is_unknown_and_named(
    aws: AwsModel, clouds: CloudLook, service: str, aspect: type, action: str
) -> None:
    """The reason names what would have to be allowed."""
    aws.fail(service, "*", AwsFaultError("AccessDeniedException", "no", 403))
    told = clouds.told(_move(INSTANCES[0]), aspect)
    assert isinstance(told, Unknown)
    assert told.reason is Reason.NEEDS_PRIVILEGE
    assert action in told.detail


def test_one_rule_that_is_denied_leaves_its_ruling_unknown(
    aws: AwsModel, clouds: CloudLook
) -> None:
    """The rule may be broken: that is not compliance."""
    denied = AwsFaultError("AccessDeniedException", "no", 403)
    aws.fail("config", "GetComplianceDetailsByConfigRule", denied)
    result = _run(clouds, COMPLIANT, INSTANCES[0])
    assert result.outcome is Outcome.UNKNOWN
    assert "no-public-ip" in result.detail
