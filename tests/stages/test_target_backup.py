"""What replaces a server is backed up, and a backup of it came back: judged, and read of clouds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sights import NOW
from surroundings import UNTOLD, at, declared, look

from inventory.model.fact import Unknown
from migrate.checks.target_backed_up import CHECK as BACKED_UP
from migrate.checks.target_restore_tested import CHECK as RESTORE_TESTED
from migrate.clouds.aws_readers.backup import backups as of_aws
from migrate.clouds.aws_readers.backup import restore as aws_restore
from migrate.clouds.azure_readers.backup import Vault
from migrate.clouds.azure_readers.backup import backups as of_azure
from migrate.clouds.azure_readers.backup import restore as azure_restore
from migrate.model.evidence import Document, Outcome
from migrate.model.target_backup import Backups, Point, Restore, RestoreState

POINT = Point(at=NOW - timedelta(hours=9), vault="uk", plan="nightly")
GOOD = Restore(id="r1", at=NOW - timedelta(days=3), state=RestoreState.COMPLETED, validated=True)
BACKUPS = Backups(plans=("nightly",), newest=POINT, restores=(GOOD,))
PAPER = (Document(name="restore.txt", sha256="0" * 64, size_bytes=1),)


@pytest.mark.parametrize(
    ("seen", "parameters", "outcome", "words"),
    [
        (BACKUPS, {}, Outcome.PASSED, "protected by nightly; the newest backup is of 2026-11-23"),
        (replace(BACKUPS, plans=()), {}, Outcome.FAILED, "no plan protects it"),
        (replace(BACKUPS, newest=None), {}, Outcome.FAILED, "there is no whole backup"),
        (BACKUPS, {"max_age_hours": 8}, Outcome.FAILED, "older than 8 hours"),
        (replace(BACKUPS, stopped="ProtectionStopped"), {}, Outcome.FAILED, "ProtectionStopped"),
        (replace(BACKUPS, plans=UNTOLD), {}, Outcome.UNKNOWN, "made by a test"),
        (replace(BACKUPS, newest=UNTOLD), {}, Outcome.UNKNOWN, "made by a test"),
        (replace(BACKUPS, newest=UNTOLD, plans=()), {}, Outcome.FAILED, "no plan protects it"),
    ],
)
def test_it_is_backed_up(
    seen: Backups, parameters: dict[str, Any], outcome: Outcome, words: str
) -> None:
    """A plan and a recent whole backup pass; one of them missing fails; not told is unknown."""
    result = look(BACKED_UP, seen, parameters)
    assert result.outcome is outcome
    assert words in result.detail
    json.dumps(dict(result.observed))


@pytest.mark.parametrize(
    ("restores", "parameters", "outcome", "words"),
    [
        ((GOOD,), {}, Outcome.PASSED, "what came back was right"),
        ((replace(GOOD, validated=None),), {"validated": False}, Outcome.PASSED, "ended"),
        ((replace(GOOD, validated=None),), {}, Outcome.UNKNOWN, "the cloud does not tell"),
        ((replace(GOOD, validated=False),), {}, Outcome.FAILED, "found wrong"),
        ((replace(GOOD, state=RestoreState.FAILED),), {}, Outcome.FAILED, "failed"),
        (
            (GOOD, replace(GOOD, id="r2", state=RestoreState.FAILED)),
            {},
            Outcome.FAILED,
            "the restore r2",
        ),
        (
            (GOOD, replace(GOOD, id="r2", state=RestoreState.UNDER_WAY)),
            {},
            Outcome.PASSED,
            "the restore r1",
        ),
        ((replace(GOOD, state=UNTOLD),), {}, Outcome.UNKNOWN, "made by a test"),
        ((GOOD,), {"max_age_days": 2}, Outcome.UNKNOWN, "in the last 2 days"),
        ((), {}, Outcome.UNKNOWN, "decant attest web-1 target-restore-tested"),
        (UNTOLD, {}, Outcome.UNKNOWN, "made by a test"),
    ],
)
def test_a_backup_came_back(
    restores: tuple[Restore, ...] | Unknown,
    parameters: dict[str, Any],
    outcome: Outcome,
    words: str,
) -> None:
    """The last restore that ended counts; none, or one that nobody looked at, is unknown."""
    result = look(RESTORE_TESTED, replace(BACKUPS, restores=restores), parameters)
    assert result.outcome is outcome
    assert words in result.detail


def test_what_the_cloud_does_not_tell_is_declared() -> None:
    """Azure tells no validation: a declaration with its record passes, and one without fails."""
    seen = replace(BACKUPS, restores=(replace(GOOD, validated=None),))
    whole = declared("target-restore-tested", documents=PAPER)
    passes = look(RESTORE_TESTED, seen, attestations=(whole,))
    assert passes.outcome is Outcome.PASSED
    assert "by the cloud's own record" in passes.detail
    assert passes.counts_until
    fails = look(RESTORE_TESTED, seen, attestations=(replace(whole, documents=()),))
    assert fails.outcome is Outcome.FAILED
    assert "is not attached" in fails.detail


def test_no_declaration_outdoes_a_failed_restore() -> None:
    """What the cloud saw fail stays failed until another restore ends well."""
    seen = replace(BACKUPS, restores=(replace(GOOD, state=RestoreState.FAILED),))
    whole = declared("target-restore-tested", documents=PAPER)
    assert look(RESTORE_TESTED, seen, attestations=(whole,)).outcome is Outcome.FAILED


INSTANCE = "arn:aws:ec2:eu-west-2:123456789012:instance/i-1"
DATABASE = "arn:aws:rds:eu-west-2:123456789012:db:shop"


def _point(status: str, created: str, *, of: str = INSTANCE, plan: str = "p1") -> dict[str, Any]:
    return {
        "ResourceArn": of,
        "Status": status,
        "CreationDate": at(created),
        "BackupVaultName": "uk",
        "IsEncrypted": True,
        "CreatedBy": {"BackupPlanId": plan, "BackupPlanName": "nightly"} if plan else {},
    }


def test_aws_points_are_those_of_the_resource() -> None:
    """An instance is known by its bare id, all else by its ARN; only whole points count."""
    points = [
        _point("COMPLETED", "2026-11-21"),
        _point("COMPLETED", "2026-11-22"),
        _point("PARTIAL", "2026-11-23"),
        _point("COMPLETED", "2026-11-23", of=DATABASE, plan=""),
    ]
    told = of_aws(["i-1", DATABASE, "i-2"], {"p1"}, points, [], at("2026-11-13"))
    first = told["i-1"].newest
    assert isinstance(first, Point)
    assert (first.at, first.plan, first.encrypted) == (at("2026-11-22"), "nightly", True)
    assert told["i-1"].plans == ("nightly",)
    assert told[DATABASE].plans == ()
    assert told["i-2"].newest is None


def test_an_aws_plan_that_is_gone_protects_nothing() -> None:
    """Points of a deleted plan are still there, but no new ones will come."""
    points = [_point("COMPLETED", "2026-11-22")]
    assert of_aws(["i-1"], {"another"}, points, [], at("2026-11-13"))["i-1"].plans == ()


def test_a_continuous_aws_backup_is_not_judged_by_when_it_began() -> None:
    """Its point is as old as the continuous backup itself, so how recent it is stays unknown."""
    told = of_aws(["i-1"], {"p1"}, [_point("AVAILABLE", "2026-11-02")], [], at("2026-11-13"))
    assert isinstance(told["i-1"].newest, Unknown)


@pytest.mark.parametrize(
    ("more", "state", "validated"),
    [
        ({"Status": "COMPLETED", "ValidationStatus": "SUCCESSFUL"}, RestoreState.COMPLETED, True),
        ({"Status": "COMPLETED", "ValidationStatus": "TIMED_OUT"}, RestoreState.COMPLETED, False),
        ({"Status": "COMPLETED", "ValidationStatus": "VALIDATING"}, RestoreState.COMPLETED, None),
        ({"Status": "COMPLETED"}, RestoreState.COMPLETED, None),
        ({"Status": "RUNNING"}, RestoreState.UNDER_WAY, None),
        ({"Status": "ABORTED"}, RestoreState.FAILED, None),
    ],
)
def test_an_aws_restore_is_read(
    *, more: dict[str, str], state: RestoreState, validated: bool | None
) -> None:
    """Its state and its validation are two things; no validation is not a good one."""
    made = aws_restore({"RestoreJobId": "r1", "CreationDate": NOW, **more})
    assert (made.state, made.validated) == (state, validated)


def test_a_new_word_for_a_restore_is_unknown() -> None:
    """In either cloud a state that we have never heard of is unknown, and named."""
    aws = aws_restore({"RestoreJobId": "r1", "CreationDate": NOW, "Status": "REHEATED"})
    said = {"status": "Reheated", "startTime": "2026-11-20T01:00:00Z"}
    azure = azure_restore({"name": "r1", "properties": said})
    assert isinstance(aws.state, Unknown)
    assert "REHEATED" in aws.state.detail
    assert isinstance(azure.state, Unknown)


def test_aws_jobs_without_a_source_leave_it_unknown_whose_they_are() -> None:
    """Older jobs name no source: a restore of this very resource may be among them."""
    job = {"RestoreJobId": "r1", "CreationDate": NOW, "Status": "COMPLETED"}
    told = of_aws(["i-1", "i-2"], (), [], [job, {**job, "SourceResourceArn": INSTANCE}], NOW)
    assert isinstance(told["i-2"].restores, Unknown)
    assert isinstance(told["i-1"].restores, tuple)


GROUP = "/subscriptions/s/resourcegroups/g/providers/microsoft.compute/virtualmachines"
VM = f"{GROUP}/web-1"


def _item(**more: Any) -> dict[str, Any]:
    """Return a protected item (format as documented: backup protected items, AzureIaasVM)."""
    return {
        "properties": {
            "protectedItemType": "Microsoft.Compute/virtualMachines",
            "friendlyName": "web-1",
            "sourceResourceId": VM.replace("resourcegroups", "resourceGroups"),
            "policyName": "nightly",
            "protectionState": "Protected",
            "lastBackupStatus": "Completed",
            "lastRecoveryPoint": "2026-11-23T02:11:04.1234567Z",
            **more,
        }
    }


def _job(**more: Any) -> dict[str, Any]:
    return {
        "name": "7c1b",
        "properties": {
            "entityFriendlyName": "web-1",
            "operation": "Restore",
            "status": "Completed",
            "startTime": "2026-11-20T01:00:00Z",
            "endTime": "2026-11-20T02:00:00Z",
            **more,
        },
    }


def test_an_azure_machine_is_protected_by_its_policy() -> None:
    """The newest point, the policy and the restores are read of the vault that protects it."""
    told = of_azure(VM, [Vault(name="uk", items=(_item(),), jobs=(_job(),))])
    assert told.plans == ("nightly",)
    assert isinstance(told.newest, Point)
    assert told.newest.at.isoformat().startswith("2026-11-23T02:11:04")
    assert isinstance(told.restores, tuple)
    assert [(each.state, each.validated) for each in told.restores] == [
        (RestoreState.COMPLETED, None)
    ]


def test_an_azure_item_may_tell_its_newest_backup_by_the_last_job_only() -> None:
    """As public answers of older versions do; a last job that failed tells of no backup."""
    last = {"lastRecoveryPoint": None, "lastBackupTime": "2026-11-23T02:00:00Z"}
    whole = of_azure(VM, [Vault(name="uk", items=(_item(**last),))]).newest
    assert isinstance(whole, Point)
    assert whole.at == at("2026-11-23T02:00:00")
    failed = _item(**last, lastBackupStatus="Failed")
    assert of_azure(VM, [Vault(name="uk", items=(failed,))]).newest is None


def test_an_azure_share_is_protected_by_its_own_name() -> None:
    """The item's source is the account; another share of the same account is another item."""
    account = "/subscriptions/s/resourcegroups/g/providers/microsoft.storage/storageaccounts/shop"
    item = _item(sourceResourceId=account, friendlyName="Home")
    vault, shares = Vault(name="uk", items=(item,)), f"{account}/fileservices/default/shares"
    assert of_azure(f"{shares}/home", [vault]).plans == ("nightly",)
    assert of_azure(f"{shares}/other", [vault]).plans == ()


def test_azure_protection_that_is_stopped_is_told() -> None:
    """The last point may still be there while no new one will come."""
    told = of_azure(VM, [Vault(name="uk", items=(_item(protectionState="ProtectionStopped"),))])
    assert told.stopped == "protectionstopped"
    assert told.newest


def test_a_new_state_of_azure_protection_is_unknown() -> None:
    """It is neither protected nor stopped."""
    told = of_azure(VM, [Vault(name="uk", items=(_item(protectionState="Hibernating"),))])
    assert isinstance(told.plans, Unknown)
    assert not told.stopped


def test_a_machine_that_no_vault_protects_has_no_backup() -> None:
    """That is known: every vault was listed."""
    told = of_azure(VM, [Vault(name="uk", items=(_item(sourceResourceId=f"{GROUP}/web-2"),))])
    assert (told.plans, told.newest, told.restores) == ((), None, ())


def test_whose_restore_it_was_is_unknown_among_namesakes() -> None:
    """A job names the machine only; two machines of one name in a vault cannot be told apart."""
    other = _item(sourceResourceId=VM.replace("/g/", "/h/"))
    told = of_azure(VM, [Vault(name="uk", items=(_item(), other), jobs=(_job(),))])
    assert isinstance(told.restores, Unknown)
