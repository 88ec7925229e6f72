"""Landing zones as a run judges them: what is to land in each, asked once and kept for a while."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

from inventory.errors import DecantError
from inventory.estate import Estate
from inventory.estate_zones import LandingZone
from inventory.model.fact import Reason, Unknown
from inventory.registry import Registry
from inventory.store.servers import servers
from inventory.store.store import Store
from migrate.checks._say import unknown
from migrate.conditions._together import together
from migrate.landing import lands, need_of
from migrate.model.evidence import CheckResult
from migrate.model.landing import Condition, Landing, Need
from migrate.model.plan import Move
from migrate.model.playbook import Replacement
from migrate.playbooks import Shelf
from migrate.records import load_plan, load_verdicts

if TYPE_CHECKING:
    from migrate.model.verdict import Verdict

CONDITIONS: Final = Registry(package="migrate.conditions", attribute="CONDITION", kind=Condition)
FRESH_SECONDS: Final = 300
"""How long what was judged counts as seen now."""


class Zones(Protocol):
    """Landing zones, as their clouds tell of them. Looking never changes anything."""

    def meant(self, zone: LandingZone) -> LandingZone:
        """Return the zone with its account and region, where it left them to the estate."""
        ...

    def told(self, landing: Landing, aspect: type[Any]) -> Any | Unknown:
        """Return one aspect of a zone, or why it is not known."""
        ...


@dataclass(frozen=True)
class NoZones:
    """Clouds that are not asked about landing zones."""

    def meant(self, zone: LandingZone) -> LandingZone:
        """Return the zone as it is."""
        return zone

    def told(self, landing: Landing, aspect: type[Any]) -> Unknown:
        """Tell nothing."""
        detail = f"{landing.zone.name} is not asked for its {aspect.__name__.lower()} here"
        return Unknown(reason=Reason.NOT_ASKED, detail=detail)


@dataclass(frozen=True, kw_only=True)
class LandingBook:
    """The estate's landing zones, against its plan as it stands. Safe between threads."""

    estate: Estate
    store: Store
    shelf: Shelf
    clock: Callable[[], datetime]
    zones: Zones
    now: Callable[[], float] = time.monotonic
    """Seconds, never going back."""
    _landings: dict[int | None, tuple[Landing, ...]] = field(default_factory=dict)
    """By wave; what they are made of does not change during a run."""
    _kept: dict[object, tuple[float, CheckResult]] = field(default_factory=dict)
    _locks: dict[object, threading.Lock] = field(
        default_factory=lambda: defaultdict(threading.Lock)
    )

    def landings(self, wave: int | None = None) -> tuple[Landing, ...]:
        """Return every zone with what is to land there; with ``wave``, of that wave alone."""
        with self._locks.setdefault(wave, threading.Lock()):
            if wave not in self._landings:
                every = [self.zones.meant(each) for each in self.estate.landing_zones]
                self._landings[wave] = tuple(self._landing(each, every, wave) for each in every)
            return self._landings[wave]

    def of_move(self, move: Move, name: str) -> CheckResult:
        """Return how the zones stand that a move's wave lands in, by one condition.

        One that a zone is not asked for is unknown here: to except a server is for people.
        """
        try:
            mine = [each for each in self.landings(move.wave) if lands(each.zone, move)]
        except DecantError as error:
            return unknown(f"what lands there is not known: {error}")
        none = (
            f"the place where {move.server} lands, which decant.toml does not describe: add it "
            "under [[landing_zones]], then run this again"
        )
        return together([self._of_move(each, name) for each in mine], none=none)

    def _of_move(self, landing: Landing, name: str) -> CheckResult:
        why = landing.zone.without.get(name)
        found = unknown(f"it is left out: {why}") if why else self.judged(landing, name)
        return replace(found, detail=f"{landing.zone.name}: {found.detail}")

    def judged(self, landing: Landing, name: str) -> CheckResult:
        """Return how one of the :meth:`landings` stands by one condition.

        What its cloud does not tell is unknown.
        """
        key = (id(landing), name)  # a thousand needs are not compared for each server of a wave
        with self._locks.setdefault(key, threading.Lock()):
            at, known = self._kept.get(key, (0.0, None))
            if known is None or self.now() - at > FRESH_SECONDS:
                condition: Condition[Any] = CONDITIONS.one(name).value
                at, known = self.now(), judged(self.zones, landing, condition)
                self._kept[key] = (at, known)
            return known

    def _landing(
        self, zone: LandingZone, every: Sequence[LandingZone], wave: int | None
    ) -> Landing:
        near = [each for each in every if _place(each) == _place(zone)]
        costs = self.estate.costs
        return Landing(
            zone=zone,
            need=self._need([each for each in self._moves if lands(zone, each, wave)]),
            beside=self._need(
                [move for move in self._moves if any(lands(each, move, wave) for each in near)]
            ),
            now=self.clock(),
            brings_windows=costs is not None and "windows" in costs.licences,
        )

    def _need(self, moves: Sequence[Move]) -> Need:
        return need_of(moves, self._verdicts, self._known)

    @cached_property
    def _moves(self) -> tuple[Move, ...]:
        """The moves that have yet to land: what stands there already is in use there, too."""
        plan = load_plan(self.store)
        moves = [each for each in plan.moves if each.resource is None] if plan else []
        names = {each.playbook for each in moves}
        kinds = {each: self.shelf.read(each).replacement for each in names}
        return tuple(each for each in moves if kinds[each.playbook] is Replacement.SERVER)

    @cached_property
    def _verdicts(self) -> tuple[Verdict, ...]:
        return load_verdicts(self.store)

    @cached_property
    def _known(self) -> dict[str, Any]:
        wanted = {each.server_id for each in self._moves}
        return {each.id: each.facts for each in servers(self.store) if each.id in wanted}


def judged(zones: Zones, landing: Landing, condition: Condition[Any]) -> CheckResult:
    """Return how a zone stands by one condition, asked now."""
    settled = condition.beforehand(landing)
    if settled is not None:
        return settled
    told = zones.told(landing, condition.aspect)
    if isinstance(told, Unknown):
        return unknown(f"{told.reason.value}: {told.detail}")
    try:
        return condition.judge(told, landing)
    except Exception as error:  # noqa: BLE001 - a broken condition is unknown, never ready
        return unknown(f"the condition itself broke: {type(error).__name__}: {error}")


def _place(zone: LandingZone) -> tuple[str, str, str]:
    return zone.cloud, zone.account, zone.region
