"""Azure Site Recovery, and Azure Migrate's agentless replication: what vaults say of their items.

Asked of Resource Manager as it writes it: the service's client library would take seconds to load
for the dozen fields that are read. Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from inventory.model import spelling
from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from inventory.model.identity import Identity
from migrate.model.replication import Launch, LaunchState, Phase, Replication

if TYPE_CHECKING:
    from inventory.clouds.azure_reach import Arm

SERVICE: Final = "Site Recovery"
MIGRATE: Final = "Azure Migrate"
VERSION: Final = "2025-08-01"
"""Of Site Recovery's interface; what is read of it is in 2023-08-01 as well."""
_VAULTS: Final = "2024-04-01"
LOOKS: Final = (
    azure_call("GET Microsoft.RecoveryServices/vaults"),
    azure_call("GET Microsoft.RecoveryServices/vaults/replicationProtectedItems"),
    azure_call("GET Microsoft.RecoveryServices/vaults/replicationMigrationItems"),
)
_HEALTHY: Final = {"Normal": True, "Warning": False, "Critical": False}
_NO_TIME: Final = datetime(1753, 12, 31, tzinfo=UTC)
"""The service writes a moment of 1753 for none."""
_FAIL_OVER: Final = frozenset({"PlannedFailover", "UnplannedFailover"})
_MIGRATING: Final = {
    "None": Phase.NOT_READY,
    "EnableMigrationInProgress": Phase.NOT_READY,
    "EnableMigrationFailed": Phase.NOT_READY,
    "InitialSeedingInProgress": Phase.NOT_READY,
    "InitialSeedingFailed": Phase.NOT_READY,
    "Replicating": Phase.READY_FOR_TEST,
    "ResumeInProgress": Phase.NOT_READY,
    "ResumeInitiated": Phase.NOT_READY,
    "SuspendingProtection": Phase.NOT_READY,
    "ProtectionSuspended": Phase.NOT_READY,
    "MigrationInProgress": Phase.CUTTING_OVER,
    "MigrationSucceeded": Phase.CUTTING_OVER,
    "MigrationCompletedWithInformation": Phase.CUTTING_OVER,
    "MigrationPartiallySucceeded": Phase.CUTTING_OVER,
    "MigrationFailed": Phase.NOT_READY,
    "DisableMigrationInProgress": Phase.ENDED,
    "DisableMigrationFailed": Phase.ENDED,
}
_TESTING: Final = frozenset(
    {
        *("TestMigrationSucceeded", "TestMigrationCompletedWithInformation"),
        "TestMigrationPartiallySucceeded",
    }
)
_BROKEN: Final = frozenset(
    {
        *("EnableMigrationFailed", "InitialSeedingFailed", "MigrationFailed"),
        *("ProtectionSuspended", "SuspendingProtection", "DisableMigrationFailed"),
    }
)


def listed(arm: Arm, subscription: str) -> Iterator[Replication]:
    """Yield every item that vaults of a subscription replicate: two listings for each vault.

    Raises:
        azure.core.exceptions.AzureError: it was not told.

    """
    path = f"/subscriptions/{subscription}/providers/Microsoft.RecoveryServices/vaults"
    for vault in arm.pages(path, _VAULTS):
        here = vault["id"]
        for said in arm.pages(f"{here}/replicationProtectedItems", VERSION):
            yield protected(said)
        for said in arm.pages(f"{here}/replicationMigrationItems", VERSION):
            yield migrating(said)


def protected(said: Mapping[str, Any]) -> Replication:
    """Make a replication of what Site Recovery says of a protected item. Pure."""
    properties = said["properties"]
    details = properties.get("providerSpecificDetails") or {}
    health = properties.get("replicationHealth")
    found = _HEALTHY.get(health or "")
    return Replication(
        id=said["id"],
        service=SERVICE,
        name=properties.get("friendlyName") or said["name"],
        identity=_identity(properties, details),
        phase=_phase(properties),
        state=f"{properties.get('protectionState')}, active in {properties.get('activeLocation')}, "
        f"test failover {properties.get('testFailoverState')}",
        healthy=_new("replication health", health) if found is None else found,
        faults=_faults(properties),
        lag_seconds=_lag(details),
        lag_at=moment(details.get("lastRpoCalculatedTime")),
        backlog_bytes=Unknown(reason=Reason.NOT_TOLD, detail="Site Recovery tells no backlog"),
        last_snapshot=moment(details.get("lastRecoveryPointReceived")),
        test=_test(properties, details),
        cut_over=_cut_over(properties, details),
        allowed=tuple(properties.get("allowedOperations") or ()),
        kind=details.get("instanceType") or "",
    )


def migrating(said: Mapping[str, Any]) -> Replication:
    """Make a replication of what Azure Migrate says of a migration item. Pure."""
    properties = said["properties"]
    details = properties.get("providerSpecificDetails") or {}
    state, faults = properties.get("migrationState"), _faults(properties)
    tested = properties.get("testMigrateState")
    phase = Phase.TESTING if tested in _TESTING else _MIGRATING.get(state or "")
    untold = Unknown(reason=Reason.NOT_TOLD, detail="Azure Migrate tells no lag of agentless items")
    return Replication(
        id=said["id"],
        service=MIGRATE,
        name=properties.get("machineName") or said["name"],
        identity=Identity(
            fqdn=_some(spelling.fqdn(properties.get("machineName"))),
            hostname=_some(spelling.short_name(properties.get("machineName"))),
        ),
        phase=phase or _new("migration state", state),
        state=f"{state}, test {tested}",
        healthy=not (faults or state in _BROKEN) if phase else _new("migration state", state),
        faults=faults,
        lag_seconds=untold,
        backlog_bytes=Unknown(reason=Reason.NOT_TOLD, detail="Azure Migrate tells no backlog"),
        last_snapshot=moment(details.get("lastRecoveryPointReceived")),
        test=None,
        cut_over=None,
        allowed=tuple(properties.get("allowedOperations") or ()),
        kind=details.get("instanceType") or "",
    )


