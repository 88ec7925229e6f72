"""What tells of an application while no process of it is seen: services, jobs, packages, names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from inventory.applications.choice import RUNTIME
from inventory.model.application import Confidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from inventory.applications.finding import Found
    from inventory.applications.sight import Sight
    from inventory.model.instances import Instance
    from inventory.model.parts import Process
    from inventory.model.software import Container

_COMMANDS: Final = re.compile(r"[;&|(){}`]+|\b(?:then|do|else)\b")
"""What parts the commands of a line of shell."""
_BEFORE: Final = re.compile(r"-|\d|\w+=")
"""How what may stand between a wrapper and the program begins: options, times, variables."""
_WRAPPERS: Final = frozenset({
    "chronic", "command", "env", "exec", "ionice", "nice", "nohup", "sudo", "timeout",
})  # fmt: skip


def by_service(sight: Sight, found: Found) -> None:
    """Find services that run while no process of theirs is recognised."""
    by_name, system = sight.matcher.by_service, sight.system
    for service in sight.services:
        for claim in by_name(service, system):
            why = f"service {service} is running"
            found.weak(claim.fingerprint, why, runs=True, most=Confidence.MEDIUM)


def by_job(sight: Sight, found: Found) -> None:
    """Find what the clock starts: it runs at its time, and need not run now."""
    for job in sight.jobs:
        for name in dict.fromkeys(_programs(job.command)):
            for claim in sight.matcher.by_process(name, sight.system):
                runtime = claim.fingerprint.category in {RUNTIME, "infrastructure"}
                if claim.is_exact and not claim.shared and not runtime:
                    why = f"job {job.source} runs {name}"
                    found.weak(claim.fingerprint, why, runs=None, most=Confidence.MEDIUM)


def _programs(command: str) -> Iterator[str]:
    """Yield the names of the programs that a line of shell runs, not those that it speaks of.

    A script under /etc, such as those of cron.daily, is called as what it looks after, and is
    not that.
    """
    for part in _COMMANDS.split(command):
        words = part.split()
        while words and (_BEFORE.match(words[0]) or words[0].rpartition("/")[2] in _WRAPPERS):
            del words[0]
        if words and not words[0].startswith("/etc/"):
            yield words[0].rpartition("/")[2].casefold()


def by_package(sight: Sight, found: Found) -> None:
    """Find what is installed and does not run. A runtime that nothing uses is no application."""
    state = "nothing of it runs" if sight.shows_running else "whether it runs is unknown"
    for identifier in sight.installed:
        fingerprint = sight.matcher.by_id[identifier]
        if fingerprint.category != RUNTIME:
            runs = False if sight.shows_running else None
            found.weak(fingerprint, f"installed, but {state}", runs=runs)


def by_path(sight: Sight, found: Found) -> None:
    """Find what has its folders on the server.

    An application without processes of its own, such as a content management system, is where its
    files are; another is only installed there.
    """
    for identifier, paths in sight.placed.items():
        fingerprint = sight.matcher.by_id[identifier]
        why = f"{paths[0]} is there"
        if not fingerprint.processes:
            found.weak(fingerprint, why, runs=None, most=Confidence.MEDIUM)
        elif fingerprint.category != RUNTIME:
            seen = sight.shows_running
            state = "nothing of it runs" if seen else "whether it runs is unknown"
            found.weak(fingerprint, f"{why}, but {state}", runs=False if seen else None)


def by_word(sight: Sight, found: Found) -> None:
    """Find what a name tells of: a weak sign, but often the only one."""
    words, words_in = sight.matcher.words, sight.matcher.words_in
    named = [
        (where, of, told_words)
        for where, of, text in _names(sight)
        if (told_words := words_in(text))
    ]
    if not named:
        return
    told = set(found.findings)
    for where, of, told_words in named:
        for word in told_words:
            fingerprint = words[word]
            if fingerprint.id not in told:
                why = f"the word {word} is in {where(of)}"
                finding = found.weak(fingerprint, why, runs=None)
                if why not in finding.why:
                    finding.why.append(why)


def _names(sight: Sight) -> Iterator[tuple[Callable[[Any], str], Any, str]]:
    """Yield what may bear the name of an application, each with what it is and how that is said."""
    yield from ((_path, path, path) for path in sight.paths)
    yield from ((_service, service, service) for service in sight.services)
    yield from ((_process, process, process.command_line) for process in sight.telling)
    yield from ((_instance, instance, instance.name) for instance in sight.instances)
    for container in sight.containers:
        yield _container, container, f"{container.name or container.id} {container.image or ''}"


def _path(path: str) -> str:
    return f"the path {path}"


def _service(service: str) -> str:
    return f"the name of service {service}"


def _process(process: Process) -> str:
    return f"the command line of process {process.pid} ({process.name})"


def _instance(instance: Instance) -> str:
    return f"the name of {instance.kind.value} {instance.name}"


def _container(container: Container) -> str:
    return f"container {container.name or container.id}"
