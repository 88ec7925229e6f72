"""Every service that runs on the old server, or starts at its boot, does so on the new one.

Services that the system brings along for itself are left out. Where the two servers have different
service managers only those that run are compared: boot scripts of one manager are not the other's.

Keys: ``missing:NAME``, ``stopped:NAME``, ``failed:NAME``, ``disabled:NAME``, ``new:NAME`` (told
only).
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from typing import Any

from inventory.amount import amount
from inventory.model.facts import SERVICES
from inventory.model.parts import Service, ServiceState
from inventory.model.software import SERVICE_MANAGER
from migrate.checks import _same_names
from migrate.checks._differences import (
    NAMES,
    Comparison,
    Difference,
    Pair,
    both,
    joined,
    key,
    matches,
)
from migrate.checks._parity import judge, parameters
from migrate.checks._say import unknown
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_SYSTEM = (
    "agetty*", "console-*", "container-getty@*", "cryptdisks*", "dbus*", "e2scrub_*", "emergency",
    "getty*", "hwclock*", "initrd-*", "keyboard-setup*", "kmod*", "ldconfig", "modprobe@*",
    "plymouth*", "polkit*", "rc", "rcS", "rescue", "serial-getty@*", "systemd-*", "udev*",
    "user-runtime-dir@*", "user@*", "x11-common",
)  # fmt: skip
"""What systemd and the distributions start for themselves, whatever the server is for."""
_WORDS = {
    ServiceState.RUNNING: "runs",
    ServiceState.STOPPED: "does not run",
    ServiceState.FAILED: "has failed",
    ServiceState.UNKNOWN: "may run or not: its service manager does not say",
}


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    pair = both(sight, SERVICES)
    if isinstance(pair, CheckResult):
        return pair
    left_out = matches(given.get("leave_out", _SYSTEM))
    same_as = given.get("same_as", {})
    old = _named((each for each in pair.old if not left_out.fullmatch(each.name)), same_as)
    new = _named(pair.new, {})
    managers = both(sight, SERVICE_MANAGER)
    is_alike = not isinstance(managers, Pair) or managers.old == managers.new
    wanted = {name: each for name, each in old.items() if _matters(each, at_boot=is_alike)}
    if not wanted:
        return unknown("no service of the old server matters here, so there is nothing to compare")
    offered = {name: each for name, each in new.items() if not left_out.fullmatch(each.name)}
    added = _new(offered, _named(pair.old, same_as))
    seen = joined(_agreed(wanted), _compare(wanted, new), added, _managers(managers))
    return judge(sight, given, seen)


def _named(services: Iterable[Service], same_as: Mapping[str, str]) -> dict[str, Service]:
    found = {each.name: each for each in services}
    names = {each: _same_names.service(same_as.get(each, each)) for each in found}
    return _same_names.by_one_name(found, names)


def _matters(service: Service, *, at_boot: bool) -> bool:
    return service.state in {ServiceState.RUNNING, ServiceState.UNKNOWN} or (
        at_boot and service.enabled is True
    )


def _compare(wanted: Mapping[str, Service], new: Mapping[str, Service]) -> Comparison:
    found = [tuple(_of_one(name, each, new.get(name))) for name, each in wanted.items()]
    return Comparison(
        differences=tuple(each for some in found for each in some),
        same=sum(not some for some in found),
    )


def _agreed(wanted: Collection[str]) -> str:
    return f"the new server runs and starts the old one's {amount(len(wanted), 'service')}"


def _new(new: Mapping[str, Service], known: Container[str]) -> Comparison:
    return Comparison(
        differences=tuple(
            Difference(key=key("new", name), words=f"{name} runs on the new server only", told=True)
            for name, each in new.items()
            if name not in known and each.state is ServiceState.RUNNING
        )
    )


def _managers(pair: Pair[str] | CheckResult) -> Comparison:
    """Tell of two managers. Where one is not known they are taken for alike: then all counts."""
    if isinstance(pair, CheckResult) or pair.old == pair.new:
        return Comparison()
    how = f"{pair.old} starts the old server's services and {pair.new} the new one's"
    return Comparison(aside=(f"{how}, so only those that ran were compared",))


def _of_one(name: str, old: Service, new: Service | None) -> Iterator[Difference]:
    if new is None:
        what = "starts at boot" if old.state is ServiceState.STOPPED else _WORDS[old.state]
        yield Difference(key=key("missing", name), words=f"{name} {what}, and is missing")
        return
    if new.state is ServiceState.FAILED:
        yield Difference(key=key("failed", name), words=f"{name} has failed on the new server")
    elif old.state in {ServiceState.RUNNING, ServiceState.UNKNOWN} and (
        new.state is not ServiceState.RUNNING
    ):
        words = f"{name} {_WORDS[old.state]}, and on the new server it {_WORDS[new.state]}"
        yield Difference(key=key("stopped", name), words=words)
    if old.enabled and not new.enabled:
        lacks = "does not" if new.enabled is False else "is not told to"
        words = f"{name} starts at boot, and on the new server it {lacks}"
        yield Difference(key=key("disabled", name), words=words)


CHECK = Check(
    parameters=parameters(
        {
            "leave_out": {
                **NAMES,
                "description": "Services of the old server that do not matter; * stands for "
                "anything. Unless given, those that systems bring along for themselves.",
                "default": list(_SYSTEM),
            },
            "same_as": {
                "type": "object",
                "additionalProperties": {"type": "string", "minLength": 1},
                "description": "What a service of the old server is called on the new one; common "
                "pairs such as apache2 and httpd are known.",
            },
        }
    ),
    run=_run,
    reads="Compares the services of both servers, as their service managers tell them.",
    about=About.BOTH,
)
