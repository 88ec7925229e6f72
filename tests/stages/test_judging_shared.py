"""Promises of what several rules share: room, disks, releases, licences, what stands in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from inventory.model.application import Application, Confidence
from inventory.model.fact import FactKey, Facts, Observation, Reason, Unknown
from inventory.model.facts import (
    CPU_THREADS,
    DISKS,
    FILESYSTEMS,
    MEMORY_TOTAL,
    OS_ID,
    OS_NAME,
    OS_VERSION,
    PACKAGES,
)
from inventory.model.mark import Mark
from inventory.model.placement import (
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    GUEST_VOLUMES,
    VIRTUAL_DISKS,
    GuestVolume,
    VirtualDisk,
)
from inventory.model.software import RUNTIMES, Runtime
from inventory.model.storage import PARTITIONS, VOLUMES, Partition, Volume, VolumeKind
from migrate.catalogue.surroundings import EXAMPLE_DAY, example_surroundings
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import disk, installed, mounted, recognised
from migrate.judging.guest_space import judge_room, room_of_filesystems
from migrate.judging.licences import licensed
from migrate.judging.marks import MARKS
from migrate.judging.regions import stays_in_the_uk
from migrate.judging.runtimes import runtime_releases
from migrate.judging.software import maintained
from migrate.judging.standing_in import standing_in
from migrate.judging.storage import free_space_at_least
from migrate.judging.system_disk import find_system_disk
from migrate.judging.systems import System, system
from migrate.judging.units import GIB, MIB
from migrate.judging.web import Least, fits_a_platform
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed
from migrate.model.verdict import Cloud, Severity

AROUND = example_surroundings()


def facts(*given: Observation) -> Facts:
    """Make a server's facts."""
    return Facts.from_observations(given)


@pytest.mark.parametrize(
    ("at", "least"),
    [("/", 100), ("/boot", 50), ("C:\\", 100), ("c:", 100), ("/srv", 10), ("/boot/efi", 10)],
)
def test_each_place_of_a_guest_has_its_least_room(at: str, least: int) -> None:
    """100 MiB on the system, 50 on /boot, 10 elsewhere. Source: Forklift's check of guests."""
    assert judge_room(GUEST_VOLUMES, {at: least * MIB}) == Passed()
    short = judge_room(GUEST_VOLUMES, {at: least * MIB - 1, "/var": None})
    assert isinstance(short, Flagged)
    assert short.observed.startswith(f"{at} has ")
    assert isinstance(judge_room(GUEST_VOLUMES, {at: None}), CannotTell)


def test_what_lies_on_no_disk_of_the_guest_needs_no_room_there() -> None:
    """A full memory filesystem and a full share are no matter for the conversion."""
    found = room_of_filesystems(
        (mounted("/", "/dev/sda1"), mounted("/run", "tmpfs", kind="tmpfs", free_mib=0))
    )
    assert list(found) == ["/"]


def volumes(*points: str, free_mib: int = 8_192) -> Observation:
    """State what the hypervisor's tools see."""
    return GUEST_VOLUMES.known(
        tuple(GuestVolume(mount_point=each, free_bytes=free_mib * MIB) for each in points)
    )


@pytest.mark.parametrize(
    ("path", "points", "kind"),
    [
        ("/tmp", ("/",), CannotTell),
        ("/tmp", ("/", "/tmp"), Passed),
        ("/boot", ("/",), Passed),
        ("/", ("/",), Passed),
        ("C:\\", ("C:\\",), Passed),
        ("C:\\Windows", ("C:\\",), Passed),
        ("C:\\Windows", ("D:\\",), CannotTell),
        ("/srv", ("/srv/x",), CannotTell),
    ],
)
def test_free_space_is_that_of_the_volume_on_which_a_path_lies(
    path: str, points: tuple[str, ...], kind: type[Judgement]
) -> None:
    """A path without a volume of its own lies on the root or its drive; /tmp maybe in memory."""
    judge = free_space_at_least(path, 8_192)
    assert isinstance(judge(facts(volumes(*points)), AROUND), kind)
    if kind is Passed:
        assert isinstance(judge(facts(volumes(*points, free_mib=8_191)), AROUND), Flagged)


