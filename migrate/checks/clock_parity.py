"""Both servers keep the same time, in the same time zone, and the new one follows a time server.

What each clock showed is held against when its answer came in, so that the two are compared though
they were not asked in the same second. An answer takes a few seconds: less than ``max_seconds`` is
no difference.

Keys: ``apart:SECONDS``, ``zone:OLD:NEW``, ``synchronised:yes:no``, and, told only,
``servers:OLD:NEW``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from inventory.model.fact import Facts, Known, Unknown
from inventory.model.network import CLOCK, SYNCHRONISED, TIME_SERVERS, TIME_ZONE
from migrate.checks._differences import Comparison, Difference, Pair, both, joined, key
from migrate.checks._parity import judge, parameters
from migrate.checks._say import unknown
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_MAX_SECONDS = 30
_ZONES: Final = (
    ("Etc/UTC", "UTC", "UCT", "Etc/UCT", "Universal", "Etc/Universal", "Zulu", "Etc/Zulu", "UTC0",
     "GMT", "Etc/GMT", "Etc/GMT0", "GMT0", "Greenwich", "Etc/Greenwich", "<UTC>0"),
    ("Europe/London", "GB", "GB-Eire", "Europe/Belfast", "Europe/Guernsey", "Europe/Jersey",
     "Europe/Isle_of_Man", "GMT0BST,M3.5.0/1,M10.5.0"),
)  # fmt: skip
"""Zones that now keep one time by several names: links of the IANA database, and POSIX's rules."""
_SAME: Final = {name: names[0] for names in _ZONES for name in names}


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    most = given.get("max_seconds", _MAX_SECONDS)
    clocks, zones = both(sight, CLOCK), both(sight, TIME_ZONE)
    if isinstance(clocks, CheckResult) and isinstance(zones, CheckResult):
        return clocks
    parts = [
        _clocks(sight, most) if isinstance(clocks, Pair) else clocks,
        _zones(zones) if isinstance(zones, Pair) else zones,
        Comparison(differences=tuple(_followed(sight)), blind=tuple(_untold(sight))),
    ]
    agreed = f"the two clocks are at most {most} s apart, in the same time zone"
    return judge(sight, given, joined(agreed, *parts))


def _clocks(sight: Sight, most: int) -> Comparison | CheckResult:
    old, new = _ahead(sight.old), _ahead(sight.new)
    if old is None or new is None:
        return unknown("it is not told when the servers were asked what their clocks show")
    apart = new - old
    aside = (f"the new clock is {apart:+.0f} s against the old one's",)
    if abs(apart) <= most:
        return Comparison(same=1, aside=aside)
    words = f"the new clock is {abs(apart):.0f} s {'ahead of' if apart > 0 else 'behind'} the old"
    return Comparison(differences=(Difference(key=key("apart", f"{apart:.0f}"), words=words),))


def _ahead(facts: Facts | Unknown | None) -> float | None:
    """Return by how many seconds a clock is ahead of ours, its answer's time taken off."""
    if not isinstance(facts, Facts):
        return None
    told = facts.get(CLOCK.name)
    if told is None or told.origin is None or not isinstance(told.fact, Known):
        return None
    shown: datetime = told.fact.value
    return (shown - told.origin.at).total_seconds()


def _zones(pair: Pair[str]) -> Comparison:
    if _SAME.get(pair.old, pair.old) == _SAME.get(pair.new, pair.new):
        return Comparison(same=1)
    words = f"its time zone was {pair.old} and is {pair.new}"
    difference = Difference(key=key("zone", pair.old, pair.new), words=words)
    return Comparison(differences=(difference,))


def _followed(sight: Sight) -> Iterator[Difference]:
    if not isinstance(sight.old, Facts) or not isinstance(sight.new, Facts):
        return
    if sight.old.value(SYNCHRONISED) and sight.new.value(SYNCHRONISED) is False:
        words = "the old server's clock follows a time server, and the new one's does not"
        yield Difference(key=key("synchronised", "yes", "no"), words=words)
    old, new = (each.value(TIME_SERVERS) for each in (sight.old, sight.new))
    if old is not None and new is not None:
        before, after = ({each.address for each in some} for some in (old, new))
        if before != after:
            words = f"time is taken from {_named(after)}, and was from {_named(before)}"
            yield Difference(
                key=key("servers", *map(_named, (before, after))), words=words, told=True
            )


def _untold(sight: Sight) -> Iterator[str]:
    """Say so where the old clock is known to follow a server, and of the new one nothing is."""
    if not isinstance(sight.old, Facts) or not isinstance(sight.new, Facts):
        return
    new = sight.new.of(SYNCHRONISED)
    if sight.old.value(SYNCHRONISED) and isinstance(new, Unknown):
        yield f"{SYNCHRONISED.name} of the new server: {new}"


def _named(addresses: set[str]) -> str:
    return ", ".join(sorted(addresses)) or "nobody who is named"


CHECK = Check(
    parameters=parameters(
        {
            "max_seconds": {
                "type": "integer",
                "minimum": 1,
                "maximum": 3600,
                "description": "How many seconds the two clocks may be apart. The look itself "
                "cannot tell less than an answer takes.",
                "default": _MAX_SECONDS,
            },
        }
    ),
    run=_run,
    reads="Compares what both clocks show, their time zones, and whether they are synchronised.",
    about=About.BOTH,
)
