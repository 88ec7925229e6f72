"""Each filesystem of the guest has the room that a conversion needs."""

from __future__ import annotations

from inventory.model.fact import Facts, Known, Observation
from inventory.model.facts import FILESYSTEMS, VIRTUALISATION
from inventory.model.placement import GUEST_VOLUMES, GuestVolume
from migrate.judging.examples import cannot_tell, flags, mounted, passes, spares, untold
from migrate.judging.guest_space import judge_room, room_of_filesystems, room_of_volumes
from migrate.judging.platform import on_vmware
from migrate.judging.sources import FORKLIFT
from migrate.judging.units import MIB
from migrate.model.rule import CannotTell, Judgement, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_VMWARE = VIRTUALISATION.known("vmware")


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    # The hypervisor's tools see the same filesystems as the guest: either will do.
    volumes = facts.of(GUEST_VOLUMES)
    if isinstance(volumes, Known):
        return judge_room(GUEST_VOLUMES, room_of_volumes(volumes.value))
    return _by_guest(facts)


def _by_guest(facts: Facts) -> Judgement:
    filesystems = facts.of(FILESYSTEMS)
    if isinstance(filesystems, Known):
        return judge_room(FILESYSTEMS, room_of_filesystems(filesystems.value))
    return CannotTell(missing=(GUEST_VOLUMES, FILESYSTEMS))


def _volumes(*rooms: tuple[str, int | None]) -> Observation:
    return GUEST_VOLUMES.known(
        tuple(
            GuestVolume(mount_point=at, free_bytes=None if free is None else free * MIB)
            for at, free in rooms
        )
    )


def _root(*, free_mib: int) -> Observation:
    return FILESYSTEMS.known((mounted("/", "/dev/sda1", free_mib=free_mib),))


RULE = Rule(
    title="Too little room in the guest for a conversion",
    why=(
        "Forklift converts by virt-v2v, which asks for 100 MiB free on / or C:, 50 MiB on "
        "/boot and 10 MiB on any other filesystem. Replication to EC2 and Azure does not go "
        "that way."
    ),
    fix=("Free the room before a conversion by Forklift or virt-v2v."),
    source=FORKLIFT.citation,
    source_date=FORKLIFT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=on_vmware(_judge),
    examples=(
        flags("a full /boot", _VMWARE, _volumes(("/", 900), ("/boot", 20))),
        flags("a full C:", _VMWARE, _volumes(("C:\\", 60))),
        flags("told by the guest", _VMWARE, untold(GUEST_VOLUMES), _root(free_mib=40)),
        passes("room enough", _VMWARE, _volumes(("/", 100), ("/boot", 50), ("/srv", 10))),
        passes(
            "room enough, told by the guest", _VMWARE, untold(GUEST_VOLUMES), _root(free_mib=400)
        ),
        spares("another hypervisor", VIRTUALISATION.known("kvm")),
        cannot_tell("room not told", _VMWARE, _volumes(("/", None))),
        cannot_tell("not told", _VMWARE, untold(GUEST_VOLUMES), untold(FILESYSTEMS)),
    ),
)
