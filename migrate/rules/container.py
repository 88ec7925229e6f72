"""Server is a machine of its own, not a container."""

from __future__ import annotations

from datetime import date

from inventory.model.facts import VIRTUALISATION
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.platform import CONTAINERS, MACHINES
from migrate.judging.reading import about
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(under: str) -> Judgement:
    if under in CONTAINERS:
        return Flagged(observed=f"a container ({under})")
    if under in MACHINES:
        return Passed()
    because = f"{under!r} is known neither as a hypervisor nor as a container"
    return CannotTell(missing=(VIRTUALISATION,), because=because)


RULE = Rule(
    title="The server is a container",
    why=(
        "Replication takes virtual and physical machines; a container shares the kernel of another."
    ),
    fix="Move the machine that runs it, or run its image on a container service.",
    source=(
        "Migration tool by source hypervisor: a public comparison that cites the vendors' "
        "documentation"
    ),
    source_date=date(2026, 11, 22),
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=about(VIRTUALISATION, _judge),
    examples=(
        flags("Docker", VIRTUALISATION.known("docker")),
        flags("LXC", VIRTUALISATION.known("lxc")),
        passes("KVM", VIRTUALISATION.known("kvm")),
        passes("a physical server", VIRTUALISATION.known("none")),
        cannot_tell("a word that nobody knows", VIRTUALISATION.known("newfangled")),
        cannot_tell("not told", untold(VIRTUALISATION)),
    ),
    verified=False,
)
