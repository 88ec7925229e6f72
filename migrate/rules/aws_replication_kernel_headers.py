"""Headers of the running kernel are installed, for the replication agent's module."""

from __future__ import annotations

import re

from inventory.model.fact import Facts, Known
from inventory.model.facts import KERNEL, OS_FAMILY, PACKAGES
from inventory.model.parts import Package
from migrate.judging.examples import cannot_tell, flags, installed, passes, spares, untold
from migrate.judging.reading import lacking, on_family
from migrate.judging.sources import AWS_AGENT
from migrate.model.rule import Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

NAMES = re.compile(r"(linux-headers|kernel-(uek-|default-)?devel)(?P<release>-[\w.+~-]+)?")
BEGINNINGS = ("linux-headers", "kernel-")

_LINUX = OS_FAMILY.known("linux")


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    kernel, packages = facts.of(KERNEL), facts.of(PACKAGES)
    if not isinstance(kernel, Known) or not isinstance(packages, Known):
        return lacking(facts, KERNEL, PACKAGES)
    maybe = [each for each in packages.value if each.name.startswith(BEGINNINGS)]
    if any(_fits(each, kernel.value) for each in maybe):
        return Passed()
    return Flagged(observed=f"no headers for kernel {kernel.value}")


def _fits(package: Package, kernel: str) -> bool:
    match = NAMES.fullmatch(package.name)
    if match is None:
        return False
    # Debian writes the kernel's release into the name; RPMs have it as their version, without the
    # architecture, and SUSE's with a number of the build after it.
    release = (match["release"] or "-" + package.version.split(":")[-1]).removeprefix("-")
    stem = kernel.removesuffix("-default")
    whole = release == kernel
    return whole or kernel.startswith(f"{release}.") or release.startswith(f"{stem}.")


RULE = Rule(
    title="No headers of the running kernel",
    why=(
        "The installer of AWS MGN's replication agent builds a kernel module, and needs headers "
        "of exactly the running kernel. It tries to install them itself, for which the server "
        "must reach its package repositories."
    ),
    fix="Install the headers that belong to the running kernel, or boot a kernel that has some.",
    source=AWS_AGENT.citation,
    source_date=AWS_AGENT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=on_family("linux", _judge),
    examples=(
        flags(
            "those of another kernel",
            _LINUX,
            KERNEL.known("6.1.0-18-amd64"),
            PACKAGES.known((installed("linux-headers-6.1.0-13-amd64", "6.1.55-1"),)),
        ),
        flags(
            "those of one that begins alike",
            _LINUX,
            KERNEL.known("5.14.0-427.13.1.el9_4.x86_64"),
            PACKAGES.known((installed("kernel-devel", "5.14.0-42.el9", "rpm"),)),
        ),
        flags("none", _LINUX, KERNEL.known("6.1.0-18-amd64"), PACKAGES.known(())),
        passes(
            "Debian",
            _LINUX,
            KERNEL.known("6.1.0-18-amd64"),
            PACKAGES.known((installed("linux-headers-6.1.0-18-amd64", "6.1.76-1"),)),
        ),
        passes(
            "RHEL",
            _LINUX,
            KERNEL.known("5.14.0-427.13.1.el9_4.x86_64"),
            PACKAGES.known((installed("kernel-devel", "5.14.0-427.13.1.el9_4", "rpm"),)),
        ),
        passes(
            "SLES",
            _LINUX,
            KERNEL.known("5.14.21-150500.55.19-default"),
            PACKAGES.known((installed("kernel-default-devel", "5.14.21-150500.55.19.1", "rpm"),)),
        ),
        spares("Windows", OS_FAMILY.known("windows")),
        flags(
            "another package of that release",
            _LINUX,
            KERNEL.known("6.1.0-18-amd64"),
            PACKAGES.known((installed("kernel-tools", "6.1.0-18-amd64"),)),
        ),
        passes(
            "RHEL, with an epoch",
            _LINUX,
            KERNEL.known("5.14.0-427.13.1.el9_4.x86_64"),
            PACKAGES.known((installed("kernel-devel", "0:5.14.0-427.13.1.el9_4", "rpm"),)),
        ),
        cannot_tell("kernel not told", _LINUX, untold(KERNEL), PACKAGES.known(())),
        cannot_tell("packages not told", _LINUX, KERNEL.known("6.1.0-18-amd64"), untold(PACKAGES)),
    ),
)
