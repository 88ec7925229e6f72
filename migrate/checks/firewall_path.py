"""The ways that firewalls must leave open are open from here, and those that must be shut are shut.

A way that another server uses cannot be tried from here: say it is tried from where users are, by
running the check there (a worker at that site), or declare it by an attestation.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from migrate.checks._ports import PORT
from migrate.checks._say import failed, listed, no_replacement, passed, unknown
from migrate.knock import Heard, Knock, knock
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_AT_ONCE = 16


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    if sight.new_address is None:
        return no_replacement()
    host = sight.new_address.partition("/")[0]
    must_open, must_shut = parameters.get("open", ()), parameters.get("shut", ())
    ports = [*must_open, *must_shut]
    if not ports:
        return unknown("no way is named; give open or shut")
    if set(must_open) & set(must_shut):
        return unknown("a port is to be both open and shut")

    def one(port: int) -> Heard:
        return knock(host, port, sight.timeout_seconds)

    with ThreadPoolExecutor(min(_AT_ONCE, len(ports))) as pool:
        found = dict(zip(ports, pool.map(one, ports), strict=True))
    return _judge(host, found, set(must_shut))


def _judge(host: str, found: Mapping[int, Heard], must_shut: set[int]) -> CheckResult:
    here = socket.gethostname()
    observed = {"from": here, "to": host, "ports": {str(p): str(h) for p, h in found.items()}}
    blind = [f"{port} {each}" for port, each in found.items() if not each.knock.is_telling]
    # A port that refuses was reached: no firewall stood in the way, only nobody listens.
    shut = [
        f"{port} should be open: {each}"
        for port, each in found.items()
        if port not in must_shut and each.knock in {Knock.TIMED_OUT, Knock.NO_ROUTE}
    ]
    let_through = [
        f"{port} should be shut: {each}"
        for port, each in found.items()
        if port in must_shut and each.knock in {Knock.OPEN, Knock.REFUSED}
    ]
    if shut or let_through:
        return failed(f"from {here} to {host}: {listed([*shut, *let_through])}", **observed)
    if blind:
        return unknown(f"from {here} to {host}: {listed(blind)}", **observed)
    return passed(f"from {here} to {host} all {len(found)} ways are as they must be", **observed)


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "open": {
                "description": "TCP ports that must be reached; one that refuses was reached.",
                "type": "array",
                "items": PORT,
                "uniqueItems": True,
            },
            "shut": {
                "description": "TCP ports that must not be reached.",
                "type": "array",
                "items": PORT,
                "uniqueItems": True,
            },
        },
    },
    run=_run,
    reads="Knocks at TCP ports of what replaces the server, from where the check is run.",
    about=About.NEW,
)
