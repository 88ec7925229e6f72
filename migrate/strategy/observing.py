"""Reads the inputs of the decision table from what is known of an application. Pure.

What holds of an application is what holds of its servers. Where one of them counts for all, as a
device that ties it to the building does, one that is known is enough; otherwise what is unknown of
one server is unknown of the application.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from inventory.model.fact import Fact, Known, Reason, Unknown
from inventory.model.facts import VIRTUALISATION
from inventory.model.placement import ENVIRONMENT, POWER, STATUS, Power
from migrate.model.verdict import Cloud, Finding, Readiness, Severity
from migrate.strategy.products import bought, supplier_inputs
from migrate.strategy.usage import BUSIEST_FIRST, usage

if TYPE_CHECKING:
    from datetime import datetime

    from inventory.model.application import Application
    from inventory.model.fact import FactKey
    from inventory.model.server import Server
    from migrate.model.strategy import ApplicationVerdict, AxisVerdict, EstateApplication
    from migrate.strategy.inputs import Inputs, Value
    from migrate.strategy.seen import Seen

POWER_COUNTS_FOR: Final = timedelta(days=90)
"""How long ago a server may have been seen on or off: as long as AWS looks back for idle servers
(docs.aws.amazon.com/prescriptive-guidance/latest/large-migration-guide/migration-strategies.html).
"""
RETIRED: Final = frozenset({"decommissioned", "disposed", "retired", "to be retired", "obsolete"})
"""Words for a server that is to go, as inventories write them."""
_READINESS: Final = {
    Readiness.READY: "ready",
    Readiness.CONDITIONS: "conditions",
    Readiness.NOT_READY: "not-ready",
}
_WEIGHT: Final = {Severity.NOTE: 0, Severity.CONDITION: 1, Severity.BLOCKER: 2}


def observe(
    application: EstateApplication, verdicts: Sequence[ApplicationVerdict], seen: Seen
) -> dict[Cloud, Inputs]:
    """Return each input, as each cloud has it."""
    servers = [seen.servers[each.server_id] for each in application.components]
    software = _software(application)
    shared: Inputs = {
        "usage": _busiest([usage(each) for each in servers]),
        "clients": _clients(application, seen),
        "power": _power([_switched(each, seen.at) for each in servers]),
        "told-retired": _told_retired([each.facts.of(STATUS) for each in servers]),
        **{name: _by_rules(servers, rules, seen) for name, rules in seen.table.rules.items()},
        **_of_software(software),
        "vendor-product": bought(application, software, seen),
        **supplier_inputs(application, seen),
        "virtualisation": _words(servers, VIRTUALISATION),
        "environment": _words(servers, ENVIRONMENT),
    }
    return {
        each.cloud: {
            **shared,
            "fit": _readiness(each.fit),
            "move": _readiness(each.move),
            "support": _readiness(each.support),
            "managed-service": _managed(software, seen.table.managed.get(each.cloud, {})),
        }
        for each in verdicts
    }


def known(*words: str) -> Value:
    """Return an input of which these words hold."""
    return Known(value=frozenset(words))


def yes_or_no(*, holds: bool) -> Value:
    """Return an input that is yes or no."""
    return known("yes" if holds else "no")


def _software(application: EstateApplication) -> Fact[tuple[Application, ...]]:
    """Return all that runs for an application; for one that was recognised, that alone."""
    found: list[Application] = []
    for each in application.components:
        if isinstance(each.software, Unknown):
            return each.software
        found.extend(each.software.value)
    if application.software_id:
        found = [each for each in found if each.id == application.software_id]
    if found:
        return Known(value=tuple(found))
    return Unknown(reason=Reason.NOT_TOLD, detail="no software was recognised on its servers")


def _of_software(software: Fact[tuple[Application, ...]]) -> Inputs:
    if isinstance(software, Unknown):
        return {"runs": software, "only-runs": software, "software": software}
    categories = known(*(each.category for each in software.value))
    ids = known(*(each.id for each in software.value))
    return {"runs": categories, "only-runs": categories, "software": ids}


def _managed(software: Fact[tuple[Application, ...]], services: Mapping[str, str]) -> Value:
    if isinstance(software, Unknown):
        return software
    return yes_or_no(holds=all(each.id in services for each in software.value))


def _readiness(verdict: AxisVerdict) -> Value:
    word = _READINESS.get(verdict.readiness)
    if word:
        return known(word)
    return Unknown(reason=Reason.NOT_TOLD, detail=f"{verdict.server}: {verdict.because}")


def _busiest(usages: Sequence[Value]) -> Value:
    """Return the busiest server's use: one that is in use decides, whatever the others do."""
    words = {word for each in usages if isinstance(each, Known) for word in each.value}
    unknown = _first_unknown(usages)
    if "in-use" in words or unknown is None:
        return known(next(each for each in BUSIEST_FIRST if each in words))
    return unknown


