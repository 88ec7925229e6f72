"""Azure Backup: what Recovery Services vaults protect, and the restores among their jobs.

A job names the machine or file share, not its id: in a vault that protects two of one name, whose
restore it was is unknown. Databases, blobs and whole accounts are protected elsewhere, so that
nothing is told of them here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from inventory.model.azure_id import AzureId
from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._within import of_type, parent_of, type_of
from migrate.model.reader import Reader
from migrate.model.target_backup import Backups, Point, Restore, RestoreState

_VAULTS: Final = "2024-04-01"
_BACKUP: Final = "2024-10-01"
_PROTECTED: Final = frozenset({"protected", "irpending"})
_NOT_PROTECTED: Final = frozenset(
    {"protectionstopped", "protectionpaused", "protectionerror", "backupssuspended", "invalid"}
)
_WHOLE: Final = "completed"
_MACHINE: Final = "microsoft.compute/virtualmachines"
_SHARE: Final = "microsoft.storage/storageaccounts/fileservices/shares"
_STATES: Final = {
    "completed": RestoreState.COMPLETED,
    "completedwithwarnings": RestoreState.COMPLETED,
    "inprogress": RestoreState.UNDER_WAY,
    "cancelling": RestoreState.UNDER_WAY,
    "cancelled": RestoreState.FAILED,
    "failed": RestoreState.FAILED,
}


@dataclass(frozen=True, kw_only=True)
class Vault:
    """What one Recovery Services vault says, as Azure writes it."""

    name: str
    items: tuple[Mapping[str, Any], ...] = ()
    """Protected items."""
    jobs: tuple[Mapping[str, Any], ...] = ()
    """Its jobs, of whatever operation."""


def _read(asked: AzureAsked) -> Mapping[str, Backups]:
    arm = asked.arm
    listed = arm.pages(
        f"/subscriptions/{asked.place}/providers/Microsoft.RecoveryServices/vaults", _VAULTS
    )
    vaults = [
        Vault(
            name=each["name"],
            items=tuple(arm.pages(f"{each['id']}/backupProtectedItems", _BACKUP)),
            jobs=tuple(
                arm.pages(f"{each['id']}/backupJobs", _BACKUP, filter_="operation eq 'Restore'")
            ),
        )
        for each in listed
    ]
    return {each: backups(each, vaults) for each in of_type(asked.ids, _MACHINE, _SHARE)}


def backups(resource_id: str, vaults: Iterable[Vault]) -> Backups:
    """Make the backups of one resource of what vaults say. Pure; the id is in lower case."""
    mine = [
        (vault, item["properties"])
        for vault in vaults
        for item in vault.items
        if _is_of(item["properties"], resource_id)
    ]
    states = [(item.get("protectionState") or "").lower() for _, item in mine]
    new = [each for each in states if each not in _PROTECTED | _NOT_PROTECTED]
    live = [item for (_, item), state in zip(mine, states, strict=True) if state in _PROTECTED]
    stopped = [state for state in states if state in _NOT_PROTECTED]
    return Backups(
        plans=_new_state(new[0]) if new and not live else tuple(_policy(each) for each in live),
        stopped="" if live or new else ", ".join(stopped),
        newest=_newest(mine),
        restores=_restores(resource_id, mine),
    )


def restore(said: Mapping[str, Any]) -> Restore:
    """Make a restore of what a vault's job says. Pure."""
    properties = said["properties"]
    status = str(properties.get("status") or "none")
    faults = properties.get("errorDetails") or ()
    return Restore(
        id=said["name"],
        at=datetime.fromisoformat(properties.get("endTime") or properties["startTime"]),
        state=_STATES.get(
            status.lower(), Unknown(reason=Reason.UNREADABLE, detail=f"the new state {status}")
        ),
        validated=None,
        detail=", ".join([status, *(each.get("errorString") or "" for each in faults)]).strip(", "),
    )


def _new_state(word: str) -> Unknown:
    return Unknown(reason=Reason.UNREADABLE, detail=f"the new state of protection {word!r}")


def _policy(item: Mapping[str, Any]) -> str:
    return str(item.get("policyName") or (item.get("policyId") or "a policy").rpartition("/")[2])


def _is_of(item: Mapping[str, Any], resource_id: str) -> bool:
    """Tell whether an item is a resource's; a file share's names its account, and itself beside."""
    source = (item.get("sourceResourceId") or "").lower()
    if type_of(resource_id) != _SHARE:
        return source == resource_id
    name = resource_id.rpartition("/")[2]
    return source == parent_of(resource_id, 2) and item["friendlyName"].lower() == name


def _newest(mine: Iterable[tuple[Vault, Mapping[str, Any]]]) -> Point | None:
    points = [
        Point(at=datetime.fromisoformat(at), vault=vault.name, plan=_policy(item), encrypted=True)
        for vault, item in mine
        if (at := _newest_at(item))
    ]
    return max(points, key=lambda each: each.at, default=None)


def _newest_at(item: Mapping[str, Any]) -> str | None:
    """Return when the newest whole backup was taken; older answers tell it by the last job only."""
    was_whole = (item.get("lastBackupStatus") or "").lower() == _WHOLE
    at = item.get("lastRecoveryPoint") or (item.get("lastBackupTime") if was_whole else None)
    return str(at) if at else None


def _restores(
    resource_id: str, mine: Iterable[tuple[Vault, Mapping[str, Any]]]
) -> tuple[Restore, ...] | Unknown:
    parsed = AzureId.parse(resource_id)
    name = parsed.name.lower() if parsed else resource_id
    found = []
    for vault, _ in mine:
        jobs = [each for each in vault.jobs if _is_restore_of(each, name)]
        namesakes = {
            (each["properties"].get("sourceResourceId") or "").lower()
            for each in vault.items
            if (each["properties"].get("friendlyName") or "").lower() == name
        }
        if jobs and len(namesakes) > 1:
            detail = f"{vault.name} protects {len(namesakes)} things named {name}"
            return Unknown(reason=Reason.NOT_TOLD, detail=detail)
        found += [restore(each) for each in jobs]
    return tuple(sorted(found, key=lambda each: each.at))


def _is_restore_of(job: Mapping[str, Any], name: str) -> bool:
    properties = job["properties"]
    return (
        "restore" in (properties.get("operation") or "").lower()
        and (properties.get("entityFriendlyName") or "").lower() == name
    )


READER = Reader(
    tells=Backups,
    calls=(
        azure_call("GET Microsoft.RecoveryServices/vaults"),
        azure_call("GET Microsoft.RecoveryServices/vaults/backupProtectedItems"),
        azure_call("GET Microsoft.RecoveryServices/vaults/backupJobs"),
    ),
    read=_read,
)
