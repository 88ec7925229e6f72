"""The old server's services are stopped and stay stopped when it is started again.

Unless they are named, they are those that stop-services-ssh stopped; where it did not, those that
held the ports which others could reach before the first act on the server. A service that is
stopped but starts at boot fails, and so does a port of theirs that something still holds. One that
runs nothing itself and only gathers others, as Debian's postgresql.service does, stands for those:
whether they are stopped and start at boot is what counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from inventory.model.fact import Facts, Unknown
from inventory.model.facts import LISTENERS, PROCESSES, SERVICES
from inventory.model.parts import Service, ServiceState
from migrate.checks._callers import administration
from migrate.checks._ports import reachable, served
from migrate.checks._say import fact, failed, listed, passed, unknown
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_NAME_THEM = "name the services that must be stopped under services"
_SUFFIX = ".service"
_ACTION = "stop-services-ssh"


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    services = fact(sight.old, SERVICES, "the old server")
    if isinstance(services, CheckResult):
        return services
    listeners = fact(sight.old, LISTENERS, "the old server")
    if isinstance(listeners, CheckResult):
        return listeners
    before = _before(sight)
    held = _held(before, sight)
    named: Sequence[str] = parameters.get("services") or _stopped(sight)
    if isinstance(held, str) and not named:
        return unknown(f"{held}; {_NAME_THEM}")
    ports = {} if isinstance(held, str) else held
    wanted = named or sorted({*ports.values()})
    known = (*services.value, *(before.value(SERVICES) or ()))
    gathering = _gathering(known, wanted)
    wanted_too = (*wanted, *(f"{each}@*" for each in gathering))
    found = [each for each in services.value if _is_wanted(each.name, wanted_too)]
    never = _never_known(wanted, known)
    if never:
        return unknown(f"no service of the old server was ever known as {listed(never)}")
    open_now = {served(each) for each in reachable(listeners.value)}
    left = [
        port for port, name in ports.items() if port in open_now and _is_wanted(name, wanted_too)
    ]
    return _judge(wanted, found, left, gathering)


def _stopped(sight: Sight) -> tuple[str, ...]:
    """Return the services that our own act stopped, as the journal names them."""
    done = [each for each in sight.acts if each.done and each.intent.action == _ACTION]
    particulars = done[-1].intent.particulars if done else ()
    return tuple(each.split()[0].removesuffix(_SUFFIX) for each in particulars if each.split())


def _before(sight: Sight) -> Facts:
    """Return what was known of the old server before anything was done to it."""
    if sight.acts:
        return sight.past.known(sight.acts[0].intent.at)
    return sight.old if isinstance(sight.old, Facts) else Facts()


def _held(before: Facts, sight: Sight) -> dict[str, str] | str:
    """Return which service held each port that others could reach; or what is not known of it."""
    seen, processes = before.of(LISTENERS), before.of(PROCESSES)
    if isinstance(seen, Unknown):
        return f"what it served before is not known: {seen}"
    if isinstance(processes, Unknown):
        return f"which processes it ran before is not known: {processes}"
    units = {each.pid: each.unit or "" for each in processes.value}
    ignored = administration(sight.move)
    held = {
        served(each): units.get(each.pid or 0, "")
        for each in reachable(seen.value)
        if each.port not in ignored
    }
    if not held:
        return "it served nothing to others before"
    nameless = [port for port, unit in held.items() if not unit.endswith(_SUFFIX)]
    if nameless:
        return f"it is not known which service held {listed(nameless)}"
    return {port: unit.removesuffix(_SUFFIX) for port, unit in held.items()}


def _is_wanted(name: str, wanted: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern.removesuffix(_SUFFIX)) for pattern in wanted)


def _never_known(wanted: Sequence[str], known: Sequence[Service]) -> list[str]:
    return [each for each in wanted if not any(_is_wanted(one.name, [each]) for one in known)]


def _gathering(known: Sequence[Service], wanted: Sequence[str]) -> set[str]:
    """Name the wanted services that run nothing themselves, of which what they gather is known."""
    running = {each.name for each in known if each.state is ServiceState.RUNNING}
    gathers = {each.name for each in known if each.gathers and _is_wanted(each.name, wanted)}
    return {
        name
        for name in gathers - running
        if any(each.name.startswith(f"{name}@") for each in known)
    }


def _judge(
    wanted: Sequence[str], found: Sequence[Service], left: Sequence[str], gathering: Collection[str]
) -> CheckResult:
    observed = {
        "services": list(wanted),
        "seen": [
            {"name": each.name, "state": each.state.value, "starts_at_boot": each.enabled}
            for each in found
        ],
        "ports_still_held": list(left),
    }
    decide = [each for each in found if each.name not in gathering]
    wrong = [_wrong(each) for each in decide if _wrong(each)]
    wrong += [f"{port} is still held" for port in left]
    if wrong:
        return failed(f"not stopped for good: {listed(wrong)}", **observed)
    open_ = [each.name for each in decide if each.state is ServiceState.UNKNOWN]
    open_ += [f"{each.name} (whether it starts at boot)" for each in decide if each.enabled is None]
    if open_:
        return unknown(f"the service manager does not say it of {listed(open_)}", **observed)
    gone = "" if found else " and not installed any more"
    return passed(f"stopped, and not started at boot{gone}: {listed(list(wanted))}", **observed)


def _wrong(service: Service) -> str:
    words = []
    if service.state is ServiceState.RUNNING:
        words.append("runs")
    if service.state is ServiceState.FAILED:
        words.append("failed, which is not stopped")
    if service.enabled:
        words.append("starts at boot")
    return f"{service.name} {' and '.join(words)}" if words else ""


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "services": {
                "description": "Services that must be stopped, * for anything; unless given, those "
                "that held the ports which others could reach.",
                "type": "array",
                "items": {"type": "string", "minLength": 1},
                "minItems": 1,
                "uniqueItems": True,
            },
        },
    },
    run=_run,
    reads="Looks at the old server's services and listeners now, and at who held its ports before "
    "anything was done to it.",
    about=About.OLD,
)