def _clients(application: EstateApplication, seen: Seen) -> Value:
    ids = {each.server_id for each in application.components}
    if any(seen.clients.get(each, frozenset()) - ids for each in ids):
        return yes_or_no(holds=True)
    unseen = [each.server for each in application.components if not seen.looked_at(each.server_id)]
    if unseen:
        detail = f"connections of {', '.join(unseen)} were never seen"
        return Unknown(reason=Reason.NOT_TOLD, detail=detail)
    return yes_or_no(holds=False)


def _power(powers: Sequence[Fact[Power]]) -> Value:
    if any(isinstance(each, Known) and each.value is Power.ON for each in powers):
        return known("on")
    unknown = _first_unknown(powers)
    suspended = any(isinstance(each, Known) and each.value is Power.SUSPENDED for each in powers)
    if unknown is None and suspended:
        return Unknown(reason=Reason.NOT_TOLD, detail="a server is suspended: neither on nor off")
    return known("off") if unknown is None else unknown


def _switched(server: Server, at: datetime) -> Fact[Power]:
    """Return a server's power; one that answered when it was last asked is on.

    What was told too long ago tells nothing of today, and yields to what was told since.
    """
    answered = server.last_answered if server.unreachable is None else None
    if answered and at - answered <= POWER_COUNTS_FOR:
        return Known(value=Power.ON)
    observation = server.facts.get(POWER.name)
    told = observation.origin.at if observation and observation.origin else None
    said = server.facts.of(POWER)
    if isinstance(said, Known) and (told is None or at - told <= POWER_COUNTS_FOR):
        return said
    last = max((each for each in (answered, told) if each), default=None)
    if last is None:
        return said
    days = POWER_COUNTS_FOR.days
    return Unknown(
        reason=Reason.NOT_TOLD, detail=f"last told on {last:%Y-%m-%d}, more than {days} days ago"
    )


def _told_retired(told: Sequence[Fact[str]]) -> Value:
    if any(isinstance(each, Known) and each.value.casefold() not in RETIRED for each in told):
        return yes_or_no(holds=False)
    return _first_unknown(told) or yes_or_no(holds=True)


def _words(servers: Sequence[Server], key: FactKey[str]) -> Value:
    told = [each.facts.of(key) for each in servers]
    words = [each.value.casefold() for each in told if isinstance(each, Known)]
    return _first_unknown(told) or known(*words)


def _by_rules(servers: Sequence[Server], rules: Mapping[str, Severity], seen: Seen) -> Value:
    """Tell whether one of some rules found something weighty enough on one of the servers."""
    if not rules:
        return Unknown(reason=Reason.NOT_ASKED, detail="no rule of the table tells it")
    untold = ""
    for server in servers:
        verdicts = [seen.verdicts.get((server.id, cloud)) for cloud in Cloud]
        judged = [each for each in verdicts if each]
        if any(weighs(finding, rules) for each in judged for finding in each.findings):
            return yes_or_no(holds=True)
        missing = [one.rule for each in judged for one in each.missing if one.rule in rules]
        if missing:
            untold = untold or f"{server.name}: {missing[0]} could not tell"
        elif not judged:
            untold = untold or f"{server.name} was never classified"
    if untold:
        return Unknown(reason=Reason.NOT_TOLD, detail=untold)
    return yes_or_no(holds=False)


def weighs(finding: Finding, rules: Mapping[str, Severity]) -> bool:
    """Tell whether a finding is of one of the rules, and at least as weighty as is asked."""
    least = rules.get(finding.rule)
    return least is not None and _WEIGHT[finding.severity] >= _WEIGHT[least]


def _first_unknown(facts: Iterable[Fact[Any]]) -> Unknown | None:
    return next((each for each in facts if isinstance(each, Unknown)), None)
