"""Account that asks may install the replication agent."""

from __future__ import annotations

from inventory.model.facts import SUDO
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AWS_AGENT
from migrate.model.rule import Flagged, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="The account that was used has no privileges",
    why=(
        "The agents of AWS MGN and of Azure Migrate are installed by root, or by an account that "
        "may use sudo; the account that discovery came with may not."
    ),
    fix="Arrange an account for the installation beforehand.",
    source=AWS_AGENT.citation,
    source_date=AWS_AGENT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(
        SUDO,
        lambda privileged: Passed() if privileged else Flagged(observed="no sudo"),
    ),
    examples=(
        flags("none", SUDO.known(value=False)),
        passes("privileged", SUDO.known(value=True)),
        cannot_tell("not told", untold(SUDO)),
    ),
)
