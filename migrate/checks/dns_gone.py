"""No name server leads anybody to the old server any more, and none names its addresses.

Names, addresses and name servers are those that discovery knew; names that now lead elsewhere, as
to what replaces the server, are no fault.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from migrate.checks._callers import own_addresses, plain
from migrate.checks._dns import NAMES, RESOLVERS, Answer, ask_all, names, pointers, resolvers
from migrate.checks._say import failed, listed, passed, unknown
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    # The server may be off by now: what is remembered of it counts.
    remembered = replace(sight, old=sight.past.known())
    whom = resolvers(remembered, parameters.get("resolvers"))
    what = names(remembered, parameters.get("names"))
    for each in (whom, what):
        if isinstance(each, str):
            return unknown(each)
    if "resolvers" not in parameters:
        whom = tuple(each for each in whom if not _is_loopback(each))
    old = set(parameters.get("addresses", ())) or own_addresses(sight)
    if not whom:
        return unknown("the old server asked only itself for names; give resolvers")
    if not old:
        return unknown("the old server's addresses are not known; give addresses")
    answers = ask_all(tuple(whom), tuple(what), sight.timeout_seconds)
    reverse = pointers(tuple(whom), tuple(sorted(old)), sight.timeout_seconds)
    return _judge(answers, reverse, frozenset(old), {_bare(each) for each in what})


def _judge(
    answers: tuple[Answer, ...],
    reverse: tuple[Answer, ...],
    old: frozenset[str],
    what: set[str],
) -> CheckResult:
    observed = {
        "answers": [str(each) for each in answers],
        "reverse": [str(each) for each in reverse],
        "old": sorted(old),
    }
    still = [str(each) for each in answers if {plain(one) for one in each.addresses} & old]
    still += [str(each) for each in reverse if {_bare(one) for one in each.addresses} & what]
    silent = [str(each) for each in (*answers, *reverse) if each.fault]
    if still:
        return failed(f"still there: {listed(still)}", **observed)
    if silent:
        return unknown(listed(silent), **observed)
    return passed(f"no name server leads to {listed(sorted(old))}", **observed)


def _bare(name: str) -> str:
    return name.rstrip(".").lower()


def _is_loopback(resolver: str) -> bool:
    try:
        return ipaddress.ip_address(resolver.partition("#")[0]).is_loopback
    except ValueError:
        return False


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "addresses": {
                "description": "The old server's addresses; those that discovery knew unless "
                "given.",
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
    reads="Asks each name server for A, AAAA and PTR records of the old server.",
    about=About.OLD,
)
