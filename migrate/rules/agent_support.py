"""Agents on it are maintained."""

from __future__ import annotations

from inventory.model.application import Application
from inventory.model.fact import Facts, Known
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import agent, cannot_tell, flags, passes, untold
from migrate.judging.software import ended
from migrate.judging.sources import LIFECYCLE
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(facts: Facts, around: Surroundings) -> Judgement:
    told = facts.of(APPLICATIONS)
    if not isinstance(told, Known):
        return CannotTell(missing=(APPLICATIONS,))
    found = [said for each in told.value if (said := _ended(each, around))]
    return Flagged(observed=", ".join(sorted(found))) if found else Passed()


def _ended(application: Application, around: Surroundings) -> str:
    product, version = application.lifecycle_product, application.version
    if not application.is_agent or not product or not version:
        return ""
    said = ended(around.lifecycle(product, version), around)
    return f"{application.name} {version} {said}" if said else ""


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
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
)