LVM = Volume(
    name="vg-root", device="dm-0", kind=VolumeKind.LOGICAL_VOLUME, size_bytes=GIB, on=("sdb1",)
)
PARTS = PARTITIONS.known((Partition(name="sdb1", disk="sdb", size_bytes=GIB),))
DATA, ROOT = mounted("/data", "/dev/sda1"), mounted("/", "/dev/mapper/vg-root")
SDA, SDB = disk("sda", 8), disk("sdb", 8)


def holder(*given: Observation, filesystems: tuple[object, ...] = (DATA, ROOT)) -> object:
    """Find the system disk of a server with two disks."""
    return find_system_disk(facts(*given), (SDA, SDB), filesystems)  # type: ignore[arg-type]


def test_the_system_disk_is_the_one_below_the_root() -> None:
    """Not that of the first filesystem, and through a volume manager where need be."""
    assert holder(PARTS, VOLUMES.known((LVM,))) is SDB
    assert holder(filesystems=(mounted("/data", "/dev/sdb1"), mounted("/", "/dev/sda2"))) is SDA
    assert find_system_disk(facts(), (SDA,), ()) is SDA


def test_a_system_that_spans_disks_or_loops_has_no_single_disk() -> None:
    """What lies on both, or on itself, or on what nobody knows, cannot be told."""
    more = (*PARTS.fact.value, Partition(name="sda1", disk="sda", size_bytes=GIB))  # type: ignore[union-attr]
    both = holder(PARTITIONS.known(more), VOLUMES.known((replace(LVM, on=("sda1", "sdb1")),)))
    assert isinstance(both, CannotTell)
    assert both.missing == (DISKS,)
    for on in (("vg-root", "sdb1"), ("sdb1", "vg-root")):
        assert holder(PARTS, VOLUMES.known((replace(LVM, on=on),))) is SDB
    elsewhere = (Partition(name="sdb1", disk="sdz", size_bytes=GIB),)
    gone = holder(PARTITIONS.known(elsewhere), VOLUMES.known((LVM,)))
    assert isinstance(gone, CannotTell)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ((PARTS,), (VOLUMES,)),
        ((VOLUMES.known((LVM,)),), (PARTITIONS,)),
        ((), (PARTITIONS, VOLUMES)),
    ],
)
def test_what_would_tell_the_system_disk_is_named(
    given: tuple[Observation, ...], missing: tuple[FactKey[object], ...]
) -> None:
    """Partitions, volumes or both."""
    found = holder(*given)
    assert isinstance(found, CannotTell)
    assert found.missing == missing


def test_centos_is_told_from_its_stream() -> None:
    """By the name that the system gives itself; they have one id."""
    named = (OS_ID.known("centos"), OS_VERSION.known("9"))
    assert system(facts(*named, OS_NAME.known("CentOS Stream 9"))) == System(
        product="centos-stream", version="9"
    )
    assert system(facts(*named, OS_NAME.known("CentOS Linux 9"))) == System(
        product="centos", version="9"
    )
    assert isinstance(system(facts(OS_ID.unknown(Reason.NOT_TOLD), named[1])), CannotTell)


TOLD = VirtualDisk(name="Hard disk 1", size_bytes=8 * GIB)


def test_what_a_hypervisor_tells_stands_in_for_what_the_server_did_not() -> None:
    """Processors, memory and disks; what the server said itself counts before it."""
    told = (CONFIGURED_CPUS.known(4), CONFIGURED_MEMORY.known(GIB), VIRTUAL_DISKS.known((TOLD,)))
    filled = standing_in(facts(*told))
    assert (filled.value(CPU_THREADS), filled.value(MEMORY_TOTAL)) == (4, GIB)
    assert [each.size_bytes for each in filled.value(DISKS) or ()] == [8 * GIB]
    own = standing_in(facts(CPU_THREADS.known(2), *told))
    assert (own.value(CPU_THREADS), own.value(MEMORY_TOTAL)) == (2, GIB)
    last = standing_in(facts(VIRTUAL_DISKS.known((TOLD,))))
    assert len(last.value(DISKS) or ()) == 1


