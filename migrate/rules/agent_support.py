"""Agents on it are maintained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from inventory.model.application import Application
from inventory.model.fact import Facts, Known
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import agent, cannot_tell, flags, passes, recognised, untold
from migrate.judging.software import ended
from migrate.judging.sources import LIFECYCLE
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(facts: Facts, around: Surroundings) -> Judgement:
    told = facts.of(APPLICATIONS)
    if not isinstance(told, Known):
        return CannotTell(missing=(APPLICATIONS,))
    agents = [each for each in told.value if each.is_agent and each.lifecycle_product]
    ends = {f"{each.name} {each.version or ''}".strip(): _end(each, around) for each in agents}
    found = [f"{name} {said}" for name, end in ends.items() if (said := ended(end, around))]
    if found:
        return Flagged(observed=", ".join(sorted(found)))
    unknown = [name for name, end in ends.items() if end is None]
    if unknown:
        because = f"until when {', '.join(sorted(unknown))} is maintained is not known"
        return CannotTell(missing=(APPLICATIONS,), because=because)
    return Passed()


def _end(application: Application, around: Surroundings) -> date | bool | None:
    product, version = application.lifecycle_product, application.version
    return around.lifecycle(product, version) if product and version else None


RULE = Rule(
    title="An agent is no longer maintained",
    why=(
        "Agents of backup, monitoring and antivirus run with full rights. An old one may not know "
        "the new place either."
    ),
    fix="Install the current agent at the new place instead of moving this one.",
    source=LIFECYCLE.citation,
    source_date=LIFECYCLE.date,
    axis=Axis.SECURITY,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=_judge,
    examples=(
        flags("Zabbix 5.0", APPLICATIONS.known((agent("zabbix-agent", "5.0.44", "zabbix"),))),
        passes("Zabbix 7.0", APPLICATIONS.known((agent("zabbix-agent", "7.0.3", "zabbix"),))),
        passes("no agent whose end is known", APPLICATIONS.known((agent("clamav", "1.0", None),))),
        flags(
            "an old agent beside one of which nothing is known",
            APPLICATIONS.known(
                (agent("veeam", "1.0", None), agent("zabbix-agent", "5.0.44", "zabbix"))
            ),
        ),
        passes(
            "an old product that is no agent",
            APPLICATIONS.known(
                (recognised("zabbix", "monitoring", version="5.0.44", lifecycle="zabbix"),)
            ),
        ),
        cannot_tell(
            "an agent of no release",
            APPLICATIONS.known((replace(agent("zabbix-agent", "7.0.3", "zabbix"), version=None),)),
        ),
        cannot_tell(
            "a release that the catalogue does not know",
            APPLICATIONS.known((agent("zabbix-agent", "99.0", "zabbix"),)),
        ),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
)
