"""What a server shows of its applications, made ready for recognition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.model.fact import Known
from inventory.model.facts import LISTENERS, OS_FAMILY, PACKAGES, PROCESSES, SERVICES
from inventory.model.instances import ALL, PATHS
from inventory.model.parts import Listener, Package, Process, ServiceState
from inventory.model.software import CONTAINERS, SCHEDULED_JOBS, USER_JOBS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inventory.applications.fingerprints import Fingerprint
    from inventory.applications.matcher import Matcher
    from inventory.model.fact import Facts
    from inventory.model.instances import Instance
    from inventory.model.software import Container, ScheduledJob


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What one server shows. What it does not tell is empty here."""

    matcher: Matcher
    system: str | None
    """``win``, ``linux`` for any Unix, None when it is not known."""
    processes: tuple[Process, ...]
    telling: tuple[Process, ...]
    """Those of them that tell of an application."""
    shows_running: bool
    """Whether its processes are known, so that what is not among them does not run."""
    listeners: tuple[Listener, ...]
    shows_listening: bool
    """Whether its listeners are known, so that what is not among them does not listen."""
    services: tuple[str, ...]
    """Those that are running and tell of an application."""
    installed: Mapping[str, Sequence[Package]]
    """Packages by the identifier of the fingerprint whose own they are."""
    placed: Mapping[str, Sequence[str]]
    """Files and folders by the identifier of the fingerprint whose they are."""
    paths: tuple[str, ...] = ()
    jobs: tuple[ScheduledJob, ...] = ()
    instances: tuple[Instance, ...] = ()
    containers: tuple[Container, ...] = ()

    def is_there(self, fingerprint: Fingerprint) -> bool:
        """Tell whether it is installed, by its packages or its folders."""
        return fingerprint.id in self.installed or fingerprint.id in self.placed


def look(facts: Facts, matcher: Matcher) -> Sight:
    """Take what is known from a server's facts."""
    system = _system(facts.value(OS_FAMILY))
    listeners = facts.value(LISTENERS) or ()
    processes = _processes(facts.value(PROCESSES) or (), listeners)
    running = [
        each.name for each in facts.value(SERVICES) or () if each.state is ServiceState.RUNNING
    ]
    return Sight(
        matcher=matcher,
        system=system,
        processes=processes,
        telling=matcher.telling_processes(processes, system),
        shows_running=isinstance(facts.of(PROCESSES), Known),
        listeners=listeners,
        shows_listening=isinstance(facts.of(LISTENERS), Known),
        services=matcher.telling_services(running, system),
        installed=_installed(facts.value(PACKAGES) or (), matcher, system),
        placed=_placed(facts.value(PATHS) or (), matcher, system),
        paths=facts.value(PATHS) or (),
        jobs=(*(facts.value(SCHEDULED_JOBS) or ()), *(facts.value(USER_JOBS) or ())),
        instances=tuple(each for key in ALL for each in facts.value(key) or ()),
        containers=facts.value(CONTAINERS) or (),
    )


def _system(family: str | None) -> str | None:
    if family is None:
        return None
    return "win" if family.casefold() == "windows" else "linux"


def _processes(
    processes: tuple[Process, ...], listeners: tuple[Listener, ...]
) -> tuple[Process, ...]:
    """Return the processes, with those that are only known by what they listen on."""
    listening: dict[int, str] = {}
    for each in listeners:
        if each.process and each.pid is not None:
            listening.setdefault(each.pid, each.process)
    if not listening:
        return processes
    seen = {each.pid for each in processes}
    others = [
        Process(pid=pid, name=name, command_line="")
        for pid, name in listening.items()
        if pid not in seen
    ]
    return (*processes, *others)


def _installed(
    packages: tuple[Package, ...], matcher: Matcher, system: str | None
) -> dict[str, list[Package]]:
    found: dict[str, list[Package]] = {}
    for package in matcher.telling_packages(packages, system):
        for claim in matcher.by_package(package.name, system):
            found.setdefault(claim.fingerprint.id, []).append(package)
    return found


def _placed(paths: tuple[str, ...], matcher: Matcher, system: str | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        for fingerprint in matcher.by_path(path, system):
            found.setdefault(fingerprint.id, []).append(path)
    return found
