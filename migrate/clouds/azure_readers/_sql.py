"""Azure SQL databases, of a server of their own name or of a managed instance.

Databases are listed by their server; encryption and the keeping of backups are asked by database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._flexible import Listed, reachable, told, up
from migrate.clouds.azure_readers._within import of_type, parent_of
from migrate.clouds.readers import each_read, unless_failed
from migrate.model.target_database import Database
from migrate.model.target_disks import KeyOwner

_VERSION: Final = "2021-11-01"
_SERVERS: Final = "Microsoft.Sql/servers"
_INSTANCES: Final = "Microsoft.Sql/managedInstances"
_ENCRYPTION: Final = "transparentDataEncryption"
_RETENTION: Final = "backupShortTermRetentionPolicies"
CALLS: Final = (
    *(
        azure_call(f"GET {kind}{part}")
        for kind in (_SERVERS, _INSTANCES)
        for part in ("", "/databases", f"/databases/{_ENCRYPTION}", f"/databases/{_RETENTION}")
    ),
    azure_call(f"GET {_SERVERS}/firewallRules"),
)
_SERVES: Final = frozenset({"online"})
_DOES_NOT_SERVE: Final = frozenset(
    {
        "copying",
        "creating",
        "disabled",
        "emergencymode",
        "inaccessible",
        "offline",
        "recovering",
        "recoverypending",
        "restoring",
        "shutdown",
        "standby",
        "starting",
        "stopped",
        "stopping",
        "suspect",
    }
)
Said = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A database and what is said around it, as Azure writes it."""

    said: Said
    server: Said
    """Its server or managed instance."""
    rules: Listed
    """Its server's firewall's; empty for a managed instance, which has none."""
    encryption: Said | Unknown
    retention: Said | Unknown


def sql(asked: AzureAsked) -> Mapping[str, Database | Unknown]:
    """Return what is told of each SQL database that was asked about."""
    found: dict[str, Parts] = {}
    for kind in (_SERVERS, _INSTANCES):
        ids = of_type(asked.ids, f"{kind}/databases".lower())
        servers = {parent_of(each) for each in ids}
        path = f"/subscriptions/{asked.place}/providers/{kind}"
        for server in asked.arm.pages(path, _VERSION) if ids else ():
            if server["id"].lower() in servers:
                found |= _of_server(asked, kind, server, ids)
    return each_read(found, database)


def _of_server(asked: AzureAsked, kind: str, server: Said, ids: list[str]) -> dict[str, Parts]:
    arm, where = asked.arm, server["id"]
    rules: Listed = ()
    if kind == _SERVERS:
        rules = unless_failed(
            asked, CALLS[-1:], lambda: tuple(arm.pages(f"{where}/firewallRules", _VERSION))
        )

    def part(database_id: str, name: str, which: str) -> Said | Unknown:
        return unless_failed(
            asked,
            [each for each in CALLS if each.name == f"GET {kind}/databases/{name}"],
            lambda: arm.get(f"{database_id}/{name}/{which}", _VERSION),
        )

    return {
        said["id"].lower(): Parts(
            said=said,
            server=server,
            rules=rules,
            encryption=part(said["id"], _ENCRYPTION, "current"),
            retention=part(said["id"], _RETENTION, "default"),
        )
        for said in arm.pages(f"{where}/databases", _VERSION)
        if said["id"].lower() in ids
    }


def database(parts: Parts) -> Database:
    """Make a database of what Azure says of one. Pure."""
    properties, around = parts.said["properties"], parts.server["properties"]
    encrypted = _encrypted(parts.encryption)
    key = around.get("keyId")
    state = properties.get("status")
    return Database(
        id=parts.said["id"],
        engine=parts.said["type"],
        version=around.get("version"),
        size=(parts.said.get("sku") or {}).get("name")
        or (parts.server.get("sku") or {}).get("name"),
        region=parts.said["location"],
        state=state,
        up=up(state, _SERVES, _DOES_NOT_SERVE),
        public=_public(around, parts.rules),
        encrypted=encrypted,
        key_owner=(KeyOwner.CUSTOMER if key else KeyOwner.PROVIDER) if encrypted else None,
        key=key,
        retention_days=_days(parts.retention),
        restorable_until=told(None, "until when it can be restored"),
        standby=told(properties.get("zoneRedundant", around.get("zoneRedundant")), "its zones"),
        protected=told(None, "protection from deletion, which is a lock"),
        parameters=told(None, "parameters of a SQL database"),
        created=properties.get("creationDate"),
    )


def _encrypted(said: Said | Unknown) -> bool | Unknown:
    if isinstance(said, Unknown):
        return said
    state = (said["properties"].get("state") or "").lower()
    return told({"enabled": True, "disabled": False}.get(state), "whether it is encrypted")


def _days(said: Said | Unknown) -> int | Unknown:
    if isinstance(said, Unknown):
        return said
    return told(said["properties"].get("retentionDays"), "how long backups are kept")


def _public(around: Said, rules: Listed) -> bool | Unknown:
    if "publicDataEndpointEnabled" in around:
        return bool(around["publicDataEndpointEnabled"])
    return reachable(around.get("publicNetworkAccess"), rules)
