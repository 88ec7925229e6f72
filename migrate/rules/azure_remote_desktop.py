"""Windows answers to Remote Desktop, by which it is reached after the move."""

from __future__ import annotations

from inventory.model.fact import Facts, Known, Observation
from inventory.model.facts import LISTENERS, OS_FAMILY
from inventory.model.parts import Listener, Protocol
from inventory.model.placement import TOLD_SERVICES, ToldService
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import on_family
from migrate.judging.sources import AZURE_REPLICATION
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PORT = 3389

_WINDOWS = OS_FAMILY.known("windows")


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    listeners, told = facts.of(LISTENERS), facts.of(TOLD_SERVICES)
    if isinstance(listeners, Known):
        ports = {each.port for each in listeners.value if not each.is_loopback}
    elif isinstance(told, Known):
        ports = {each.port for each in told.value}
    else:
        return CannotTell(missing=(LISTENERS,))
    return Passed() if PORT in ports else Flagged(observed=f"nothing waits on TCP port {PORT}")


def _listening(port: int) -> Observation:
    return LISTENERS.known((Listener(protocol=Protocol.TCP, address="0.0.0.0", port=port),))  # noqa: S104 - an example


RULE = Rule(
    title="Windows does not answer to Remote Desktop",
    why=(
        "To connect to a VM in Azure after the move, Remote Desktop must be on beforehand, let "
        "through by Windows' firewall in the profiles that will apply, with the SAN policy "
        "OnlineAll."
    ),
    fix="Turn Remote Desktop on before replication, and let it through the firewall.",
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.HOURS,
    judge=on_family("windows", _judge),
    examples=(
        flags("web only", _WINDOWS, _listening(443)),
        passes("Remote Desktop", _WINDOWS, _listening(3389)),
        passes(
            "as a scan saw it",
            _WINDOWS,
            untold(LISTENERS),
            TOLD_SERVICES.known((ToldService(protocol=Protocol.TCP, port=3389),)),
        ),
        spares("Linux", OS_FAMILY.known("linux")),
        flags(
            "for itself alone",
            _WINDOWS,
            LISTENERS.known((Listener(protocol=Protocol.TCP, address="127.0.0.1", port=3389),)),
        ),
        cannot_tell("listeners not told", _WINDOWS, untold(LISTENERS), untold(TOLD_SERVICES)),
    ),
)
