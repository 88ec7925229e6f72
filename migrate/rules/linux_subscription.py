"""No Linux on it needs a subscription of its maker."""

from __future__ import annotations

from inventory.model.facts import OS_FAMILY, OS_ID
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import about, on_family
from migrate.judging.sources import AZURE_HYBRID_SQL
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

MAKERS = {"rhel": "Red Hat", "sles": "SUSE", "sles_sap": "SUSE"}


def _judge(name: str) -> Judgement:
    maker = MAKERS.get(name)
    return Flagged(observed=f"a subscription of {maker}") if maker else Passed()


_LINUX = OS_FAMILY.known("linux")

RULE = Rule(
    title="Linux that needs a subscription in a cloud",
    why=(
        "It is either bought by the hour with the image of the cloud, or the own subscription is "
        "registered for the cloud first. A server that is replicated brings its registration "
        "along, not the right to pay by the hour."
    ),
    fix=(
        "Decide for each: hours where few run or briefly, own subscriptions (Red Hat cloud access, "
        "SUSE public cloud) for the rest. Azure can switch between them, AWS by its licence "
        "manager."
    ),
    source=AZURE_HYBRID_SQL.citation,
    source_date=AZURE_HYBRID_SQL.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=on_family("linux", about(OS_ID, _judge)),
    examples=(
        flags("Red Hat", _LINUX, OS_ID.known("rhel")),
        flags("SUSE", _LINUX, OS_ID.known("sles")),
        passes("Debian", _LINUX, OS_ID.known("debian")),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("distribution not told", _LINUX, untold(OS_ID)),
    ),
    verified=False,
)
