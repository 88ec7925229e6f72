"""Azure's storage accounts, and the file shares and containers in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._flexible import told
from migrate.clouds.azure_readers._within import of_type, parent_of, type_of
from migrate.clouds.readers import each_read, unless_failed
from migrate.model.reader import Reader
from migrate.model.target_disks import KeyOwner
from migrate.model.target_storage import Kept, Storage

_VERSION: Final = "2023-05-01"
_ACCOUNTS: Final = "Microsoft.Storage/storageAccounts"
_ACCOUNT: Final = _ACCOUNTS.lower()
_SHARE: Final = f"{_ACCOUNT}/fileservices/shares"
_CONTAINER: Final = f"{_ACCOUNT}/blobservices/containers"
_LISTED_AT: Final = {
    _SHARE: "fileServices/default/shares",
    _CONTAINER: "blobServices/default/containers",
}
_KINDS: Final = {_ACCOUNT: "storage account", _SHARE: "file share", _CONTAINER: "container"}
_BLOBS: Final = azure_call(f"GET {_ACCOUNTS}/blobServices")
_FILES: Final = azure_call(f"GET {_ACCOUNTS}/fileServices")
_CALLS: Final = (
    azure_call(f"GET {_ACCOUNTS}"),
    _BLOBS,
    _FILES,
    azure_call(f"GET {_ACCOUNTS}/fileServices/shares"),
    azure_call(f"GET {_ACCOUNTS}/blobServices/containers"),
)
Said = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Account:
    """A storage account and its services' settings, as Azure writes them."""

    said: Said
    blobs: Said | Unknown
    files: Said | Unknown


@dataclass(frozen=True, kw_only=True)
class Part:
    """An account, or a share or container in it."""

    id: str
    account: Account
    said: Said
    """The share or container; the account itself where that was asked about."""


def _read(asked: AzureAsked) -> Mapping[str, Storage | Unknown]:
    ids = of_type(asked.ids, *_KINDS)
    accounts = {_account_of(each) for each in ids}
    path = f"/subscriptions/{asked.place}/providers/{_ACCOUNTS}"
    found: dict[str, Part] = {}
    for said in asked.arm.pages(path, _VERSION) if ids else ():
        if said["id"].lower() in accounts:
            found |= _parts(asked, said, ids)
    return each_read(found, storage)


def _parts(asked: AzureAsked, said: Said, ids: list[str]) -> dict[str, Part]:
    arm, where = asked.arm, said["id"]
    account = Account(
        said=said,
        blobs=unless_failed(
            asked, (_BLOBS,), lambda: arm.get(f"{where}/blobServices/default", _VERSION)
        ),
        files=unless_failed(
            asked, (_FILES,), lambda: arm.get(f"{where}/fileServices/default", _VERSION)
        ),
    )
    mine = [each for each in ids if _account_of(each) == where.lower()]
    parts = {where.lower(): Part(id=where, account=account, said=said)}
    for kind in {type_of(each) for each in mine} & _LISTED_AT.keys():
        for each in arm.pages(f"{where}/{_LISTED_AT[kind]}", _VERSION):
            parts[each["id"].lower()] = Part(id=each["id"], account=account, said=each)
    return {key: part for key, part in parts.items() if key in mine}


def storage(part: Part) -> Storage:
    """Make storage of what Azure says of an account, or of a part of one. Pure."""
    properties = part.account.said["properties"]
    key = (properties.get("encryption") or {}).get("keyvaultproperties") or {}
    state = properties.get("statusOfPrimary")
    kind = type_of(part.id)
    return Storage(
        id=part.id,
        kind=_KINDS[kind],
        region=part.account.said.get("location"),
        state=state,
        up={"available": True, "unavailable": False}.get((state or "").lower()),
        encrypted=True,
        key_owner=_key_owner((properties.get("encryption") or {}).get("keySource")),
        key=key.get("keyname"),
        public=_public(part, kind),
        every_network=_every_network(properties),
        kept=_kept(part.account, kind),
        transit_encrypted=told(
            properties.get("supportsHttpsTrafficOnly"), "which connections it takes"
        ),
        created=properties.get("creationTime"),
    )


def _account_of(resource_id: str) -> str:
    return parent_of(resource_id, {_ACCOUNT: 0}.get(type_of(resource_id), 2))


def _key_owner(source: str | None) -> KeyOwner | Unknown:
    owners = {"microsoft.storage": KeyOwner.PROVIDER, "microsoft.keyvault": KeyOwner.CUSTOMER}
    new = Unknown(reason=Reason.UNREADABLE, detail=f"the new source of keys {source}")
    return owners.get((source or "").lower(), new)


def _public(part: Part, kind: str) -> bool | Unknown:
    """Tell whether anybody may read without signing in; file shares never let them."""
    properties = part.account.said["properties"]
    if kind == _SHARE or (properties.get("publicNetworkAccess") or "").lower() == "disabled":
        return False
    allowed: bool | Unknown = told(
        properties.get("allowBlobPublicAccess"), "whether anonymous reading is allowed"
    )
    if kind == _CONTAINER and allowed is not False:
        access = (part.said["properties"].get("publicAccess") or "").lower()
        return allowed if access in {"blob", "container"} else False
    return allowed


def _every_network(properties: Said) -> bool | Unknown:
    if (properties.get("publicNetworkAccess") or "").lower() == "disabled":
        return False
    action = (properties.get("networkAcls") or {}).get("defaultAction")
    return told({"Allow": True, "Deny": False}.get(action or ""), "which networks it answers")


def _kept(account: Account, kind: str) -> tuple[Kept, ...] | Unknown:
    services = [
        *([account.blobs] if kind != _SHARE else []),
        *([account.files] if kind != _CONTAINER else []),
    ]
    silent = [each for each in services if isinstance(each, Unknown)]
    if silent:
        return silent[0]
    return tuple(
        one for each in services if not isinstance(each, Unknown) for one in _policies(each)
    )


def _policies(service: Said) -> list[Kept]:
    properties = service["properties"]
    named = {
        "deleteRetentionPolicy": "deleted blobs",
        "containerDeleteRetentionPolicy": "deleted containers",
        "shareDeleteRetentionPolicy": "deleted shares",
    }
    kept = [
        Kept(what=what, days=properties[name].get("days"))
        for name, what in named.items()
        if (properties.get(name) or {}).get("enabled")
    ]
    return [
        *kept,
        *([Kept(what="versions", days=None)] if properties.get("isVersioningEnabled") else []),
    ]


READER = Reader(tells=Storage, calls=_CALLS, read=_read)
