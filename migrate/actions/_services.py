"""Which services of an old server are its applications', by what it said just now. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from inventory.applications.matcher import Matcher
from inventory.applications.recognise import Recognised, recognised
from inventory.model.fact import Facts, Known
from inventory.model.facts import LISTENERS, OS_FAMILY, PROCESSES, SERVICES
from inventory.model.parts import Listener, Process, ServiceState

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9@_.:\\-]*\Z")
_SYSTEMS_OWN: Final = frozenset({"os-services", "sshd", "dropbear", "chrony", "busybox"})
"""Applications by which a server is reached, and lives."""
_KEPT: Final = (
    "ssh", "sshd", "ssh@*", "sshd@*", "dropbear*", "systemd-*", "dbus*", "udev*", "user@*",
    "network", "networking", "networkd*", "NetworkManager*", "netplan*", "wicked*", "ifup*",
    "connman*", "dhc*", "getty@*", "serial-getty@*", "console-getty", "container-getty@*",
    "rsyslog*", "syslog*", "auditd", "polkit*", "firewalld", "nftables", "iptables", "ip6tables",
    "ufw", "shorewall*", "cloud-init*", "init", "sudo",
)  # fmt: skip
"""Services without which a server cannot be reached, or does not tell what happened to it."""


_MADE_HERE: Final = ("/etc/systemd/system/", "/usr/local/lib/systemd/system/")
"""Where those who run a server define services; packages define theirs elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What was found."""

    services: tuple[str, ...] = ()
    """As the service manager calls them."""
    fault: str = ""
    """Why they cannot be told; empty when they can."""


def is_kept(name: str) -> bool:
    """Tell whether a service is one that is never stopped."""
    plain = name.removesuffix(".service").removesuffix(".socket")
    return any(fnmatchcase(plain, pattern) for pattern in _KEPT)


def named(services: tuple[str, ...]) -> Chosen:
    """Look at services that people named."""
    wrong = [each for each in services if not _NAME.match(each)]
    if wrong:
        return Chosen(fault=f"{', '.join(map(repr, wrong))} cannot be a service's name")
    kept = [each for each in services if is_kept(each)]
    if kept:
        return Chosen(fault=f"{', '.join(kept)} is never stopped: the server is reached by it")
    return Chosen(services=tuple(dict.fromkeys(services)))


def of_applications(facts: Facts, matcher: Matcher) -> Chosen:
    """Find the services of what runs for people: neither the system's own, nor agents.

    They are those of recognised applications and of whatever listens, and those that somebody made
    here. Whatever listens has to belong to one: else something would be left running.
    """
    for name, fact in (
        (PROCESSES.name, facts.of(PROCESSES)),
        (LISTENERS.name, facts.of(LISTENERS)),
        (SERVICES.name, facts.of(SERVICES)),
    ):
        if not isinstance(fact, Known):
            return Chosen(fault=f"{name} is {fact}")
    found = recognised(facts, matcher)
    kept = _SYSTEMS_OWN | {each.id for each in matcher.by_id.values() if each.is_agent}
    by_process = _services_of(facts, matcher, found)
    listening = {each.pid for each in facts.value(LISTENERS) or () if each.pid is not None}
    chosen: dict[str, None] = {}
    for process in facts.value(PROCESSES) or ():
        application = found.by_pid.get(process.pid, "")
        if application not in kept and (application or process.pid in listening):
            chosen.update(dict.fromkeys(by_process.get(process.pid, ())))
    chosen.update(dict.fromkeys(_made_here(facts, found, kept)))
    services = tuple(each for each in chosen if not is_kept(each))
    left = tuple(_left(facts, found, by_process, kept))
    if left:
        words = ", ".join(dict.fromkeys(left))
        return Chosen(fault=f"these listen, and it cannot be told by which service: {words}")
    if not services:
        return Chosen(fault="no service of an application was seen to run")
    return Chosen(services=services)


def _services_of(
    facts: Facts, matcher: Matcher, found: Recognised
) -> Mapping[int, tuple[str, ...]]:
    """Return, by process, the running services that it belongs to."""
    system = "win" if facts.value(OS_FAMILY) == "windows" else "linux"
    running = [
        each.name for each in facts.value(SERVICES) or () if each.state is ServiceState.RUNNING
    ]
    claimed: dict[str, list[str]] = {}
    for name in running:
        for claim in matcher.by_service(name, system):
            claimed.setdefault(claim.fingerprint.id, []).append(name)
    return {
        process.pid: _unit(process, running)
        or tuple(claimed.get(found.by_pid.get(process.pid, ""), ()))
        or tuple(name for name in running if name == process.name)
        for process in facts.value(PROCESSES) or ()
    }


def _made_here(facts: Facts, found: Recognised, kept: frozenset[str]) -> Iterator[str]:
    """Yield the running services of systemd that no package brought, unless they are agents'."""
    agents = {
        each.unit for each in facts.value(PROCESSES) or () if found.by_pid.get(each.pid, "") in kept
    }
    for each in facts.value(SERVICES) or ():
        unit = f"{each.name}.service"
        is_running = each.state is ServiceState.RUNNING
        if is_running and (each.path or "").startswith(_MADE_HERE) and unit not in agents:
            yield unit


def _unit(process: Process, running: list[str]) -> tuple[str, ...]:
    unit = process.unit or ""
    plain = unit.removesuffix(".service")
    return (unit,) if unit.endswith(".service") and plain in running else ()


def _left(
    facts: Facts,
    found: Recognised,
    by_process: Mapping[int, tuple[str, ...]],
    kept: frozenset[str],
) -> Iterator[str]:
    for each in facts.value(LISTENERS) or ():
        if each.pid is None:
            if _owner(each, found) not in kept:
                yield f"{each.process or 'something'} on {each.port}/{each.protocol.value}"
        elif found.by_pid.get(each.pid, "") not in kept and not by_process.get(each.pid):
            yield f"{each.process or each.pid} on {each.port}/{each.protocol.value}"


def _owner(listener: Listener, found: Recognised) -> str:
    return found.by_process.get((listener.process or "")[:15], "")
