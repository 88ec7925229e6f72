"""Managed disks of virtual machines: size, encryption, whose key it is; and encryption at host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._listed import MACHINES, listed, machines, properties
from migrate.clouds.readers import each_read
from migrate.model.reader import Reader
from migrate.model.target_disks import CloudDisk, Disks, KeyOwner

_VERSION: Final = "2024-03-02"
_GIB: Final = 2**30
_OWNERS: Final = {
    "EncryptionAtRestWithPlatformKey": KeyOwner.PROVIDER,
    "EncryptionAtRestWithCustomerKey": KeyOwner.CUSTOMER,
    "EncryptionAtRestWithPlatformAndCustomerKeys": KeyOwner.CUSTOMER,
}

Said = Mapping[str, Any]


def _read(asked: AzureAsked) -> Mapping[str, Disks | Unknown]:
    arm = asked.arm
    found = machines(arm, asked)
    known = listed(arm, asked, "Microsoft.Compute/disks", _VERSION)
    return each_read(found, lambda said: disks(said, known))


def disks(said: Said, known: Mapping[str, Said]) -> Disks:
    """Make them of a virtual machine, and of all disks by id in lower case. Pure."""
    told = properties(said)
    storage = told["storageProfile"]
    held = [storage["osDisk"], *(storage.get("dataDisks") or ())]
    return Disks(
        disks=tuple(_disk(each, known) for each in held),
        at_host=bool((told.get("securityProfile") or {}).get("encryptionAtHost")),
    )


def _disk(held: Said, known: Mapping[str, Said]) -> CloudDisk:
    id_ = (held.get("managedDisk") or {}).get("id")
    if not id_ or id_.lower() not in known:
        return _elsewhere(held, id_)
    told = properties(known[id_.lower()])
    encryption = told.get("encryption") or {}
    kind = encryption.get("type")
    said = f"calls its encryption {kind}" if kind else "does not tell its encryption"
    new = Unknown(reason=Reason.NOT_TOLD, detail=f"Azure {said}")
    return CloudDisk(
        id=id_,
        size_bytes=told.get("diskSizeBytes") or told["diskSizeGB"] * _GIB,
        encrypted=True if kind in _OWNERS else new,
        key_owner=_OWNERS.get(str(kind), new),
        key=encryption.get("diskEncryptionSetId"),
    )


def _elsewhere(held: Said, id_: str | None) -> CloudDisk:
    """Return what is known of a disk that is not in the listing, or is no managed one."""
    where = "it is not among the disks that Azure lists" if id_ else "it is no managed disk"
    why = Unknown(reason=Reason.NOT_TOLD, detail=where)
    size = held.get("diskSizeGB")
    return CloudDisk(
        id=id_ or str(held.get("name")),
        size_bytes=size * _GIB if size else why,
        encrypted=why,
        key_owner=why,
    )


READER = Reader(
    tells=Disks, calls=(MACHINES, azure_call("GET Microsoft.Compute/disks")), read=_read
)
