"""SSH starts at boot."""

from __future__ import annotations

from inventory.model.facts import OS_FAMILY, SERVICES
from inventory.model.parts import Service, ServiceState
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import about, on_family
from migrate.judging.sources import AZURE_REPLICATION
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

NAMES = frozenset({"ssh", "sshd"})

_LINUX = OS_FAMILY.known("linux")


def _judge(services: tuple[Service, ...]) -> Judgement:
    enabled = [each.enabled for each in services if each.name in NAMES]
    if True in enabled:
        return Passed()
    if False in enabled:
        return Flagged(observed="the SSH service is not enabled; a socket may start it instead")
    return CannotTell(missing=(SERVICES,), because="no service named ssh or sshd was told of")


def _ssh(*, enabled: bool | None) -> Service:
    return Service(name="ssh", state=ServiceState.RUNNING, enabled=enabled)


RULE = Rule(
    title="SSH does not start at boot",
    why=(
        "To connect to the VM after the move, its SSH service must start at boot and the "
        "firewall let it through."
    ),
    fix="Enable the SSH service before replication.",
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.HOURS,
    judge=on_family("linux", about(SERVICES, _judge)),
    examples=(
        flags("not enabled", _LINUX, SERVICES.known((_ssh(enabled=False),))),
        passes("enabled", _LINUX, SERVICES.known((_ssh(enabled=True),))),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("not told whether enabled", _LINUX, SERVICES.known((_ssh(enabled=None),))),
        cannot_tell("no such service", _LINUX, SERVICES.known(())),
        cannot_tell("services not told", _LINUX, untold(SERVICES)),
        cannot_tell(
            "another service at boot",
            _LINUX,
            SERVICES.known((Service(name="cron", state=ServiceState.RUNNING, enabled=True),)),
        ),
    ),
)
