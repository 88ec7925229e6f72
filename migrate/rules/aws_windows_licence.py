"""No Windows Server needs its licence chosen on AWS."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.facts import CPU_THREADS, OS_FAMILY, OS_ID
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import lacking, on_family
from migrate.judging.sources import AWS_MICROSOFT_LICENCES
from migrate.model.rule import Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    name, threads = facts.of(OS_ID), facts.of(CPU_THREADS)
    if not isinstance(name, Known) or not isinstance(threads, Known):
        return lacking(facts, OS_ID, CPU_THREADS)
    if name.value != "windows-server":
        return Passed()
    return Flagged(observed=f"{threads.value} vCPUs, licence included by the hour")


_WINDOWS = OS_FAMILY.known("windows")
_SERVER = OS_ID.known("windows-server")

RULE = Rule(
    title="Windows Server needs a licence on AWS",
    why=(
        "Windows Server licences of your own cannot be brought to shared servers: AWS lends them "
        "by the hour. On dedicated hosts they can, for releases bought before October 2019."
    ),
    fix="Reckon with licence included; weigh dedicated hosts only for many old licences.",
    source=AWS_MICROSOFT_LICENCES.citation,
    source_date=AWS_MICROSOFT_LICENCES.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.NONE,
    judge=on_family("windows", _judge),
    examples=(
        flags("Windows Server", _WINDOWS, _SERVER, CPU_THREADS.known(4)),
        passes(
            "a Windows that is no server", _WINDOWS, OS_ID.known("windows"), CPU_THREADS.known(4)
        ),
        spares("Linux", OS_FAMILY.known("linux")),
        cannot_tell("system not told", _WINDOWS, untold(OS_ID), CPU_THREADS.known(4)),
        cannot_tell("processors not told", _WINDOWS, _SERVER, untold(CPU_THREADS)),
    ),
    verified=False,
)
