"""Whether a server's disks are encrypted, which more than one tool does not take."""

from __future__ import annotations

from inventory.model.facts import DISKS
from inventory.model.parts import Disk
from migrate.judging.limits import named_disks
from migrate.model.rule import CannotTell, Judgement


def judge_encrypted(disks: tuple[Disk, ...]) -> Judgement:
    """Flag encrypted disks, naming each; it cannot be told while that of one is not known."""
    encrypted = [disk for disk in disks if disk.encrypted]
    untold_of = ", ".join(disk.name for disk in disks if disk.encrypted is None)
    if encrypted or not untold_of:
        return named_disks(encrypted)
    return CannotTell(missing=(DISKS,), because=f"whether {untold_of} is encrypted was not told")
