"""Locks that keep virtual machines from being deleted: their own, their group's, all's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._listed import MACHINES, listed, machines, properties
from migrate.clouds.readers import each_read
from migrate.model.reader import Reader
from migrate.model.target_protection import DeletionProtection

_KIND: Final = "Microsoft.Authorization/locks"
_VERSION: Final = "2020-05-01"
_OF: Final = "/providers/microsoft.authorization/locks/"
_KEEPING: Final = frozenset({"cannotdelete", "readonly"})


def _read(asked: AzureAsked) -> Mapping[str, DeletionProtection | Unknown]:
    arm = asked.arm
    locks = listed(arm, asked, _KIND, _VERSION)
    return each_read(machines(arm, asked), lambda said: protection(said, locks.values()))


def protection(said: Mapping[str, Any], locks: Iterable[Mapping[str, Any]]) -> DeletionProtection:
    """Make it of a virtual machine and all locks of its subscription. Pure."""
    keeping = [
        f"{each['name']} ({properties(each)['level']})"
        for each in locks
        if properties(each)["level"].lower() in _KEEPING and _covers(each["id"], said["id"])
    ]
    return DeletionProtection(on=bool(keeping), by=tuple(keeping))


def _covers(lock: str, machine: str) -> bool:
    scope = lock.lower().rpartition(_OF)[0]
    return bool(scope) and f"{machine.lower()}/".startswith(f"{scope}/")


READER = Reader(tells=DeletionProtection, calls=(MACHINES, azure_call(f"GET {_KIND}")), read=_read)
