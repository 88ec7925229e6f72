"""Server is large enough for Microsoft Defender."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.facts import CPU_THREADS, DISKS, MEMORY_TOTAL
from migrate.judging.examples import cannot_tell, disk, flags, passes, untold
from migrate.judging.reading import lacking
from migrate.judging.sources import AZURE_ASSESSMENT
from migrate.judging.units import GIB, gib
from migrate.model.rule import Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LEAST_THREADS = 2
LEAST_MEMORY = 1 * GIB
LEAST_DISK = 2 * GIB

_THREADS = CPU_THREADS.known(2)
_MEMORY = MEMORY_TOTAL.known(4 * GIB)
_DISKS = DISKS.known((disk("sda", 64),))


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    threads, memory = facts.of(CPU_THREADS), facts.of(MEMORY_TOTAL)
    disks = facts.of(DISKS)
    small = []
    if isinstance(threads, Known) and threads.value < LEAST_THREADS:
        small.append(f"{threads.value} processor")
    if isinstance(memory, Known) and memory.value < LEAST_MEMORY:
        small.append(f"{gib(memory.value)} of memory")
    if isinstance(disks, Known) and sum(each.size_bytes for each in disks.value) < LEAST_DISK:
        small.append("less than 2 GB of disk")
    if small:
        return Flagged(observed=", ".join(small))
    unknown = lacking(facts, CPU_THREADS, MEMORY_TOTAL, DISKS)
    return unknown if unknown.missing else Passed()


RULE = Rule(
    title="Smaller than Microsoft Defender for Servers asks",
    why=(
        "Azure Migrate calls a server ready for Defender that has at least two processors, 1 GB "
        "of memory, 2 GB of disk and a listed system."
    ),
    fix="Choose a size with two processors and 1 GB of memory if Defender is to look after it.",
    source=AZURE_ASSESSMENT.citation,
    source_date=AZURE_ASSESSMENT.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.NONE,
    judge=_judge,
    examples=(
        flags("one processor", CPU_THREADS.known(1), _MEMORY, _DISKS),
        flags("a byte too little memory", _THREADS, MEMORY_TOTAL.known(GIB - 1), _DISKS),
        flags("1 GiB of disk", _THREADS, _MEMORY, DISKS.known((disk("sda", 1),))),
        passes("just enough", _THREADS, MEMORY_TOTAL.known(GIB), DISKS.known((disk("sda", 2),))),
        cannot_tell("memory not told", _THREADS, untold(MEMORY_TOTAL), _DISKS),
    ),
)
