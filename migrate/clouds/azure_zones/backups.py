"""Recovery Services vaults of Azure, and their policies for virtual machines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.azure_zones._network import by_asked, listed
from migrate.clouds.zones import AzureZoneAsked, partly
from migrate.model.landing_backups import Backups, Vault
from migrate.model.reader import Reader

_VAULTS = azure_call("GET Microsoft.RecoveryServices/vaults")
_POLICIES = azure_call("GET Microsoft.RecoveryServices/vaults/backupPolicies")
_VERSION = "2024-04-01"
_OF_MACHINES = "AzureIaasVM"
_LOCKED = {"Locked": True, "Unlocked": False, "Disabled": False}
"""States of a vault's immutability; in Unlocked an administrator can still take it away."""
_UNUSABLE = frozenset({"Failed", "Deleting", "Creating", "Updating"})


def _read(asked: AzureZoneAsked) -> Mapping[str, Backups]:
    found = by_asked(
        asked.zone.vaults, listed(asked, "Microsoft.RecoveryServices/vaults", _VERSION)
    )
    return {asked.id: Backups(vaults={each: _asked(asked, said) for each, said in found.items()})}


def _asked(asked: AzureZoneAsked, said: Mapping[str, Any]) -> Vault:
    def ask() -> tuple[str, ...]:
        listed_ = asked.arm.pages(f"{said['id']}/backupPolicies", _VERSION)
        return tuple(
            each["name"]
            for each in listed_
            if each["properties"].get("backupManagementType") == _OF_MACHINES
        )

    return vault(said, partly(asked, ask, _POLICIES))


def vault(said: Mapping[str, Any], plans: tuple[str, ...] | Unknown) -> Vault:
    """Make it of a vault's JSON and the names of its policies for virtual machines. Pure.

    Azure encrypts every vault, with its own key unless the vault names another: Microsoft Learn,
    encryption in Azure Backup.
    """
    properties = said["properties"]
    settings = properties.get("securitySettings") or {}
    immutable = (settings.get("immutabilitySettings") or {}).get("state", "Disabled")
    keys = (properties.get("encryption") or {}).get("keyVaultProperties") or {}
    state = properties.get("provisioningState", "")
    return Vault(
        usable=state == "Succeeded" or (False if state in _UNUSABLE else _new(state)),
        state=state,
        locked=_LOCKED.get(immutable, _new(immutable)),
        encrypted=True,
        key=keys.get("keyUri"),
        plans=plans,
    )


def _new(state: str) -> Unknown:
    detail = f"its state is {state or 'not given'}, which says nothing"
    return Unknown(reason=Reason.NOT_TOLD, detail=detail)


READER = Reader(tells=Backups, calls=(_VAULTS, _POLICIES), read=_read)
