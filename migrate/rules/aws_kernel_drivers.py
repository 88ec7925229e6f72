"""System has the drivers for EC2's current types, which are NVMe and ENA."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.facts import KERNEL, OS_ID, OS_VERSION
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.kernels import release_numbers
from migrate.judging.sources import AWS_NITRO
from migrate.judging.systems import System, system
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

FIRST = {
    "almalinux": (8,),
    "amazon-linux": (2,),
    "centos": (7, 4),
    "debian": (9,),
    "freebsd": (11, 1),
    "oracle-linux": (7, 4),
    "rhel": (7, 4),
    "rocky-linux": (8,),
    "sles": (12, 2),
    "ubuntu": (14, 4),
}
"""The first release of a system of which the page says that its image has the drivers. Those that
are made from RHEL's sources are taken to be as RHEL."""
FIRST_WINDOWS = ("2008-r2", "2012", "2016", "2019", "2022", "2025")
FIRST_KERNEL = (4, 9)

_RHEL = OS_ID.known("rhel")


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    found = system(facts)
    if isinstance(found, CannotTell):
        return found
    if found.product == "windows-server":
        good = found.version.startswith(FIRST_WINDOWS)
        return Passed() if good else Flagged(observed=str(found))
    first = FIRST.get(found.product)
    return _judge_release(found, first) if first else _judge_kernel(facts, found)


def _judge_release(found: System, first: tuple[int, ...]) -> Judgement:
    release = release_numbers(found.version)
    if release >= first:
        return Passed()
    if release == first[: len(release)]:
        because = f"which minor release of {found} it is was not told"
        return CannotTell(missing=(OS_VERSION,), because=because)
    return Flagged(observed=str(found))


def _judge_kernel(facts: Facts, found: System) -> Judgement:
    kernel = facts.of(KERNEL)
    if not isinstance(kernel, Known):
        return CannotTell(missing=(KERNEL,))
    if release_numbers(kernel.value) >= FIRST_KERNEL:
        return Passed()
    return Flagged(observed=f"{found}, kernel {kernel.value}")


RULE = Rule(
    title="A system without the drivers of EC2's current types",
    why=(
        "Types on the Nitro system, which nearly all current ones are, show disks as NVMe and "
        "adapters as ENA. Older releases than the page lists lack these drivers unless somebody "
        "added them. Other systems are judged by the kernel: Linux has had ENA since 4.9, by "
        "general knowledge."
    ),
    fix=(
        "Add the NVMe and ENA drivers to the system and its initial memory disk, upgrade it, or "
        "launch it on a type of a previous generation."
    ),
    source=AWS_NITRO.citation,
    source_date=AWS_NITRO.date,
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.DAYS,
    judge=_judge,
    examples=(
        flags("RHEL 6.10", _RHEL, OS_VERSION.known("6.10")),
        flags("RHEL 7.3", _RHEL, OS_VERSION.known("7.3")),
        flags("Windows Server 2008", OS_ID.known("windows-server"), OS_VERSION.known("2008")),
        flags(
            "another system with an old kernel",
            OS_ID.known("alpine"),
            OS_VERSION.known("3.4"),
            KERNEL.known("4.4.6-0-grsec"),
        ),
        passes("RHEL 7.4", _RHEL, OS_VERSION.known("7.4")),
        passes("RHEL 9", _RHEL, OS_VERSION.known("9")),
        passes("Ubuntu 14.04", OS_ID.known("ubuntu"), OS_VERSION.known("14.04")),
        passes("Windows Server 2016", OS_ID.known("windows-server"), OS_VERSION.known("2016")),
        passes(
            "another system with a newer kernel",
            OS_ID.known("alpine"),
            OS_VERSION.known("3.20"),
            KERNEL.known("6.6.31-0-lts"),
        ),
        flags("kernel 4.8", OS_ID.known("alpine"), OS_VERSION.known("3.4"), KERNEL.known("4.8.17")),
        passes(
            "kernel 4.9",
            OS_ID.known("alpine"),
            OS_VERSION.known("3.5"),
            KERNEL.known("4.9.4-0-grsec"),
        ),
        cannot_tell("RHEL 7, its minor release not told", _RHEL, OS_VERSION.known("7")),
        cannot_tell(
            "kernel of another system not told",
            OS_ID.known("alpine"),
            OS_VERSION.known("3.20"),
            untold(KERNEL),
        ),
        cannot_tell("release not told", _RHEL, untold(OS_VERSION)),
    ),
)
