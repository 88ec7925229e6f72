"""The names of the old server lead to what replaces it, at every name server.

None may still lead to the old server's addresses, and each must lead somewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.model.facts import INTERFACES
from migrate.checks._dns import NAMES, RESOLVERS, Answer, ask_all, names, resolvers, wanted
from migrate.checks._say import fact, failed, listed, passed, unknown
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    whom, what = (
        resolvers(sight, parameters.get("resolvers")),
        names(sight, parameters.get("names")),
    )
    for each in (whom, what):
        if isinstance(each, str):
            return unknown(each)
    interfaces = fact(sight.old, INTERFACES, "the old server")
    if isinstance(interfaces, CheckResult):
        return interfaces
    old = {address.partition("/")[0] for each in interfaces.value for address in each.addresses}
    new = wanted(sight, parameters.get("addresses"))
    if isinstance(new, str):
        return unknown(new)
    return _judge(ask_all(tuple(whom), tuple(what), sight.timeout_seconds), old, new)


def _judge(answers: tuple[Answer, ...], old: set[str], new: set[str]) -> CheckResult:
    observed = {
        "answers": [str(each) for each in answers],
        "old": sorted(old),
        "new": sorted(new),
    }
    still = [str(each) for each in answers if set(each.addresses) & (old - new)]
    lost = [str(each) for each in answers if not each.fault and not set(each.addresses) & new]
    silent = [str(each) for each in answers if each.fault]
    if still:
        return failed(f"still the old server: {listed(still)}", **observed)
    if lost:
        return failed(f"not what replaces it: {listed(lost)}", **observed)
    if silent:
        return unknown(listed(silent), **observed)
    return passed(f"every name server leads to {', '.join(sorted(new))}", **observed)


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "addresses": {
                "description": "Where the names should lead: at least one of these. Unless given, "
                "the address of what replaces the server.",
                "type": "array",
                "items": {"type": "string", "minLength": 1},
                "minItems": 1,
                "uniqueItems": True,
            },
            "names": NAMES,
            "resolvers": RESOLVERS,
        },
    },
    run=_run,
    reads="Asks each name server for A and AAAA records, and compares them with both servers.",
    about=About.NEW,
)
