"""Vaults and plans of AWS Backup."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.zones import AwsZoneAsked, partly
from migrate.model.landing_backups import Backups, Vault
from migrate.model.reader import Reader

_PLANS = (aws_call("backup:ListBackupPlans"), aws_call("backup:GetBackupPlan"))


def _read(asked: AwsZoneAsked) -> Mapping[str, Backups]:
    from inventory.clouds.aws_reach import pages

    vaults = pages(asked.client("backup"), "list_backup_vaults", "BackupVaultList")
    wanted = [each for each in vaults if each["BackupVaultName"] in asked.zone.vaults]
    plans = partly(asked, lambda: _plans(asked), *_PLANS) if wanted else []
    return {asked.id: backups(wanted, plans)}


def _plans(asked: AwsZoneAsked) -> list[Mapping[str, Any]]:
    """Return every plan with its rules. Its rules are told plan by plan alone."""
    from inventory.clouds.aws_reach import pages

    backup = asked.client("backup")
    return [
        backup.get_backup_plan(BackupPlanId=each["BackupPlanId"])["BackupPlan"]
        for each in pages(backup, "list_backup_plans", "BackupPlansList")
    ]


def backups(
    vaults: Iterable[Mapping[str, Any]], plans: Iterable[Mapping[str, Any]] | Unknown
) -> Backups:
    """Make it of what ListBackupVaults and GetBackupPlan say. Pure.

    Every vault of AWS Backup is encrypted by a key of KMS: Backup developer guide.
    """
    to: dict[str, list[str]] = defaultdict(list)
    for plan in () if isinstance(plans, Unknown) else plans:
        for rule in plan["Rules"]:
            to[rule["TargetBackupVaultName"]].append(plan["BackupPlanName"])
    return Backups(
        vaults={
            each["BackupVaultName"]: _vault(
                each,
                plans
                if isinstance(plans, Unknown)
                else tuple(dict.fromkeys(to[each["BackupVaultName"]])),
            )
            for each in vaults
        }
    )


def _vault(said: Mapping[str, Any], plans: tuple[str, ...] | Unknown) -> Vault:
    state = said.get("VaultState", "AVAILABLE")
    key = said.get("EncryptionKeyArn")
    silent = Unknown(reason=Reason.NOT_TOLD, detail="AWS Backup does not say")
    return Vault(
        usable={"AVAILABLE": True, "CREATING": False, "FAILED": False}.get(state, _new(state)),
        state=state,
        locked=said.get("Locked", silent),
        encrypted=True if key else silent,
        key=key,
        plans=plans,
    )


def _new(state: str) -> Unknown:
    return Unknown(reason=Reason.NOT_TOLD, detail=f"its state is {state}, which says nothing")


READER = Reader(tells=Backups, calls=(aws_call("backup:ListBackupVaults"), *_PLANS), read=_read)
