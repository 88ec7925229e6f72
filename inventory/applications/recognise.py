"""Which applications run on a server, by what, and how sure that is.

Running processes tell most. A service that runs tells less; what is installed while nothing of it
runs, or a port that is open while its process cannot be seen, tells little, and is said to.
Whatever listens and is not recognised is kept as ``unrecognised:NAME``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from inventory.applications.choice import RUNTIME, Choice, choose
from inventory.applications.consists import add_instances
from inventory.applications.finding import ORDER, Finding, Found
from inventory.applications.sight import Sight, look
from inventory.applications.telling import application, port_of
from inventory.applications.weak import by_job, by_package, by_path, by_service, by_word
from inventory.model.application import Application, Confidence

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from inventory.applications.fingerprints import Fingerprint
    from inventory.applications.matcher import Claim, Matcher
    from inventory.model.fact import Facts
    from inventory.model.parts import Listener, Process

KERNEL_NAME: Final = 15
"""The kernel keeps no more of a process's name (TASK_COMM_LEN of sched.h)."""


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """The applications of one server, and whose each process is."""

    applications: tuple[Application, ...]
    """The surest first."""
    by_pid: Mapping[int, str]
    """The identifier of the application that each process belongs to."""
    by_process: Mapping[str, str]
    """The same by the process's name as the kernel keeps it, where only one application has it."""


def recognise(facts: Facts, matcher: Matcher) -> tuple[Application, ...]:
    """Return the applications of one server, the surest first."""
    sight = look(facts, matcher)
    return _applications(_find(sight), sight)


def recognised(facts: Facts, matcher: Matcher) -> Recognised:
    """Return the applications of one server, and whose each process is."""
    sight = look(facts, matcher)
    found = _find(sight)
    return Recognised(
        applications=_applications(found, sight),
        by_pid=found.owners,
        by_process=_names(sight, found),
    )


def _find(sight: Sight) -> Found:
    found = Found()
    unowned = _by_process(sight, found)
    by_service(sight, found)
    by_job(sight, found)
    _by_port(sight, found, unowned)
    by_package(sight, found)
    by_path(sight, found)
    add_instances(sight, found)
    by_word(sight, found)
    return found


def _applications(found: Found, sight: Sight) -> tuple[Application, ...]:
    told = (application(each, sight) for each in found.findings.values())
    return tuple(sorted(told, key=lambda each: (ORDER[each.confidence], each.id)))


def _names(sight: Sight, found: Found) -> dict[str, str]:
    owners: dict[str, set[str]] = {}
    for process in sight.processes:
        owner = found.owners.get(process.pid, "")
        owners.setdefault(process.name[:KERNEL_NAME], set()).add(owner)
    return {
        name: next(iter(ids)) for name, ids in owners.items() if len(ids) == 1 and "" not in ids
    }


def _by_process(sight: Sight, found: Found) -> list[Listener]:
    """Find what runs and what listens; return the listeners whose process cannot be seen."""
    findings = found.findings
    there = sight.installed.keys() | sight.placed.keys()
    by_program, system = sight.matcher.by_program, sight.system
    for process in sight.telling:
        claimed = by_program(process.name, process.command_line, system)
        choice = _choice(process, claimed, there)
        if choice:
            finding = findings.setdefault(choice.fingerprint.id, Finding.running(choice))
            finding.processes.append(process)
            found.owners[process.pid] = choice.fingerprint.id
    unowned = []
    for listener in sight.listeners:
        owner = found.owners.get(listener.pid) if listener.pid is not None else None
        if owner:
            findings[owner].listeners.append(listener)
        elif listener.process:
            _by_name(listener, listener.process, sight, findings)
        else:
            unowned.append(listener)
    _settle_runtimes(findings, sees_all=sight.shows_listening and not unowned)
    return unowned


def _choice(
    process: Process, claimed: tuple[tuple[Claim, ...], ...], there: Collection[str]
) -> Choice | None:
    choices = (choose(claims, process.command_line, there) for claims in claimed)
    return next((choice for choice in choices if choice), None)


def _by_name(listener: Listener, name: str, sight: Sight, found: dict[str, Finding]) -> None:
    """Find what listens by its name alone: its number was not told, or nothing claims it."""
    claims = sight.matcher.by_process(name.casefold(), sight.system)
    choice = choose(claims, "", sight.installed) if claims and listener.pid is None else None
    if choice:
        running = Finding.running(choice)
        found.setdefault(choice.fingerprint.id, running).listeners.append(listener)
        return
    identifier = f"unrecognised:{name}"
    finding = found.setdefault(identifier, Finding(name=name, confidence=Confidence.LOW))
    finding.listeners.append(listener)
    finding.processes.extend(
        each
        for each in (sight.processes if listener.pid is not None else ())
        if each.pid == listener.pid and each not in finding.processes
    )


def _settle_runtimes(found: dict[str, Finding], *, sees_all: bool) -> None:
    """Lower what merely is written in something: an interpreter that serves nobody."""
    for finding in found.values():
        fingerprint = finding.fingerprint
        if fingerprint and fingerprint.category == RUNTIME and not finding.listeners:
            finding.confidence = Confidence.LOW
            finding.why.append(
                "it listens nowhere" if sees_all else "whether it listens could not be seen"
            )


def _by_port(sight: Sight, found: Found, unowned: list[Listener]) -> None:
    for listener in unowned:
        port = port_of(listener)
        candidates = sight.matcher.by_port(port, sight.system)
        running = [each for each in candidates if each.id in found.findings]
        installed = [each for each in candidates if sight.is_there(each)]
        finding = (
            found.findings[running[0].id]
            if running
            else found.findings.setdefault(*_guess(port, candidates, installed))
        )
        finding.listeners.append(listener)


def _guess(
    port: str, candidates: tuple[Fingerprint, ...], installed: list[Fingerprint]
) -> tuple[str, Finding]:
    """Say what a port alone tells: an application only when one can be meant."""
    sure = [each for each in candidates if each.confidence is Confidence.HIGH]
    if len(installed) == 1:
        return installed[0].id, Finding(fingerprint=installed[0], confidence=Confidence.MEDIUM)
    if len(sure) == 1 and not installed:
        return sure[0].id, Finding(fingerprint=sure[0], confidence=Confidence.LOW)
    return f"unrecognised:{port}", Finding(name=port, confidence=Confidence.LOW)
