"""The server runs no virtual machines of its own."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.hardware import GUESTS, HYPERVISOR, Guest
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.sources import AWS_NESTED
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_NAMED = 5
_KVM = HYPERVISOR.known(("libvirt",))


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    managers = facts.of(HYPERVISOR)
    if not isinstance(managers, Known):
        return CannotTell(missing=(HYPERVISOR,))
    if not managers.value:
        return Passed()
    guests = facts.of(GUESTS)
    if not isinstance(guests, Known):
        return CannotTell(missing=(GUESTS,))
    return _flag(managers.value, guests.value) if guests.value else Passed()


def _flag(managers: tuple[str, ...], guests: tuple[Guest, ...]) -> Flagged:
    names = sorted(each.name for each in guests)
    rest = ", …" if len(names) > _NAMED else ""
    told = f"{len(names)} of {', '.join(managers)}: {', '.join(names[:_NAMED])}{rest}"
    return Flagged(observed=told, severity=Severity.CONDITION)


def _guest(name: str) -> Guest:
    return Guest(name=name, manager="libvirt", container=False, running=True)


RULE = Rule(
    title="The server runs virtual machines of its own",
    why=(
        "Its guests are the servers that matter: each is moved by itself, and what runs them "
        "stays and is switched off. Moved as it is, it needs a size that allows nested "
        "virtualisation: C8i, M8i, R8i or bare metal on EC2, and only some families of Azure."
    ),
    fix=(
        "Discover the guests and classify each; plan the server itself for retirement, or for "
        "the Hub."
    ),
    source=AWS_NESTED.citation,
    source_date=AWS_NESTED.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=_judge,
    examples=(
        flags("two guests", _KVM, GUESTS.known((_guest("web-1"), _guest("web-2")))),
        flags(
            "more than are named", _KVM, GUESTS.known(tuple(_guest(f"vm-{n}") for n in range(9)))
        ),
        passes("none runs here", HYPERVISOR.known(()), GUESTS.known(())),
        passes("installed, without guests", _KVM, GUESTS.known(())),
        passes(
            "nothing that runs guests, what runs not told", HYPERVISOR.known(()), untold(GUESTS)
        ),
        cannot_tell("guests need privilege", _KVM, untold(GUESTS)),
        cannot_tell("not told", untold(HYPERVISOR), untold(GUESTS)),
    ),
)
