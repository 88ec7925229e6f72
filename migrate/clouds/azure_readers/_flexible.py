"""Flexible servers of PostgreSQL and of MySQL: listed, and each asked two questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._within import of_type
from migrate.clouds.readers import each_read, unless_failed
from migrate.model.target_database import Database
from migrate.model.target_disks import KeyOwner

_VERSIONS: Final = {
    "Microsoft.DBforPostgreSQL/flexibleServers": "2024-08-01",
    "Microsoft.DBforMySQL/flexibleServers": "2023-12-30",
}
_PARTS: Final = ("configurations", "firewallRules")
CALLS: Final = tuple(
    azure_call(f"GET {kind}{part}")
    for kind in _VERSIONS
    for part in ("", *(f"/{each}" for each in _PARTS))
)
_SERVES: Final = frozenset({"ready", "updating"})
_DOES_NOT_SERVE: Final = frozenset(
    {"disabled", "dropping", "inaccessible", "provisioning", "starting", "stopped", "stopping"}
)
_STANDS_READY: Final = "zoneredundant"
T = TypeVar("T")
Listed = tuple[Mapping[str, Any], ...] | Unknown


@dataclass(frozen=True, kw_only=True)
class Server:
    """A flexible server, as Azure writes it."""

    said: Mapping[str, Any]
    configurations: Listed
    rules: Listed
    """Its firewall's."""


def flexible(asked: AzureAsked) -> Mapping[str, Database | Unknown]:
    """Return what is told of each flexible server that was asked about."""
    found: dict[str, Server] = {}
    for kind, version in _VERSIONS.items():
        ids = of_type(asked.ids, kind.lower())
        path = f"/subscriptions/{asked.place}/providers/{kind}"
        for said in asked.arm.pages(path, version) if ids else ():
            if said["id"].lower() in ids:
                found[said["id"].lower()] = Server(
                    said=said,
                    configurations=_part(asked, said["id"], "configurations", version),
                    rules=_part(asked, said["id"], "firewallRules", version),
                )
    return each_read(found, server)


def _part(asked: AzureAsked, server_id: str, part: str, version: str) -> Listed:
    calls = [each for each in CALLS if each.name.endswith(part)]
    return unless_failed(
        asked, calls, lambda: tuple(asked.arm.pages(f"{server_id}/{part}", version))
    )


def server(found: Server) -> Database:
    """Make a database of what Azure says of a flexible server. Pure."""
    properties = found.said["properties"]
    backup = properties.get("backup") or {}
    ready = properties.get("highAvailability") or {}
    encryption = properties.get("dataEncryption") or {}
    state = properties.get("state")
    return Database(
        id=found.said["id"],
        engine=found.said["type"],
        version=properties.get("version"),
        size=(found.said.get("sku") or {}).get("name"),
        region=found.said["location"],
        state=state,
        up=up(state, _SERVES, _DOES_NOT_SERVE),
        public=reachable((properties.get("network") or {}).get("publicNetworkAccess"), found.rules),
        encrypted=True,
        key_owner=_key_owner(encryption.get("type")),
        key=encryption.get("primaryKeyURI"),
        retention_days=told(backup.get("backupRetentionDays"), "how long backups are kept"),
        restorable_until=told(None, "until when it can be restored"),
        standby=(ready.get("mode") or "Disabled").lower() == _STANDS_READY,
        protected=told(None, "protection from deletion, which is a lock"),
        parameters=_parameters(found.configurations),
        pending=_pending(found.configurations),
        created=(found.said.get("systemData") or {}).get("createdAt"),
    )


def up(state: str | None, serves: frozenset[str], does_not: frozenset[str]) -> bool | None:
    """Tell whether a state says that something serves; None when it is new or says neither."""
    word = (state or "").lower()
    if word in serves:
        return True
    return False if word in does_not else None


def reachable(access: str | None, rules: Listed) -> bool | Unknown:
    """Tell whether the internet may reach a server: access is open, and a rule lets some in."""
    word = (access or "").lower()
    if word in {"disabled", "securedbyperimeter"}:
        return False
    if word != "enabled":
        new = f"the new word {access!r}" if access else "Azure does not say"
        return Unknown(reason=Reason.UNREADABLE, detail=f"public network access: {new}")
    return rules if isinstance(rules, Unknown) else bool(rules)


def told(value: T | None, what: str) -> T | Unknown:
    """Return what is told, or that Azure does not tell it."""
    untold = Unknown(reason=Reason.NOT_TOLD, detail=f"Azure does not tell {what}")
    return untold if value is None else value


def _key_owner(kind: str | None) -> KeyOwner | Unknown:
    owners = {"systemmanaged": KeyOwner.PROVIDER, "azurekeyvault": KeyOwner.CUSTOMER}
    new = Unknown(reason=Reason.UNREADABLE, detail=f"the new kind of encryption {kind}")
    return owners.get((kind or "SystemManaged").lower(), new)


def _parameters(listed: Listed) -> Mapping[str, str] | Unknown:
    if isinstance(listed, Unknown):
        return listed
    return {
        each["name"]: str(each["properties"]["value"])
        for each in listed
        if each["properties"].get("value") is not None
    }


def _pending(listed: Listed) -> tuple[str, ...]:
    each_one: Iterable[Mapping[str, Any]] = () if isinstance(listed, Unknown) else listed
    return tuple(
        each["name"]
        for each in each_one
        if str(each["properties"].get("isConfigPendingRestart")).lower() == "true"
    )
