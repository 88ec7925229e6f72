"""The new server has a disk for each of the old one's, each at least as large."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from inventory.amount import amount
from inventory.model.fact import Facts, Known, Unknown
from inventory.model.facts import DISKS
from migrate.checks._cloud import judged
from migrate.checks._conditions import aspect
from migrate.checks._say import unknown
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.target_disks import Disks

_GIB: Final = 2**30


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    found = aspect(sight, Disks)
    if isinstance(found, CheckResult):
        return found
    old = _old(sight)
    if isinstance(old, CheckResult):
        return old
    new: list[int] = []
    doubts: list[str] = []
    for each in found.disks:
        if isinstance(each.size_bytes, Unknown):
            doubts.append(f"the size of {each.id}: {each.size_bytes}")
        else:
            new.append(each.size_bytes)
    new.sort(reverse=True)
    judge = _in_total if parameters.get("in_total") else _each
    faults = [] if doubts else judge(old, new)
    fine = f"{_said(new)}, for the old server's {_said(old)}"
    return judged(sight, faults, doubts, fine, {"old_bytes": old, "new_bytes": new})


def _old(sight: Sight) -> list[int] | CheckResult:
    """Return the sizes of the old server's disks, the largest first: as it is, or last was."""
    facts = sight.old if isinstance(sight.old, Facts) else sight.past.known()
    disks = facts.of(DISKS)
    if not isinstance(disks, Known):
        return unknown(f"the old server's disks are {disks}")
    found = [each.size_bytes for each in disks.value if not each.removable]
    if not found:
        return unknown("the old server tells of no disk, so there is nothing to compare with")
    return sorted(found, reverse=True)


def _each(old: Sequence[int], new: Sequence[int]) -> list[str]:
    fits = len(new) >= len(old) and all(n >= o for n, o in zip(new, old, strict=False))
    return [] if fits else [f"it has {_said(new)}, the old server {_said(old)}"]


def _in_total(old: Sequence[int], new: Sequence[int]) -> list[str]:
    if sum(new) >= sum(old):
        return []
    return [f"{sum(new) / _GIB:.1f} GiB in all, the old server {sum(old) / _GIB:.1f} GiB"]


def _said(sizes: Sequence[int]) -> str:
    disks = ", ".join(f"{each / _GIB:.1f}" for each in sizes)
    return f"{amount(len(sizes), 'disk')} ({disks or 'none'} GiB)"


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "in_total": {
                "type": "boolean",
                "default": False,
                "description": "whether only the sum of all sizes is compared, for servers that "
                "were laid out anew",
            }
        },
    },
    run=_run,
    reads="Asks the cloud for the new server's disks, and compares with the old server's disks as "
    "it tells them, or last told them; removable ones do not count.",
    about=About.BOTH,
    of_cloud=OfCloud(
        aspects=(Disks,),
        passes="For every disk of the old server there is one at least as large.",
        fails="There are fewer disks, or smaller ones.",
        unknown="The old server's disks were never told, or a size is not told.",
    ),
)