def moment(text: object) -> datetime | None:
    """Return a moment as the service writes it; None when it is none, or not to be read."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found if found > _NO_TIME else None


def _phase(properties: Mapping[str, Any]) -> Phase | Unknown:
    """Tell how far an item has come, by what the service would do with it and where it is active.

    Its protection states are not documented, so no word of theirs is relied on but one.
    """
    allowed = set(properties.get("allowedOperations") or ())
    active, state = properties.get("activeLocation"), properties.get("protectionState")
    if active == "Recovery":
        return Phase.CUTTING_OVER if "Commit" in allowed else Phase.CUT_OVER
    if active != "Primary":
        return _new("active location", active)
    if "TestFailoverCleanup" in allowed:
        return Phase.TESTING
    if state != "Protected":
        return _new("protection state", state)
    if allowed & _FAIL_OVER and moment(properties.get("lastSuccessfulTestFailoverTime")):
        return Phase.READY_FOR_CUT_OVER
    return Phase.READY_FOR_TEST if "TestFailover" in allowed else Phase.NOT_READY


def _lag(details: Mapping[str, Any]) -> float | Unknown:
    for key in ("rpoInSeconds", "lastRpoInSeconds"):
        told = details.get(key)
        if isinstance(told, int | float) and told >= 0:
            return float(told)
    return Unknown(reason=Reason.NOT_TOLD, detail="it gives no recovery point objective")


def _faults(properties: Mapping[str, Any]) -> tuple[str, ...]:
    # That nothing was tested yet is no fault of replication, and said by the phase.
    found = properties.get("healthErrors") or ()
    return tuple(
        f"{each.get('errorCode')}: {each.get('summaryMessage') or each.get('errorMessage')}"
        for each in found
        if each.get("errorCategory") not in {"TestFailover", "Failover"}
    )


def _test(properties: Mapping[str, Any], details: Mapping[str, Any]) -> Launch | None:
    stands = "TestFailoverCleanup" in (properties.get("allowedOperations") or ())
    at_work = _scenario(properties) == "TestFailover" and not stands
    last = moment(properties.get("lastSuccessfulTestFailoverTime"))
    if not (stands or at_work or last):
        return None
    state = LaunchState.AT_WORK if at_work else LaunchState.ENDED
    return Launch(
        job=_job(properties) if stands or at_work else "",
        state=LaunchState.LAUNCHED if stands else state,
        resource=details.get("testFailoverRecoveryFabricObjectId") or None,
        at=last,
    )


def _cut_over(properties: Mapping[str, Any], details: Mapping[str, Any]) -> Launch | None:
    at_work = _scenario(properties) in _FAIL_OVER
    active = properties.get("activeLocation") == "Recovery"
    if not (active or at_work):
        return None
    return Launch(
        job=_job(properties) if at_work else "",
        state=LaunchState.LAUNCHED if active else LaunchState.AT_WORK,
        resource=_target(details) if active else None,
        at=moment(properties.get("lastSuccessfulFailoverTime")),
    )


def _target(details: Mapping[str, Any]) -> str | None:
    """Return the id of the machine that a failover makes: its own, or as its settings name it."""
    if details.get("recoveryFabricObjectId"):
        return str(details["recoveryFabricObjectId"])
    group = details.get("targetResourceGroupId") or details.get("recoveryAzureResourceGroupId")
    name = details.get("targetVmName") or details.get("recoveryAzureVMName")
    name = name or details.get("recoveryAzureVmName")
    return f"{group}/providers/Microsoft.Compute/virtualMachines/{name}" if group and name else None


def _scenario(properties: Mapping[str, Any]) -> str:
    return str((properties.get("currentScenario") or {}).get("scenarioName") or "None")


def _job(properties: Mapping[str, Any]) -> str:
    job = str((properties.get("currentScenario") or {}).get("jobId") or "")
    return "" if job.endswith("/None") else job


def _identity(properties: Mapping[str, Any], details: Mapping[str, Any]) -> Identity:
    found = details.get("discoveredVmDetails") or {}
    name = properties.get("friendlyName")
    told = (details.get("primaryNicIpAddress"), details.get("ipAddress"))
    addresses = (*told, *(found.get("ipAddresses") or ()), *_of_cards(details))
    return Identity(
        fqdn=_some(spelling.fqdn(found.get("vmFqdn") or name)),
        hostname=_some(spelling.short_name(found.get("vmFqdn") or name)),
        vm_name=_some(spelling.short_name(name)),
        address=_some(*map(spelling.address, addresses)),
    )


def _of_cards(details: Mapping[str, Any]) -> Iterator[str | None]:
    for card in details.get("vmNics") or ():
        yield card.get("sourceIPAddress") or card.get("primaryNicStaticIPAddress")


def _some(*values: str | None) -> frozenset[str]:
    return frozenset(filter(None, values))


def _new(what: str, word: object) -> Unknown:
    said = f"is {word}, which is new to us" if word else "is not told"
    return Unknown(reason=Reason.NOT_TOLD, detail=f"its {what} {said}")
