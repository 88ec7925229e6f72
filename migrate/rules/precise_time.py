"""Nothing needs time more precise than a cloud's."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import PROCESSES
from inventory.model.parts import Process
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.parts import names_of
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_NETWORK
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRECISE = frozenset({"gpsd", "phc2sys", "ptp4l", "ptpd", "ptpd2", "sfptpd", "timemaster"})


def _judge(processes: tuple[Process, ...]) -> Judgement:
    found = ", ".join(sorted(names_of(processes) & PRECISE))
    return Flagged(observed=found) if found else Passed()


def _running(name: str) -> Observation:
    return PROCESSES.known((Process(pid=800, name=name, command_line=name),))


RULE = Rule(
    title="Time by PTP or GPS",
    why=(
        "PTP speaks by multicast to a clock on the same network, and GPS to a receiver that is "
        "plugged in. Neither comes along: clouds offer their own clocks instead."
    ),
    fix="Find out how precise the time must be, and whether the cloud's own clock is enough.",
    source=AZURE_NETWORK.citation,
    source_date=AZURE_NETWORK.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=about(PROCESSES, _judge),
    examples=(
        flags("PTP", _running("ptp4l")),
        passes("NTP", _running("chronyd")),
        cannot_tell("processes not told", untold(PROCESSES)),
    ),
)
