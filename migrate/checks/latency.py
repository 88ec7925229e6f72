"""The new server is reached about as fast as the old one, from where the check is run.

What is measured is the time until a connection is open: one way there and back. Other places may
see it otherwise; the result says from where it was measured.
"""

from __future__ import annotations

import socket
import statistics
import time
from collections.abc import Mapping
from typing import Any

from inventory.errors import UsageError
from inventory.model.target import DEFAULT_PORTS, Target
from migrate.checks._ports import PORT
from migrate.checks._say import failed, no_replacement, passed, unknown
from migrate.knock import connect, heard
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_TRIES = 7
_MOST_TIMES = 2.0
_MOST_ADDED_MS = 25.0


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    if sight.new_address is None:
        return no_replacement()
    try:
        old = Target.parse(sight.move.source)
        new = Target.parse(sight.move.replacement) if sight.move.replacement else None
    except UsageError as error:
        return unknown(str(error))
    port = parameters.get("port")
    before = _median(old.host, port or _asked_at(old), sight.timeout_seconds)
    after = _median(sight.new_address, port or _asked_at(new), sight.timeout_seconds)
    for whose, each in (("old", before), ("new", after)):
        if isinstance(each, str):
            return unknown(f"the {whose} server: {each}")
    return _judge(float(before), float(after), parameters)


def _asked_at(target: Target | None) -> int:
    ssh = DEFAULT_PORTS["ssh"]
    return (target.port or DEFAULT_PORTS.get(target.transport, ssh)) if target else ssh


def _median(host: str, port: int, seconds: float) -> float | str:
    taken = []
    for _ in range(_TRIES):
        began = time.monotonic()
        try:
            connect(host, port, seconds).close()
        except OSError as error:
            return f"{host} port {port}: {heard(error, seconds)}"
        taken.append((time.monotonic() - began) * 1000)
    return statistics.median(taken)


def _judge(before: float, after: float, parameters: Mapping[str, Any]) -> CheckResult:
    most_times = float(parameters.get("most_times", _MOST_TIMES))
    most_added = float(parameters.get("most_added_ms", _MOST_ADDED_MS))
    limit = max(before * most_times, before + most_added)
    observed = {
        "from": socket.gethostname(),
        "old_ms": round(before, 2),
        "new_ms": round(after, 2),
        "limit_ms": round(limit, 2),
        "tries": _TRIES,
    }
    words = f"{after:.1f} ms to the new server, {before:.1f} ms to the old one"
    if after > limit:
        return failed(f"{words}: more than {limit:.1f} ms", **observed)
    return passed(f"{words}, median of {_TRIES} from {observed['from']}", **observed)


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "port": {**PORT, "description": "Port of both; where each is asked unless given."},
            "most_times": {
                "type": "number",
                "minimum": 1,
                "default": _MOST_TIMES,
                "description": "How many times as long as to the old server it may take …",
            },
            "most_added_ms": {
                "type": "number",
                "minimum": 0,
                "default": _MOST_ADDED_MS,
                "description": "… or how many milliseconds longer, whichever is more.",
            },
        },
    },
    run=_run,
    reads="Opens a few connections to both servers and takes the median time; sends nothing.",
    about=About.BOTH,
)
