"""What to collect next: the one thing that would settle most of the verdicts that are unknown.

A verdict on an axis is settled by one thing when all that it lacks comes with it. How a fact is
learnt follows from its name and from why it is unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from inventory.model.fact import Reason
from migrate.model.verdict import VERDICT_AXES, Axis, Missing, Readiness, Verdict


class Way(Enum):
    """One thing that can be done to learn more of many servers at once."""

    DISCOVER = "ask the servers themselves"
    REACH = "make the servers answer, then ask again"
    SUDO = "ask with sudo"
    TIME = "ask with more time"
    HYPERVISOR = "import an export of the hypervisors"
    SAMPLE = "watch the servers for a while"
    TLS = "look at what the servers show of TLS"
    SAY = "say it in decant.toml"
    LOOK = "look at the servers, and import what is seen"
    CATALOGUE = "refresh the catalogue"
    MEND = "report the answers that could not be read"
    RULES = "mend or replace the rules that broke"


HOW: Final = {
    Way.DISCOVER: "decant discover, with the servers as targets",
    Way.REACH: "open the network or give the right account; decant discover",
    Way.SUDO: "allow the account sudo (decant sudoers); decant discover --sudo",
    Way.TIME: "decant discover --timeout 300",
    Way.HYPERVISOR: "an RVTools export: decant import vcenter.xlsx",
    Way.SAMPLE: "decant discover --sample 60s --with usage-history",
    Way.TLS: "decant discover --tls",
    Way.SAY: "[[marks]] in decant.toml",
    Way.LOOK: "decant import --template csv, fill it in, decant import it",
    Way.CATALOGUE: "decant catalogue refresh",
    Way.MEND: "send us the answers that the report names",
    Way.RULES: "decant rules test",
}
"""What to type, or to do first."""
_BY_REASON: Final = (
    (Reason.NEEDS_PRIVILEGE, Way.SUDO),
    (Reason.TIMED_OUT, Way.TIME),
    (Reason.UNREACHABLE, Way.REACH),
    (Reason.UNREADABLE, Way.MEND),
)
_CUT_OFF: Final = "ended before"
"""What is said of an answer that was cut off: the server does answer."""
_BY_NAME: Final = (
    (("placement.",), Way.HYPERVISOR),
    (("utilisation.",), Way.SAMPLE),
    (("network.tls",), Way.TLS),
    (("derived.marks",), Way.SAY),
)


@dataclass(frozen=True, kw_only=True)
class Collect:
    """One thing to do, and what would come of it."""

    way: Way
    settles: int
    """Verdicts on one axis for one cloud that need nothing else."""
    touches: int
    """Those that need it, whatever else they need."""
    servers: int
    """How many servers it concerns."""
    facts: tuple[str, ...]
    """What it would tell, those first that most verdicts need."""

    @property
    def how(self) -> str:
        """What to type, or to do first."""
        return HOW[self.way]

    def document(self) -> dict[str, object]:
        """Return it as reports and listings write it in JSON."""
        return {
            "way": self.way.value,
            "how": self.how,
            "settles": self.settles,
            "touches": self.touches,
            "servers": self.servers,
            "facts": list(self.facts),
        }

    def __str__(self) -> str:
        """Say it in one line."""
        settled = f"settles {_verdicts(self.settles)}" if self.settles else "settles none by itself"
        also = "" if self.touches == self.settles else f", {_verdicts(self.touches)} need it"
        return f"{self.way.value} ({self.how}): {settled}{also}"


def _verdicts(count: int) -> str:
    return f"{count:,} verdict{'' if count == 1 else 's'}"


def collect_next(verdicts: Iterable[Verdict]) -> Collect | None:
    """Return what to collect first; None when nothing that decides is missing."""
    return next(iter(to_collect(verdicts)), None)


def to_collect(verdicts: Iterable[Verdict]) -> tuple[Collect, ...]:
    """Return all there is to collect, what settles most verdicts first."""
    counted = Collecting()
    for verdict in verdicts:
        counted.add(verdict)
    return counted.told()


class Collecting:
    """Counts what there is to collect, verdict by verdict, and holds none of them."""

    def __init__(self) -> None:
        self._seen: dict[Way, _Seen] = defaultdict(_Seen)

    def add(self, verdict: Verdict) -> None:
        """Count what a verdict lacks."""
        for axis in VERDICT_AXES:
            if verdict.on(axis) is Readiness.UNKNOWN:
                self._count(verdict, axis)

    def told(self) -> tuple[Collect, ...]:
        """Return all there is to collect, what settles most verdicts first."""
        found = [each.told(way) for way, each in self._seen.items()]
        ways = list(Way)
        return tuple(
            sorted(found, key=lambda each: (-each.settles, -each.touches, ways.index(each.way)))
        )

    def _count(self, verdict: Verdict, axis: Axis) -> None:
        lacking = [each for each in verdict.missing if each.decides and each.axis is axis]
        told = [pair for each in lacking for pair in ways_of(each)]
        needed = {way for way, _ in told}
        for way in needed:
            one = self._seen[way]
            one.touches += 1
            one.settles += len(needed) == 1
            one.servers.add(verdict.server_id)
        for way, fact in told:
            if fact:
                self._seen[way].facts[fact] += 1


class _Seen:
    """What one way was counted for."""

    def __init__(self) -> None:
        self.settles = 0
        self.touches = 0
        self.servers: set[str] = set()
        self.facts: dict[str, int] = defaultdict(int)

    def told(self, way: Way) -> Collect:
        facts = sorted(self.facts, key=lambda fact: (-self.facts[fact], fact))
        return Collect(
            way=way,
            settles=self.settles,
            touches=self.touches,
            servers=len(self.servers),
            facts=tuple(facts),
        )


def ways_of(missing: Missing) -> Iterator[tuple[Way, str]]:
    """Yield how each fact that a rule lacks is learnt; without one, the fact is empty."""
    why = missing.why_unknown
    if "catalogue does not know" in why:
        yield Way.CATALOGUE, ""
    elif not missing.facts:
        yield Way.RULES, ""
    else:
        yield from ((way_of(fact, why), fact) for fact in missing.facts)


def way_of(fact: str, why: str) -> Way:
    """Return how a fact is learnt that is unknown for this reason."""
    if _CUT_OFF in why:
        return Way.DISCOVER
    for reason, way in _BY_REASON:
        if reason.value in why:
            return way
    for beginnings, way in _BY_NAME:
        if fact.startswith(beginnings):
            return way
    return Way.DISCOVER if Reason.NOT_ASKED.value in why else Way.LOOK
