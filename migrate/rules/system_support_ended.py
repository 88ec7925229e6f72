"""Operating system is maintained."""

from __future__ import annotations

from inventory.model.facts import OS_ID, OS_VERSION
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.software import ended, unknown_release
from migrate.judging.sources import LIFECYCLE
from migrate.judging.systems import System, about_system
from migrate.model.rule import Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(found: System, around: Surroundings) -> Judgement:
    end = around.lifecycle(found.product, found.version)
    if end is None:
        return unknown_release(OS_VERSION, str(found))
    said = ended(end, around)
    return _flag(f"{found} {said}", found, around) if said else Passed()


def _flag(said: str, found: System, around: Surroundings) -> Flagged:
    extended = around.extended(found.product, found.version)
    if not extended or extended is True or extended < around.today:
        return Flagged(observed=said)
    return Flagged(
        observed=f"{said}, extended support ends on {extended}",
        severity=Severity.CONDITION,
    )


RULE = Rule(
    title="Support of the operating system has ended",
    why=(
        "Without security updates the server is a risk wherever it runs, and moving it moves "
        "the risk. Extended support, by subscription or by volunteers, gives time."
    ),
    fix="Upgrade the system with the move, or rebuild on a maintained one.",
    source=LIFECYCLE.citation,
    source_date=LIFECYCLE.date,
    axis=Axis.SUPPORT,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=about_system(_judge),
    examples=(
        flags("ended", OS_ID.known("debian"), OS_VERSION.known("9")),
        flags("ended, extended support goes on", OS_ID.known("ubuntu"), OS_VERSION.known("20.04")),
        passes("maintained", OS_ID.known("ubuntu"), OS_VERSION.known("24.04")),
        cannot_tell("not in the catalogue", OS_ID.known("debian"), OS_VERSION.known("99")),
        cannot_tell("release not told", OS_ID.known("debian"), untold(OS_VERSION)),
    ),
)
