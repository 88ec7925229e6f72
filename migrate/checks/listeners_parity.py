"""Every port that the old server offers to others is offered by the new one, and no other.

Differences that are wanted are named as expected; all others fail. The process behind a port may
differ: that is told, not judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inventory.model.facts import LISTENERS
from inventory.model.parts import Listener
from migrate.checks._ports import SERVED, reachable, served
from migrate.checks._say import fact, failed, listed, passed, unknown
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    old = fact(sight.old, LISTENERS, "the old server")
    if isinstance(old, CheckResult):
        return old
    new = fact(sight.new, LISTENERS, "the new server")
    if isinstance(new, CheckResult):
        return new
    return _compare(old.value, new.value, parameters)


def _compare(
    old: Sequence[Listener], new: Sequence[Listener], parameters: Mapping[str, Any]
) -> CheckResult:
    before, after = _offers(old), _offers(new)
    if not before:
        return unknown("the old server offers nothing to others, so there is nothing to compare")
    missing = [each for each in before if each not in {*after, *_expected(parameters, "missing")}]
    added = [each for each in after if each not in {*before, *_expected(parameters, "new")}]
    inside = {served(each) for each in new if each.is_loopback}
    processes = _processes(before, after)
    words = [
        *(_say_missing(each, before[each], is_inside=each in inside) for each in missing),
        *(f"{each} ({after[each]}) is new" for each in added),
    ]
    observed = {"missing": missing, "new": added, "same": len({*before} & {*after})}
    aside = f"; {listed(processes)}" if processes else ""
    if words:
        return failed(listed(words) + aside, **observed, processes=processes)
    same = f"the new server offers all that the old one does ({listed(list(before))})"
    return passed(same + aside, **observed, processes=processes)


def _offers(listeners: Sequence[Listener]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for each in reachable(listeners):
        found.setdefault(served(each), set()).add(each.process or "process not seen")
    return {port: "+".join(sorted(names)) for port, names in found.items()}


def _expected(parameters: Mapping[str, Any], kind: str) -> Sequence[str]:
    expected: Sequence[str] = parameters.get(f"expected_{kind}", ())
    return expected


def _say_missing(port: str, process: str, *, is_inside: bool) -> str:
    if is_inside:
        return f"{port} ({process}) is offered on the new server's loopback only"
    return f"{port} ({process}) is missing"


def _processes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return [
        f"{port} was {before[port]} and is now {after[port]}"
        for port in before
        if port in after and before[port] != after[port]
    ]


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "expected_missing": {
                **SERVED,
                "description": "What the new server need not offer, such as 23/tcp.",
            },
            "expected_new": {
                **SERVED,
                "description": "What the new server may offer besides, such as 9100/tcp.",
            },
        },
    },
    run=_run,
    reads="Compares the listeners of both servers, as each tells them, leaving out loopback.",
    about=About.BOTH,
)