def test_disks_of_which_one_has_no_size_stand_in_for_none() -> None:
    """Nor does an empty list: a server has a disk. What is unknown there is unknown here."""
    for told in (
        VIRTUAL_DISKS.known((TOLD, replace(TOLD, size_bytes=None))),
        VIRTUAL_DISKS.known(()),
        VIRTUAL_DISKS.unknown(Reason.NOT_TOLD),
    ):
        assert isinstance(standing_in(facts(told)).of(DISKS), Unknown)


@pytest.mark.parametrize(
    ("region", "marks", "kind"),
    [
        ("eu-west-2", (Mark.PERSONAL,), Passed),
        ("eu-west-2", None, Passed),
        ("eu-west-1", (Mark.PERSONAL,), Flagged),
        ("eu-west-1", (Mark.RETENTION,), Passed),
        ("eu-west-1", (), Passed),
        ("eu-west-1", None, CannotTell),
        (None, (Mark.PERSONAL,), CannotTell),
        (None, (), Passed),
    ],
)
def test_marked_data_stays_in_the_uk(
    region: str | None, marks: tuple[Mark, ...] | None, kind: type[Judgement]
) -> None:
    """A region that nobody named is no region in the UK."""
    around = replace(AROUND, regions={Cloud.AWS: region} if region else {})
    told = MARKS.unknown(Reason.NOT_TOLD) if marks is None else MARKS.known(marks)
    assert isinstance(stays_in_the_uk(Cloud.AWS)(facts(told), around), kind)


def test_runtimes_are_releases_of_the_catalogue() -> None:
    """Java by its maker; others by their product; not what is unknown to it or mere settings."""
    found = (
        Runtime(name="java", version="1.8.0_402", path="/opt/jre", vendor="Oracle Corporation"),
        Runtime(name="node", version="18.1.0", path="/opt/node", vendor=None),
        Runtime(name="node", version="16.1.0", path="/etc/node", vendor=None),
        Runtime(name="gcc", version="12", path="/opt/gcc", vendor=None),
    )
    assert runtime_releases(facts(RUNTIMES.known(found))) == (
        ("nodejs", "18.1.0"),
        ("oracle-jdk", "8.0.402"),
    )


GUESSED = recognised("oracle-db", "database", version="19", confidence=Confidence.LOW)


@pytest.mark.parametrize(
    ("applications", "severity", "said"),
    [
        ((GUESSED,), None, "oracle-db 19 (guessed)"),
        ((replace(GUESSED, confidence=Confidence.HIGH),), Severity.CONDITION, "oracle-db 19"),
        (
            (GUESSED, replace(GUESSED, confidence=Confidence.HIGH, version=None)),
            Severity.CONDITION,
            "oracle-db 19 (guessed), oracle-db",
        ),
    ],
)
def test_a_licence_is_graver_once_its_product_is_more_than_guessed(
    applications: tuple[Application, ...], severity: Severity | None, said: str
) -> None:
    """One sure sign among guesses is enough, and what is guessed says so."""
    judge = licensed(frozenset({"oracle-db"}), Severity.CONDITION)
    found = judge(facts(APPLICATIONS.known(applications)), AROUND)
    assert found == Flagged(observed=said, severity=severity)


KEPT = maintained({"postgresql-(?P<release>[0-9.]+)": "postgresql"}, frozenset({"database"}))


def supported(
    *applications: Application, packages: tuple[str, ...] = (), end: object = None
) -> Judgement:
    """Judge software whose support ends like this; the catalogue's own end by default."""
    around = AROUND
    if end is not None:
        around = replace(AROUND, lifecycle=lambda _product, _release: end)  # type: ignore[arg-type,return-value]
    given = PACKAGES.known(tuple(installed(each, "1") for each in packages))
    return KEPT(facts(given, APPLICATIONS.known(applications)), around)


def database(version: str | None, **more: object) -> Application:
    """Make a recognised PostgreSQL."""
    made = recognised("postgresql", "database", version=version, lifecycle="postgresql")
    return replace(made, **more)  # type: ignore[arg-type]


def test_what_comes_after_something_unknown_is_judged_too() -> None:
    """Applications that no catalogue knows, or of other categories, hide nothing."""
    unknown = recognised("own-db", "database", version="1")
    other = replace(database("9.6.1"), category="web")
    assert isinstance(supported(unknown, other, database("9.6.1")), Flagged)
    assert isinstance(supported(other), Passed)
    assert isinstance(supported(unknown), Passed)


