"""No network card is passed through from the hypervisor."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import VIRTUALISATION
from inventory.model.placement import VIRTUAL_NICS, VirtualNic
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.parts import listed
from migrate.judging.platform import on_vmware
from migrate.judging.reading import about
from migrate.judging.sources import FORKLIFT
from migrate.model.rule import Judgement, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_VMWARE = VIRTUALISATION.known("vmware")


def _judge(cards: tuple[VirtualNic, ...]) -> Judgement:
    # vSphere allows DirectPath to every Vmxnet3: None is a card that is not passed through now.
    return listed(f"{each.name} ({each.adapter})" for each in cards if each.pass_through)


def _card(adapter: str, *, passed: bool | None) -> Observation:
    card = VirtualNic(name="Network adapter 2", adapter=adapter, pass_through=passed)
    return VIRTUAL_NICS.known((card,))


RULE = Rule(
    title="A network card is passed through (SR-IOV)",
    why=(
        "The guest drives a card of the hypervisor. In a cloud it gets the cloud's own card "
        "instead, with another driver; what was tuned for low latency must be proved again. "
        "Forklift does not carry such a card over."
    ),
    fix=(
        "Give it a Vmxnet3 card before replication, or choose a size with enhanced networking "
        "and test it there."
    ),
    source=FORKLIFT.citation,
    source_date=FORKLIFT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=on_vmware(about(VIRTUAL_NICS, _judge)),
    examples=(
        flags("SR-IOV", _VMWARE, _card("SriovEthernetCard", passed=True)),
        passes("Vmxnet3, which might be", _VMWARE, _card("Vmxnet3", passed=None)),
        spares("another hypervisor", VIRTUALISATION.known("kvm")),
        cannot_tell("cards not told", _VMWARE, untold(VIRTUAL_NICS)),
    ),
)
