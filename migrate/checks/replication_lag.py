"""The replica of the old server is no farther behind than a limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from inventory.model.fact import Unknown
from migrate.checks._replication import REPLICATED_AS, replication, seen, who
from migrate.checks._say import failed, passed, unknown
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.replication import Replications

_MOST_SECONDS: Final = 5
"""Microsoft's Cloud Adoption Framework, execute-migration (August 2025): before a cut-over below
5 seconds, and below 1 second for what is critical."""
_FRESH_MINUTES: Final = 30


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    found = replication(sight, parameters)
    if isinstance(found, CheckResult):
        return found
    name, observed, lag = who(found), seen(found), found.lag_seconds
    most = float(parameters.get("max_seconds", _MOST_SECONDS))
    if isinstance(lag, Unknown):
        return unknown(f"{name}: {lag.detail}", **observed)
    fresh = timedelta(minutes=parameters.get("fresh_minutes", _FRESH_MINUTES))
    if found.lag_at is not None and sight.now - found.lag_at > fresh:
        at = f"{found.lag_at:%Y-%m-%d %H:%M} UTC"
        return unknown(f"{name}: its lag was measured at {at}, and not since", **observed)
    say = passed if lag <= most else failed
    return say(f"{name} is {lag:g} s behind, and may be {most:g} s", **observed)


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "replicated_as": REPLICATED_AS,
            "max_seconds": {
                "type": "number",
                "minimum": 0,
                "description": "How far behind it may be. Before a cut-over, below 5 s, and below "
                f"1 s for what is critical; {_MOST_SECONDS} unless given.",
            },
            "fresh_minutes": {
                "type": "integer",
                "minimum": 1,
                "description": "How long ago the service may have measured it, where it says when; "
                f"{_FRESH_MINUTES} unless given.",
            },
        },
    },
    run=_run,
    reads="Reads the lag (MGN), or the recovery point objective as last measured (Site Recovery), "
    "of the old server's replica.",
    about=About.OLD,
    of_cloud=OfCloud(
        aspects=(Replications,),
        passes="The replica is behind by the limit at the most, measured not long ago.",
        fails="It is farther behind.",
        unknown="No lag is given, it was measured too long ago, or the old server is not surely "
        "one of those that are replicated.",
    ),
)
