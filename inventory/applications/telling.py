"""How a recognition is told: the application, its version, and why, in sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.applications.signs import plain_version, script_of, version_in_path
from inventory.model.application import Application
from inventory.model.instances import InstanceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inventory.applications.finding import Finding
    from inventory.applications.sight import Sight
    from inventory.model.parts import Listener, Package, Process

UNRECOGNISED: Final = "unrecognised"
_SCRIPTS: Final = 3
"""How many of the scripts that an interpreter runs are named."""


def port_of(listener: Listener) -> str:
    """Write a port as ``5432/tcp``."""
    return f"{listener.port}/{listener.protocol.value}"


def application(finding: Finding, sight: Sight) -> Application:
    """Put what was found into its final form."""
    fingerprint = finding.fingerprint
    packages = sight.installed.get(fingerprint.id, ()) if fingerprint else ()
    package = _package(packages, finding.processes)
    version, told_by = _version(finding, package)
    return Application(
        id=fingerprint.id if fingerprint else f"{UNRECOGNISED}:{finding.name}",
        name=fingerprint.name if fingerprint else finding.name,
        vendor=fingerprint.vendor if fingerprint else None,
        category=fingerprint.category if fingerprint else UNRECOGNISED,
        version=version,
        ports=_ports(finding.listeners),
        confidence=finding.confidence,
        why=tuple(dict.fromkeys((*_why(finding, package), *told_by))),
        lifecycle_product=fingerprint.lifecycle_product if fingerprint else None,
        runs=finding.runs,
        is_agent=bool(fingerprint and fingerprint.is_agent),
        purpose=fingerprint.purpose if fingerprint else None,
        instances=tuple(finding.instances),
    )


def _version(finding: Finding, package: Package | None) -> tuple[str | None, tuple[str, ...]]:
    """Return the version, and what told it where no package does.

    What instances say of themselves goes before the name of a folder.
    """
    if package:
        return plain_version(package.version), ()
    own = (each.version for each in finding.instances if each.kind is InstanceKind.SERVER)
    versions = dict.fromkeys(each for each in own if each)
    if len(versions) == 1:
        return next(iter(versions)), ()
    if finding.fingerprint:
        names = (finding.fingerprint.id, *finding.fingerprint.processes)
        for process in finding.processes:
            version = version_in_path(names, process.command_line)
            if version:
                return version, (f"a path in its command line names version {version}",)
    return None, ()


def _ports(listeners: Sequence[Listener]) -> tuple[str, ...]:
    ordered = sorted({(each.port, each.protocol.value) for each in listeners})
    return tuple(f"{port}/{protocol}" for port, protocol in ordered)


def _why(finding: Finding, package: Package | None) -> Iterator[str]:
    for each in sorted(finding.listeners, key=lambda each: (each.port, each.protocol.value)):
        if each.process:
            yield f"process {each.process} listens on {port_of(each)}"
        else:
            yield f"{port_of(each)} is open; its process could not be seen"
    if finding.processes and not finding.listeners:
        yield f"process {finding.processes[0].name} runs"
    yield from _scripts(finding.processes)
    yield from finding.why
    if package:
        yield f"package {package.name} {package.version} is installed"
    if finding.others:
        names = " and ".join(each.name for each in finding.others)
        yield f"{names} would show the same signs"


def _scripts(processes: Sequence[Process]) -> Iterator[str]:
    scripts = dict.fromkeys((each.name, script_of(each)) for each in processes)
    told = [(name, script) for name, script in scripts if script]
    for name, script in told[:_SCRIPTS]:
        yield f"{name} runs {script}"


def _package(packages: Sequence[Package], processes: Sequence[Process]) -> Package | None:
    """Choose the package that tells the version.

    Where several releases are installed side by side, it is the one whose number is in the path
    of what runs; a package that only stands for others, with a version of its own, comes last.
    """
    commands = " ".join(each.command_line for each in processes)

    def rank(package: Package) -> tuple[bool, bool, int, str]:
        number = re.search(r"\d[\d.]*", package.name)
        runs = bool(number) and f"/{number[0]}/" in commands if number else False
        return runs, "." in plain_version(package.version), len(package.name), package.version

    return max(packages, key=rank, default=None)
