"""Every disk of the new server is encrypted, with a usable key of whom it must be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from inventory.model.fact import Unknown
from migrate.checks._cloud import judged
from migrate.checks._conditions import aspect
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.target_disks import CloudDisk, Disks, KeyOwner

_USABLE: Final = "Enabled"


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    found = aspect(sight, Disks)
    if isinstance(found, CheckResult):
        return found
    customer = parameters.get("key", "any") == "customer"
    faults = [each for disk in found.disks for each in _faults(disk, customer=customer)]
    doubts = [each for disk in found.disks for each in _doubts(disk, customer=customer)]
    if not found.disks:
        doubts.append("no disk of it is told")
    if parameters.get("at_host"):
        if found.at_host is None:
            doubts.append("its cloud has no setting for encryption at host")
        elif not found.at_host:
            faults.append("encryption at host is off")
    owners = {each.key_owner.value for each in found.disks if isinstance(each.key_owner, KeyOwner)}
    keys = f", with keys of the {' and the '.join(sorted(owners))}" if owners else ""
    fine = f"every disk is encrypted ({len(found.disks)}){keys}"
    return judged(sight, faults, doubts, fine, found)


def _faults(disk: CloudDisk, *, customer: bool) -> Iterator[str]:
    if disk.encrypted is False:
        yield f"{disk.id} is not encrypted"
    if customer and disk.key_owner is KeyOwner.PROVIDER:
        yield f"the key of {disk.id} is the provider's"
    if isinstance(disk.key_state, str) and disk.key_state != _USABLE:
        yield f"the key of {disk.id} is {disk.key_state}"


def _doubts(disk: CloudDisk, *, customer: bool) -> Iterator[str]:
    if isinstance(disk.encrypted, Unknown):
        yield f"{disk.id}: {disk.encrypted}"
    elif customer and isinstance(disk.key_owner, Unknown):
        yield f"whose key {disk.id} has: {disk.key_owner}"


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "key": {
                "enum": ["any", "customer"],
                "default": "any",
                "description": "whose the key must be: customer, one that the customer made and "
                "may withdraw",
            },
            "at_host": {
                "type": "boolean",
                "default": False,
                "description": "whether caches and temporary disks must be encrypted, too (Azure)",
            },
        },
    },
    run=_run,
    reads="Asks the cloud for the new server's disks, and AWS for each of their keys.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Disks,),
        passes="Every disk is encrypted where it is stored; with key, with the customer's key.",
        fails="A disk is not encrypted, its key is disabled or about to be deleted; with key, the "
        "key is the provider's; with at_host, encryption at host is off.",
        unknown="A disk is no managed one, or its kind of encryption is new; with key, whose the "
        "key is cannot be seen.",
    ),
)
