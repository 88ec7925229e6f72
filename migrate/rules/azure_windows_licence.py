"""No Windows Server needs its licence chosen on Azure."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.facts import CPU_THREADS, OS_FAMILY, OS_ID
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import lacking, on_family
from migrate.judging.sources import AZURE_HYBRID_WINDOWS
from migrate.model.rule import Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LEAST_CORES = 8
"""Core licences that a virtual machine takes, however small it is."""


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    name, threads = facts.of(OS_ID), facts.of(CPU_THREADS)
    if not isinstance(name, Known) or not isinstance(threads, Known):
        return lacking(facts, OS_ID, CPU_THREADS)
    if name.value != "windows-server":
        return Passed()
    return Flagged(
        observed=(f"as it is now: {max(LEAST_CORES, threads.value)} core licences, or by the hour")
    )


_WINDOWS = OS_FAMILY.known("windows")
_SERVER = OS_ID.known("windows-server")

RULE = Rule(
    title="Windows Server needs a licence on Azure",
    why=(
        "With Software Assurance or a subscription the hybrid benefit saves the hourly price of "
        "Windows. It takes 8 core licences for each server at least, and as many as it has cores "
        "beyond that."
    ),
    fix=(
        "Count the core licences with Software Assurance, and give them to the largest servers "
        "first."
    ),
    source=AZURE_HYBRID_WINDOWS.citation,
    source_date=AZURE_HYBRID_WINDOWS.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.HOURS,
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
)
