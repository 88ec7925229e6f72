"""The old server is off: it was switched off, and nobody answers at its address.

That nobody answers is no proof by itself: it must have been switched off through the gate, or
whoever runs it (a hypervisor's export) must say that it is off. Something that answers at its
address fails, and so does an export that says that it is on.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from inventory.errors import UsageError
from inventory.model.fact import Facts, Known, Unknown
from inventory.model.facts import LISTENERS
from inventory.model.parts import Protocol
from inventory.model.placement import POWER, Power
from inventory.model.target import DEFAULT_PORTS, Target
from migrate.checks._asked import NO_PARAMETERS
from migrate.checks._ports import reachable
from migrate.checks._record import last_act_at
from migrate.checks._say import failed, listed, passed, unknown
from migrate.knock import Heard, Knock, knock
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_MOST_PORTS = 4
_MOST_SECONDS = 5.0
_ALIVE = frozenset({Knock.OPEN, Knock.REFUSED})
_SILENT = frozenset({Knock.TIMED_OUT, Knock.NO_ROUTE})


def _run(sight: Sight, _parameters: Mapping[str, Any]) -> CheckResult:
    if isinstance(sight.old, Facts):
        if not sight.old:
            return unknown("something answered in its place, and told nothing")
        return failed("the old server answers, so it is on")
    power = _power(sight)
    switched = _switched(sight)
    if power is Power.ON:
        return failed("whoever runs it says that it is on, later than it was last switched off")
    if power is not Power.OFF and not switched:
        return unknown(
            "that it does not answer does not show that it is off: it was not switched off by "
            "decant, and no export says so"
        )
    why = switched or "whoever runs it says that it is off"
    heard = _knocks(sight)
    return unknown(heard) if isinstance(heard, str) else _judge(sight, heard, why)


def _judge(sight: Sight, heard: Mapping[int, Heard], why: str) -> CheckResult:
    observed = {"ports": {str(port): str(each) for port, each in heard.items()}}
    alive = [str(port) for port, each in heard.items() if _is_alive(sight, each)]
    dumb = [str(each) for each in heard.values() if each.knock not in {*_ALIVE, *_SILENT}]
    if alive:
        return failed(f"something answers at its address, on {listed(alive)}", **observed)
    if dumb:
        return unknown(f"it cannot be told from here: {listed(dumb)}", **observed)
    if isinstance(sight.new, Unknown):
        return unknown(
            "neither it nor the new server answers: the network from here may be at fault",
            **observed,
        )
    return passed(f"{why}, and nobody answers at its address", **observed)


def _switched(sight: Sight) -> str:
    # What changed nothing on it, such as ending its replication, did not switch it on again.
    own = [each for each in sight.acts if each.intent.changes]
    last = own[-1] if own else None
    if last is None or not last.switched_off or last.intent.undo or last.result is None:
        return ""
    return f"it was switched off on {last.result.at:%Y-%m-%d %H:%M} UTC"


def _power(sight: Sight) -> Power | None:
    """Return what exports say of its power, unless the last act on it is newer."""
    said = sight.past.known().get(POWER.name)
    if said is None or not isinstance(said.fact, Known) or said.origin is None:
        return None
    acted = last_act_at(sight)
    power: Power = said.fact.value
    return power if acted is None or said.origin.at > acted else None


def _knocks(sight: Sight) -> dict[int, Heard] | str:
    """Knock at the port by which it was asked, and at some that it served; or say why not."""
    try:
        target = Target.parse(sight.move.source)
    except UsageError:
        return f"{sight.move.source} is no address, so nobody can knock there"
    listeners = sight.past.known().value(LISTENERS) or ()
    asked = target.port or DEFAULT_PORTS.get(target.transport)
    tcp = [each.port for each in reachable(listeners) if each.protocol is Protocol.TCP]
    ports = list(dict.fromkeys([*([asked] if asked else []), *tcp]))[:_MOST_PORTS]
    if target.transport != "ssh":
        return f"{sight.move.source} is not reached over the network, so nobody can knock there"
    seconds = min(sight.timeout_seconds, _MOST_SECONDS)
    return {port: knock(target.host, port, seconds) for port in ports}


def _is_alive(sight: Sight, heard: Heard) -> bool:
    # On loopback this machine itself refuses for every address: that is what off looks like there.
    if heard.knock is Knock.REFUSED and _is_loopback(Target.parse(sight.move.source).host):
        return False
    return heard.knock in _ALIVE


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


CHECK = Check(
    parameters=NO_PARAMETERS,
    run=_run,
    reads="Looks at the journal and at what exports say of its power, and knocks at its address.",
    about=About.OLD,
)
