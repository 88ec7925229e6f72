"""What Azure says of its resources, as the inventory has them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from inventory.model.resource import Resource, ResourceKind
from inventory.sources._read import tag

_GIB: Final = 1 << 30
Said = Mapping[str, Any]


def region_of(said: Said) -> str | None:
    """Return a resource's region in its short form: some services write ``UK South``."""
    location = said.get("location")
    return location.replace(" ", "").lower() if location else None


def sql_server(said: Said, source: str) -> Resource:
    """Read a logical server of Azure SQL."""
    properties = said["properties"]
    return replace(
        _plain(said, source, ResourceKind.DATABASE_SERVER),
        engine="sqlserver",
        version=properties.get("version"),
        endpoints=_lower(properties.get("fullyQualifiedDomainName")),
        state=properties.get("state"),
    )


def managed_instance(said: Said, source: str) -> Resource:
    """Read a managed instance of Azure SQL."""
    properties = said["properties"]
    size = properties.get("storageSizeInGB")
    return replace(
        _plain(said, source, ResourceKind.DATABASE_SERVER),
        engine="sqlserver",
        endpoints=_lower(properties.get("fullyQualifiedDomainName")),
        size_bytes=None if size is None else size * _GIB,
        state=properties.get("state"),
    )


def sql_database(said: Said, source: str) -> Resource:
    """Read a database of a logical server or a managed instance."""
    properties = said["properties"]
    return replace(
        _plain(said, source, ResourceKind.DATABASE),
        engine="sqlserver",
        part_of=_parent(said["id"]),
        size_bytes=properties.get("maxSizeBytes"),
        state=properties.get("status"),
    )


def postgresql_server(said: Said, source: str) -> Resource:
    """Read a flexible server of PostgreSQL."""
    return _flexible(said, source, "postgresql")


def mysql_server(said: Said, source: str) -> Resource:
    """Read a flexible server of MySQL."""
    return _flexible(said, source, "mysql")


def flexible_database(said: Said, source: str) -> Resource:
    """Read a database of a flexible server; it is told without a region."""
    engine = "postgresql" if "DBforPostgreSQL".lower() in said["id"].lower() else "mysql"
    plain = _plain(said, source, ResourceKind.DATABASE)
    return replace(plain, engine=engine, part_of=_parent(said["id"]), tags=None)


def storage_account(said: Said, source: str) -> Resource:
    """Read a storage account."""
    properties = said["properties"]
    addresses = (properties.get("primaryEndpoints") or {}).values()
    hosts = (urlsplit(each).hostname for each in addresses if isinstance(each, str))
    return replace(
        _plain(said, source, ResourceKind.STORAGE_ACCOUNT),
        engine=said.get("kind"),
        endpoints=_lower(*hosts),
        state=properties.get("statusOfPrimary"),
    )


def file_share(said: Said, source: str) -> Resource:
    """Read a file share; it is told without a region."""
    properties = said["properties"]
    quota = properties.get("shareQuota")
    plain = _plain(said, source, ResourceKind.FILE_SHARE)
    return replace(
        plain,
        engine=properties.get("enabledProtocols"),
        part_of=_parent(_parent(said["id"])),
        size_bytes=None if quota is None else quota * _GIB,
        tags=None,
    )


def load_balancer(said: Said, source: str) -> Resource:
    """Read a load balancer or an application gateway: both write their front ends alike."""
    properties = said["properties"]
    fronts = properties.get("frontendIPConfigurations") or ()
    addresses = ((each.get("properties") or {}).get("privateIPAddress") for each in fronts)
    return replace(
        _plain(said, source, ResourceKind.LOAD_BALANCER),
        endpoints=_lower(*addresses),
        state=properties.get("operationalState") or properties.get("provisioningState"),
    )


def scale_set(said: Said, source: str) -> Resource:
    """Read a virtual machine scale set."""
    state = said["properties"].get("provisioningState")
    return replace(_plain(said, source, ResourceKind.SCALING_GROUP), state=state)


def _flexible(said: Said, source: str, engine: str) -> Resource:
    properties = said["properties"]
    size = (properties.get("storage") or {}).get("storageSizeGB")
    return replace(
        _plain(said, source, ResourceKind.DATABASE_SERVER),
        engine=engine,
        version=properties.get("version"),
        endpoints=_lower(properties.get("fullyQualifiedDomainName")),
        size_bytes=None if size is None else size * _GIB,
        state=properties.get("state"),
    )


def _plain(said: Said, source: str, kind: ResourceKind) -> Resource:
    """Read what all resources are told with; Azure leaves tags out where there are none."""
    tags = said.get("tags") or {}
    return Resource(
        id=said["id"],
        kind=kind,
        type=said["type"],
        name=said["name"],
        source=source,
        region=region_of(said),
        tags=tuple(sorted(tag(name, text) for name, text in tags.items())),
    )


def _parent(resource_id: str) -> str:
    return resource_id.rsplit("/", 2)[0]


def _lower(*said: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.lower() for each in said if each))