def test_the_same_release_told_twice_is_judged_once() -> None:
    """By the package that names the line, and the process that names the patch, or neither."""
    assert isinstance(supported(database("16.3"), packages=("postgresql-16",)), Passed)
    assert isinstance(supported(database(None), packages=("postgresql-16",)), Passed)
    assert isinstance(supported(database(None)), CannotTell)
    assert isinstance(supported(database(None, confidence=Confidence.LOW)), Passed)
    both = supported(database("9.6.1"), packages=("postgresql-16",))
    assert isinstance(both, Flagged)
    assert "16" not in both.observed


def test_a_release_of_one_product_hides_none_of_another() -> None:
    """PostgreSQL 16 is maintained; of a MySQL 16 the catalogue knows nothing."""
    other = recognised("mysql", "database", version="16", lifecycle="mysql")
    found = supported(other, packages=("postgresql-16",))
    assert isinstance(found, CannotTell)
    assert found.because == "the lifecycle catalogue does not know mysql 16"


def test_a_java_that_names_no_maker_is_a_free_one() -> None:
    """From release 8 on; older ones were Oracle's alone."""

    def ends(product: str, _release: str) -> date | bool | None:
        return product == "oracle-jdk"

    around = replace(AROUND, lifecycle=ends)
    for version, kind in (("17.0.9", Passed), ("1.6.0", Flagged)):
        java = recognised("java", "database", version=version, lifecycle="oracle-jdk")
        given = facts(PACKAGES.known(()), APPLICATIONS.known((java,)))
        assert isinstance(KEPT(given, around), kind)


@pytest.mark.parametrize(("days", "said"), [(-1, False), (0, True), (1, True)])
def test_extended_support_is_told_while_it_goes_on(days: int, *, said: bool) -> None:
    """Up to its last day."""
    last = date.fromordinal(EXAMPLE_DAY.toordinal() + days)
    around = replace(
        AROUND, lifecycle=lambda _product, _cycle: True, extended=lambda _product, _cycle: last
    )
    given = facts(PACKAGES.known((installed("postgresql-16", "1"),)), APPLICATIONS.known(()))
    found = KEPT(given, around)
    assert isinstance(found, Flagged)
    assert ("extended support" in found.observed) is said


def test_support_lasts_up_to_its_last_day() -> None:
    """It has ended from the day after, or at a day that nobody knows."""
    day = date.fromordinal(EXAMPLE_DAY.toordinal() - 1)
    assert isinstance(supported(database("16"), end=EXAMPLE_DAY), Passed)
    assert isinstance(supported(database("16"), end=day), Flagged)
    ended = supported(database("16"), end=True)
    assert isinstance(ended, Flagged)
    assert ended.observed.startswith("postgresql 16 has ended")


LEAST = Least(windows="2016", releases={"tomcat": (9,)})
IIS = recognised("iis", "web")
TOMCAT = recognised("tomcat", "web", version="9")
OLD_WINDOWS = (OS_ID.known("windows-server"), OS_VERSION.known("2012"))


def test_web_servers_are_judged_beside_each_other() -> None:
    """An old Windows under IIS is told though the rest fits; the least release is enough."""
    judge = fits_a_platform(LEAST)
    both = judge(facts(APPLICATIONS.known((TOMCAT, IIS)), *OLD_WINDOWS), AROUND)
    assert both == Flagged(observed="IIS on Windows Server 2012")
    alone = judge(facts(APPLICATIONS.known((TOMCAT,)), *OLD_WINDOWS), AROUND)
    assert alone == Passed()
    other = (OS_ID.known("windows"), OS_VERSION.known("10"))
    assert judge(facts(APPLICATIONS.known((IIS,)), *other), AROUND) == Passed()


def test_a_filesystem_told_by_the_server_counts_before_its_hypervisors() -> None:
    """The two do not add up."""
    judge = free_space_at_least("/", 100)
    own = FILESYSTEMS.known((mounted("/", "/dev/sda1", free_mib=99),))
    assert isinstance(judge(facts(own, volumes("/")), AROUND), Flagged)
