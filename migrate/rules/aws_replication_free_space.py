"""System drive has room for the replication agent."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.facts import FILESYSTEMS, OS_FAMILY
from inventory.model.placement import GUEST_VOLUMES, GuestVolume
from migrate.judging.examples import cannot_tell, flags, mounted, passes, spares, untold
from migrate.judging.sources import AWS_AGENT
from migrate.judging.storage import free_space_at_least
from migrate.judging.units import MIB
from migrate.model.rule import CannotTell, Judgement, NotApplicable, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LEAST_MIB = 2_048
WHERE = {"linux": "/", "windows": "C:\\"}

_LINUX = OS_FAMILY.known("linux")
_WINDOWS = OS_FAMILY.known("windows")


def _judge(facts: Facts, around: Surroundings) -> Judgement:
    family = facts.of(OS_FAMILY)
    if not isinstance(family, Known):
        return CannotTell(missing=(OS_FAMILY,))
    where = WHERE.get(family.value)
    return free_space_at_least(where, LEAST_MIB)(facts, around) if where else NotApplicable()


RULE = Rule(
    title="Too little free space on the system drive",
    why=(
        "The replication agent of AWS MGN needs 2 GB free on the root filesystem, or on the "
        "drive that holds the programs of Windows, which is taken to be C."
    ),
    fix="Free or add space before the agent is installed.",
    source=AWS_AGENT.citation,
    source_date=AWS_AGENT.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=_judge,
    examples=(
        flags(
            "one MiB too little",
            _LINUX,
            FILESYSTEMS.known((mounted("/", "/dev/sda1", free_mib=2_047),)),
        ),
        flags(
            "one MiB too little on Windows, as the hypervisor's tools see it",
            _WINDOWS,
            untold(FILESYSTEMS),
            GUEST_VOLUMES.known((GuestVolume(mount_point="C:\\", free_bytes=2_047 * MIB),)),
        ),
        passes(
            "just enough", _LINUX, FILESYSTEMS.known((mounted("/", "/dev/sda1", free_mib=2_048),))
        ),
        passes(
            "just enough on Windows, as the hypervisor's tools see it",
            _WINDOWS,
            untold(FILESYSTEMS),
            GUEST_VOLUMES.known((GuestVolume(mount_point="C:\\", free_bytes=2_048 * MIB),)),
        ),
        spares("FreeBSD", OS_FAMILY.known("freebsd")),
        cannot_tell("/ not among the filesystems", _LINUX, FILESYSTEMS.known(())),
        cannot_tell("filesystems not told", _LINUX, untold(FILESYSTEMS)),
    ),
)
