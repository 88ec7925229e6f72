"""SMB is spoken in version 2 or newer."""

from __future__ import annotations

from inventory.model.fact import Facts, Known, Unknown
from inventory.model.facts import OS_FAMILY, OS_ID, OS_VERSION, PACKAGES
from migrate.catalogue.versions import parts
from migrate.judging.examples import cannot_tell, flags, installed, passes, spares, untold
from migrate.judging.sources import SMB_VERSIONS
from migrate.judging.systems import system
from migrate.model.rule import (
    CannotTell,
    Flagged,
    Judgement,
    NotApplicable,
    Passed,
    Rule,
    Surroundings,
)
from migrate.model.verdict import Axis, Cloud, Effort, Severity

SAMBA_WITHOUT = (4, 11)
"""The release since which Samba does not speak it by default."""
WINDOWS_WITHOUT = 2019
"""The Windows Server since which it is not installed by default."""

_WINDOWS = OS_FAMILY.known("windows")
_SERVER = OS_ID.known("windows-server")
_LINUX = OS_FAMILY.known("linux")


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    family = facts.of(OS_FAMILY)
    if isinstance(family, Unknown):
        return CannotTell(missing=(OS_FAMILY,))
    if family.value == "windows":
        return _windows(facts)
    return _samba(facts) if family.value == "linux" else NotApplicable()


def _windows(facts: Facts) -> Judgement:
    found = system(facts)
    if isinstance(found, CannotTell):
        return found
    year = parts(found.version)[0]
    if found.product != "windows-server" or not year.isdigit():
        return NotApplicable()
    said = f"Windows Server {found.version} installs it by default"
    return Flagged(observed=said) if int(year) < WINDOWS_WITHOUT else Passed()


def _samba(facts: Facts) -> Judgement:
    packages = facts.of(PACKAGES)
    if not isinstance(packages, Known):
        return CannotTell(missing=(PACKAGES,))
    versions = [each.version for each in packages.value if each.name == "samba"]
    old = [each for each in versions if _release(each) < SAMBA_WITHOUT]
    return Flagged(observed=f"Samba {old[0]} speaks it by default") if old else Passed()


def _release(version: str) -> tuple[int, ...]:
    upstream = version.rpartition(":")[2] if ":" in version else version
    numbers = (each for each in parts(upstream)[:2] if each.isdigit())
    return tuple(int(each) for each in numbers)


RULE = Rule(
    title="SMB version 1 may be on",
    why="It is the way that ransomware took. Whether it was switched off since is not read.",
    fix="Find out who still needs it (scanners, mostly), and switch it off before the move.",
    source=SMB_VERSIONS.citation,
    source_date=SMB_VERSIONS.date,
    axis=Axis.SECURITY,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=_judge,
    examples=(
        flags("Windows Server 2012 R2", _WINDOWS, _SERVER, OS_VERSION.known("2012-r2")),
        flags("Samba 4.7", _LINUX, PACKAGES.known((installed("samba", "2:4.7.6+dfsg-0ubuntu2"),))),
        passes("Windows Server 2022", _WINDOWS, _SERVER, OS_VERSION.known("2022")),
        passes("Samba 4.17", _LINUX, PACKAGES.known((installed("samba", "2:4.17.12+dfsg-0"),))),
        passes("no Samba", _LINUX, PACKAGES.known(())),
        spares("FreeBSD", OS_FAMILY.known("freebsd")),
        flags("Windows Server 2016", _WINDOWS, _SERVER, OS_VERSION.known("2016")),
        flags("Samba 4.10", _LINUX, PACKAGES.known((installed("samba", "4.10.18-r0"),))),
        passes("Windows Server 2019", _WINDOWS, _SERVER, OS_VERSION.known("2019")),
        passes("Samba 4.11", _LINUX, PACKAGES.known((installed("samba", "4.11.0"),))),
        passes(
            "an old package of another name", _LINUX, PACKAGES.known((installed("bash", "3.2"),))
        ),
        spares(
            "a Windows that is no server", _WINDOWS, OS_ID.known("windows"), OS_VERSION.known("10")
        ),
        spares("a Windows Server without a year", _WINDOWS, _SERVER, OS_VERSION.known("sac")),
        cannot_tell("packages not told", _LINUX, untold(PACKAGES)),
        cannot_tell("release not told", _WINDOWS, _SERVER, untold(OS_VERSION)),
    ),
    verified=False,
)
