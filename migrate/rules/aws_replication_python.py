"""Python is there for the installer of the replication agent."""

from __future__ import annotations

import re

from inventory.model.facts import OS_FAMILY, PYTHON_VERSIONS
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import about, on_family
from migrate.judging.sources import AWS_REPLICATION
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

OLDEST = (2, 4)

_LINUX = OS_FAMILY.known("linux")


def _judge(versions: tuple[str, ...]) -> Judgement:
    if any(_number(version) >= OLDEST for version in versions):
        return Passed()
    return Flagged(observed=f"Python {', '.join(versions)}" if versions else "no Python")


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


RULE = Rule(
    title="No Python that the installer can use",
    why=(
        "On Linux the installer of the replication agent of AWS MGN needs Python 2.4 or "
        "newer, or 3.0 or newer."
    ),
    fix="Install Python 3 before the agent is installed.",
    source=AWS_REPLICATION.citation,
    source_date=AWS_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=on_family("linux", about(PYTHON_VERSIONS, _judge)),
    examples=(
        flags("none", _LINUX, PYTHON_VERSIONS.known(())),
        flags("too old", _LINUX, PYTHON_VERSIONS.known(("2.3.4",))),
        passes("Python 2", _LINUX, PYTHON_VERSIONS.known(("2.4.3",))),
        passes("Python 3", _LINUX, PYTHON_VERSIONS.known(("3.11.2",))),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("not told", _LINUX, untold(PYTHON_VERSIONS)),
    ),
)
