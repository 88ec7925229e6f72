"""Hardware address of each adapter is the adapter's own."""

from __future__ import annotations

from dataclasses import replace

from inventory.model.fact import Observation
from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from migrate.judging.examples import cannot_tell, flags, interface, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AWS_AGENT
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(seen: tuple[Interface, ...]) -> Judgement:
    physical = [each for each in seen if each.kind == "physical"]
    changed = [each for each in physical if each.permanent_mac not in {None, each.mac}]
    if changed:
        return Flagged(observed=", ".join(f"{each.name} has {each.mac}" for each in changed))
    if any(each.mac is None for each in physical) or not physical:
        because = "the adapters' hardware addresses were not told"
        return CannotTell(missing=(INTERFACES,), because=because)
    return Passed()


def _eth(name: str, mac: str | None, own: str | None = None) -> Interface:
    return replace(interface(name, "192.0.2.4/24"), mac=mac, permanent_mac=own)


def _adapter(mac: str | None, own: str | None = None) -> Observation:
    return INTERFACES.known((_eth("eth0", mac, own),))


RULE = Rule(
    title="An adapter has another hardware address than its own",
    why=(
        "AWS MGN knows a server by its hardware addresses. When one changes, as a bond gives and "
        "takes it, replication stops and must begin anew."
    ),
    fix="Leave bonds and adapters as they are from the first copy until the cutover.",
    source=AWS_AGENT.citation,
    source_date=AWS_AGENT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.NONE,
    judge=about(INTERFACES, _judge),
    examples=(
        flags("one of a bond", _adapter("52:54:00:00:00:01", "52:54:00:00:00:02")),
        passes("its own", _adapter("52:54:00:00:00:01")),
        flags(
            "one of two, the other not told",
            INTERFACES.known(
                (_eth("eth0", "52:54:00:00:00:01", "52:54:00:00:00:02"), _eth("eth1", None))
            ),
        ),
        passes(
            "its own, beside a bridge that has none",
            INTERFACES.known((_eth("eth0", "52:54:00:00:00:01"), interface("br0", kind="bridge"))),
        ),
        passes(
            "its own, beside a bridge that took another",
            INTERFACES.known(
                (
                    _eth("eth0", "52:54:00:00:00:01"),
                    replace(_eth("br0", "52:54:00:00:00:01", "52:54:00:00:00:03"), kind="bridge"),
                )
            ),
        ),
        cannot_tell("addresses not told", _adapter(None)),
        cannot_tell("interfaces not told", untold(INTERFACES)),
        cannot_tell(
            "that of one of two not told",
            INTERFACES.known((_eth("eth0", "52:54:00:00:00:01"), _eth("eth1", None))),
        ),
        cannot_tell("no adapter told of", INTERFACES.known((interface("br0", kind="bridge"),))),
    ),
)
