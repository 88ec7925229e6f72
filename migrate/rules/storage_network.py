"""Disks are the server's own, not those of a storage network."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import VIRTUALISATION
from inventory.model.storage import FIBRE_CHANNEL, FibreChannelPort
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.parts import any_part
from migrate.judging.platform import on_physical
from migrate.judging.sources import AZURE_REPLICATION
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_PHYSICAL = VIRTUALISATION.known("none")


def _online(port: FibreChannelPort) -> bool | None:
    return None if port.state is None else port.state.lower() == "online"


def _named(port: FibreChannelPort) -> str:
    return f"{port.name} ({port.wwpn})"


def _port(state: str | None) -> Observation:
    port = FibreChannelPort(name="host1", wwpn="2100001b32a1b2c3", state=state)
    return FIBRE_CHANNEL.known((port,))


RULE = Rule(
    title="The server is connected to a storage network (Fibre Channel)",
    why=(
        "There is no Fibre Channel in a cloud: what it reads over it must be copied to "
        "volumes of the cloud. Azure Migrate does not replicate such disks; AWS MGN reads "
        "them as any block device."
    ),
    fix=(
        "Find out which disks come over the network and who else uses them; replicate them, "
        "or copy their data by other means."
    ),
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=on_physical(any_part(FIBRE_CHANNEL, _online, _named)),
    examples=(
        flags("a port that is online", _PHYSICAL, _port("Online")),
        passes("a port without a cable", _PHYSICAL, _port("Linkdown")),
        passes("no adapter", _PHYSICAL, FIBRE_CHANNEL.known(())),
        spares("a virtual machine", VIRTUALISATION.known("vmware")),
        cannot_tell("state not told", _PHYSICAL, _port(None)),
        cannot_tell("not told", _PHYSICAL, untold(FIBRE_CHANNEL)),
    ),
)
