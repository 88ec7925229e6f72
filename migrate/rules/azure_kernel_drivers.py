"""Linux has the drivers of Hyper-V, on which Azure runs."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.facts import KERNEL, OS_FAMILY, OS_ID, OS_VERSION, VIRTUALISATION
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.kernels import release_numbers
from migrate.judging.reading import on_family
from migrate.judging.sources import AZURE_LINUX
from migrate.judging.systems import System, system
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

FIRST_RHEL = (6, 4)
FIRST_KERNEL = (3, 8)
REBUILDS = frozenset({"rhel", "centos", "oracle-linux", "almalinux", "rocky-linux"})
HYPER_V = "hyperv"

_LINUX = OS_FAMILY.known("linux")
_VMWARE = VIRTUALISATION.known("vmware")


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    found = system(facts)
    if isinstance(found, CannotTell):
        return found
    if found.product in REBUILDS:
        return _judge_release(facts, found)
    kernel = facts.of(KERNEL)
    if not isinstance(kernel, Known):
        return CannotTell(missing=(KERNEL,))
    if release_numbers(kernel.value) >= FIRST_KERNEL:
        return Passed()
    return _unless_there_already(facts, f"kernel {kernel.value}")


def _judge_release(facts: Facts, found: System) -> Judgement:
    release = release_numbers(found.version)
    if release >= FIRST_RHEL:
        return Passed()
    if release == FIRST_RHEL[:1]:
        because = f"which minor release of {found} it is was not told"
        return CannotTell(missing=(OS_VERSION,), because=because)
    return _unless_there_already(facts, str(found))


def _unless_there_already(facts: Facts, observed: str) -> Judgement:
    under = facts.of(VIRTUALISATION)
    if not isinstance(under, Known):
        return CannotTell(missing=(VIRTUALISATION,))
    return Passed() if under.value == HYPER_V else Flagged(observed=observed)


RULE = Rule(
    title="A kernel that may lack the drivers of Hyper-V",
    why=(
        "Linux boots on Azure only with hv_vmbus, hv_storvsc and hv_netvsc. RHEL has them since "
        "6.4, and Microsoft recommends at least kernel 3.8 elsewhere. On any other hypervisor "
        "the initial memory disk may leave them out; Azure Migrate mends that for the releases "
        "that it lists."
    ),
    fix=(
        "Install the Linux Integration Services or a newer kernel, and rebuild the initial memory "
        "disk with these drivers before the move."
    ),
    source=AZURE_LINUX.citation,
    source_date=AZURE_LINUX.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.HOURS,
    judge=on_family("linux", _judge),
    examples=(
        flags("RHEL 6.3", _LINUX, _VMWARE, OS_ID.known("rhel"), OS_VERSION.known("6.3")),
        flags(
            "Ubuntu 12.04",
            _LINUX,
            _VMWARE,
            OS_ID.known("ubuntu"),
            OS_VERSION.known("12.04"),
            KERNEL.known("3.2.0-150-generic"),
        ),
        passes("RHEL 8.6", _LINUX, _VMWARE, OS_ID.known("rhel"), OS_VERSION.known("8.6")),
        passes(
            "Debian 12",
            _LINUX,
            _VMWARE,
            OS_ID.known("debian"),
            OS_VERSION.known("12"),
            KERNEL.known("6.1.0-18-amd64"),
        ),
        passes(
            "on Hyper-V already",
            _LINUX,
            VIRTUALISATION.known(HYPER_V),
            OS_ID.known("rhel"),
            OS_VERSION.known("5.11"),
        ),
        spares("Windows", OS_FAMILY.known("windows")),
        flags("RHEL 5.11", _LINUX, _VMWARE, OS_ID.known("rhel"), OS_VERSION.known("5.11")),
        flags(
            "kernel 3.7",
            _LINUX,
            _VMWARE,
            OS_ID.known("alpine"),
            OS_VERSION.known("2.6"),
            KERNEL.known("3.7.10"),
        ),
        passes("RHEL 6.4", _LINUX, _VMWARE, OS_ID.known("rhel"), OS_VERSION.known("6.4")),
        passes(
            "kernel 3.8",
            _LINUX,
            _VMWARE,
            OS_ID.known("alpine"),
            OS_VERSION.known("2.7"),
            KERNEL.known("3.8.0"),
        ),
        cannot_tell(
            "kernel not told",
            _LINUX,
            _VMWARE,
            OS_ID.known("debian"),
            OS_VERSION.known("12"),
            untold(KERNEL),
        ),
        cannot_tell("system not told", _LINUX, _VMWARE, OS_ID.known("rhel"), untold(OS_VERSION)),
        cannot_tell(
            "RHEL 6, its minor release not told",
            _LINUX,
            _VMWARE,
            OS_ID.known("rhel"),
            OS_VERSION.known("6"),
        ),
        cannot_tell(
            "an old kernel, on what it runs not told",
            _LINUX,
            untold(VIRTUALISATION),
            OS_ID.known("rhel"),
            OS_VERSION.known("5.11"),
        ),
    ),
)
