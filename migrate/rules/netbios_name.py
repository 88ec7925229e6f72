"""Name of a Windows server is one that NetBIOS and Azure accept."""

from __future__ import annotations

import re
from datetime import date

from inventory.model.facts import HOSTNAME, OS_FAMILY
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import about, on_family
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LONGEST = 15
FORBIDDEN = re.compile(r"[`~!@#$%^&*()=+_\[\]{}\\|;:.'\",<>/?\s]")

_WINDOWS = OS_FAMILY.known("windows")


def _judge(name: str) -> Judgement:
    good = len(name) <= LONGEST and not name.isdigit() and not FORBIDDEN.search(name)
    return Passed() if good else Flagged(observed=repr(name))


RULE = Rule(
    title="A name that a Windows server cannot have in Azure, and that NetBIOS cuts off",
    why=(
        "The computer name of Windows has up to 15 characters, is not of digits alone, and holds "
        "no underscore, dot or the like; Azure refuses others when it makes the VM."
    ),
    fix="Choose a name of up to 15 letters, digits and hyphens for the new server.",
    source=(
        "Azure's refusal, as clients quote it: Windows computer name cannot be more than 15 "
        "characters long, be entirely numeric, or contain certain characters"
    ),
    source_date=date(2026, 11, 23),
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=on_family("windows", about(HOSTNAME, _judge)),
    examples=(
        flags("16 letters", _WINDOWS, HOSTNAME.known("a" * 16)),
        flags("digits alone", _WINDOWS, HOSTNAME.known("20041")),
        flags("an underscore", _WINDOWS, HOSTNAME.known("SQL_1")),
        passes("15 letters", _WINDOWS, HOSTNAME.known("a" * 15)),
        spares("Linux", OS_FAMILY.known("linux")),
        cannot_tell("name not told", _WINDOWS, untold(HOSTNAME)),
    ),
)
