"""AWS Backup: plans, recovery points and restores.

What protects a resource now is told by what was done: the plans that took its whole recovery points
and still exist. Selections of plans, with their tags and conditions, are not evaluated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_names import id_of
from migrate.model.reader import Reader
from migrate.model.target_backup import Backups, Point, Restore, RestoreState

_POINTS_DAYS: Final = 10
"""No further back than this are recovery points listed; months of them would be many pages."""
_LONGEST_PAGE: Final = {"PageSize": 1_000}
_RESTORES_DAYS: Final = 400
_WHOLE: Final = "COMPLETED"
_CONTINUOUS: Final = "AVAILABLE"
_STATES: Final = {
    "PENDING": RestoreState.UNDER_WAY,
    "RUNNING": RestoreState.UNDER_WAY,
    "COMPLETED": RestoreState.COMPLETED,
    "ABORTED": RestoreState.FAILED,
    "FAILED": RestoreState.FAILED,
}
_WRONG: Final = frozenset({"FAILED", "TIMED_OUT"})


def _read(asked: AwsAsked) -> Mapping[str, Backups]:
    from inventory.clouds.aws_reach import pages

    client, now = asked.client("backup"), datetime.now(UTC)
    since = now - timedelta(days=_POINTS_DAYS)
    plans = {each["BackupPlanId"] for each in pages(client, "list_backup_plans", "BackupPlansList")}
    points = [
        point
        for vault in pages(client, "list_backup_vaults", "BackupVaultList")
        for point in pages(
            client,
            "list_recovery_points_by_backup_vault",
            "RecoveryPoints",
            BackupVaultName=vault["BackupVaultName"],
            ByCreatedAfter=since,
            PaginationConfig=_LONGEST_PAGE,
        )
    ]
    after = now - timedelta(days=_RESTORES_DAYS)
    jobs = pages(
        client,
        "list_restore_jobs",
        "RestoreJobs",
        ByCreatedAfter=after,
        PaginationConfig=_LONGEST_PAGE,
    )
    return backups(asked.ids, plans, points, list(jobs), since)


def backups(
    ids: Iterable[str],
    plans: Collection[str],
    points: Iterable[Mapping[str, Any]],
    jobs: Iterable[Mapping[str, Any]],
    since: datetime,
) -> Mapping[str, Backups]:
    """Make the backups of each resource of what AWS Backup lists. Pure.

    ``plans`` are the ids of plans that exist, ``points`` the recovery points of every vault since
    ``since``, ``jobs`` the restore jobs.
    """
    of, restored = defaultdict(list), defaultdict(list)
    for each in points:
        of[id_of(each.get("ResourceArn", ""))].append(each)
    for each in jobs:
        restored[id_of(each.get("SourceResourceArn", ""))].append(restore(each))
    named = {job for job in restored if job}
    return {
        key: Backups(
            plans=_plans(of[key], plans),
            newest=_newest(of[key]),
            since=since,
            restores=_restores(restored[key], nameless=bool(restored.get("")) and key not in named),
        )
        for key in ids
    }


def restore(said: Mapping[str, Any]) -> Restore:
    """Make a restore of what ListRestoreJobs says of one. Pure."""
    checked = said.get("ValidationStatus")
    words = (said.get("StatusMessage"), checked, said.get("ValidationStatusMessage"))
    return Restore(
        id=said["RestoreJobId"],
        at=said.get("CompletionDate") or said["CreationDate"],
        state=_STATES.get(
            said["Status"],
            Unknown(reason=Reason.UNREADABLE, detail=f"the new state {said['Status']}"),
        ),
        validated={"SUCCESSFUL": True}.get(str(checked), False if checked in _WRONG else None),
        detail=", ".join(each for each in words if each),
    )


def _plans(points: Iterable[Mapping[str, Any]], exist: Collection[str]) -> tuple[str, ...]:
    made = [each.get("CreatedBy") or {} for each in points if each["Status"] == _WHOLE]
    return tuple(sorted({_plan(each) for each in made if each.get("BackupPlanId") in exist}))


def _plan(made: Mapping[str, Any]) -> str:
    return str(made.get("BackupPlanName") or made["BackupPlanId"])


def _newest(points: Iterable[Mapping[str, Any]]) -> Point | Unknown | None:
    points = list(points)
    whole = [each for each in points if each["Status"] == _WHOLE]
    if whole:
        last = max(whole, key=lambda each: each["CreationDate"])
        made = last.get("CreatedBy") or {}
        return Point(
            at=last["CreationDate"],
            vault=last["BackupVaultName"],
            plan=_plan(made) if made.get("BackupPlanId") else None,
            encrypted=last.get("IsEncrypted"),
        )
    if any(each["Status"] == _CONTINUOUS for each in points):
        detail = "it is backed up continuously, and how far back that reaches is not listed"
        return Unknown(reason=Reason.NOT_TOLD, detail=detail)
    return None


def _restores(found: list[Restore], *, nameless: bool) -> tuple[Restore, ...] | Unknown:
    if nameless:
        detail = "there are restore jobs of which AWS does not say what was restored"
        return Unknown(reason=Reason.NOT_TOLD, detail=detail)
    return tuple(sorted(found, key=lambda each: each.at))


READER = Reader(
    tells=Backups,
    calls=(
        aws_call("backup:ListBackupPlans"),
        aws_call("backup:ListBackupVaults"),
        aws_call("backup:ListRecoveryPointsByBackupVault"),
        aws_call("backup:ListRestoreJobs"),
    ),
    read=_read,
)
