"""Every port that the old server offers to others is offered by the new one, and no other.

Differences that are wanted are named as expected; all others are to be explained, or fail. The
process behind a port may differ: that is told, not judged.

Keys: ``missing:443/tcp``, ``new:9100/tcp``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inventory.model.facts import LISTENERS
from inventory.model.parts import Listener
from migrate.checks._differences import Comparison, Difference, both, key
from migrate.checks._parity import judge, parameters
from migrate.checks._ports import SERVED, reachable, served
from migrate.checks._say import listed, unknown
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    pair = both(sight, LISTENERS)
    if isinstance(pair, CheckResult):
        return pair
    before, after = _offers(pair.old), _offers(pair.new)
    if not before:
        return unknown("the old server offers nothing to others, so there is nothing to compare")
    expected = [
        *(key("missing", each) for each in given.get("expected_missing", ())),
        *(key("new", each) for each in given.get("expected_new", ())),
    ]
    inside = {served(each) for each in pair.new if each.is_loopback}
    return judge(sight, given, _compare(before, after, inside), expected=expected)


def _compare(before: Mapping[str, str], after: Mapping[str, str], inside: set[str]) -> Comparison:
    missing = [each for each in before if each not in after]
    added = [each for each in after if each not in before]
    differences = (
        *(_missing(each, before[each], is_inside=each in inside) for each in missing),
        *(
            Difference(key=key("new", each), words=f"{each} ({after[each]}) is new")
            for each in added
        ),
    )
    processes = _processes(before, after)
    return Comparison(
        agreed=f"the new server offers all that the old one does ({listed(list(before))})",
        differences=differences,
        same=len(before) - len(missing),
        aside=tuple(processes),
        more={"missing": missing, "new": added, "processes": processes},
    )


def _offers(listeners: Sequence[Listener]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for each in reachable(listeners):
        found.setdefault(served(each), set()).add(each.process or "process not seen")
    return {port: "+".join(sorted(names)) for port, names in found.items()}


def _missing(port: str, process: str, *, is_inside: bool) -> Difference:
    where = "is offered on the new server's loopback only" if is_inside else "is missing"
    return Difference(key=key("missing", port), words=f"{port} ({process}) {where}")


def _processes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return [
        f"{port} was {before[port]} and is now {after[port]}"
        for port in before
        if port in after and before[port] != after[port]
    ]


CHECK = Check(
    parameters=parameters(
        {
            "expected_missing": {
                **SERVED,
                "description": "What the new server need not offer, such as 23/tcp.",
            },
            "expected_new": {
                **SERVED,
                "description": "What the new server may offer besides, such as 9100/tcp.",
            },
        }
    ),
    run=_run,
    reads="Compares the listeners of both servers, as each tells them, leaving out loopback.",
    about=About.BOTH,
)
