"""Every name server answers for the names with the addresses that they should have.

Each name server is asked by itself: one that was forgotten, or holds the old answer, is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migrate.checks._dns import NAMES, RESOLVERS, ask_all, names, resolvers, wanted
from migrate.checks._say import failed, listed, passed, unknown
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    whom, what = (
        resolvers(sight, parameters.get("resolvers")),
        names(sight, parameters.get("names")),
    )
    right = wanted(sight, parameters.get("addresses"))
    for each in (whom, what, right):
        if isinstance(each, str):
            return unknown(each)
    answers = ask_all(tuple(whom), tuple(what), sight.timeout_seconds)
    observed = {"answers": [str(each) for each in answers], "wanted": sorted(right)}
    wrong = [str(each) for each in answers if not each.fault and set(each.addresses) != right]
    silent = [str(each) for each in answers if each.fault]
    if wrong:
        return failed(f"not {', '.join(sorted(right))}: {listed(wrong)}", **observed)
    if silent:
        return unknown(listed(silent), **observed)
    return passed(f"every name server answers with {', '.join(sorted(right))}", **observed)


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "addresses": {
                "description": "The addresses that each name should have, all of them and no "
                "other. Unless given, those of what replaces the server.",
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
    reads="Asks each name server for A and AAAA records of each name.",
    about=About.NEW,
)
