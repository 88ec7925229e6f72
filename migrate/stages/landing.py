"""Judge landing zones: whether all is ready there before anything is moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final, Protocol

from inventory.errors import UsageError
from inventory.estate_zones import LandingZone
from inventory.model.fact import Unknown
from inventory.registry import Registry
from inventory.store.servers import servers
from migrate.landing import lands, need_of
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.landing import Condition, Landing
from migrate.model.plan import Move
from migrate.model.playbook import Replacement
from migrate.records import load_plan, load_verdicts
from migrate.workbench import Workbench

CONDITIONS: Final = Registry(package="migrate.conditions", attribute="CONDITION", kind=Condition)
_AT_ONCE = 8
"""Most conditions that are asked about at the same time."""


class Zones(Protocol):
    """Landing zones, as their clouds tell of them."""

    def meant(self, zone: LandingZone) -> LandingZone:
        """Return the zone with its account and region, where it left them to the estate."""
        ...

    def told(self, landing: Landing, aspect: type[Any]) -> Any | Unknown:
        """Return one aspect of a zone, or why it is not known."""
        ...


class Standing(Enum):
    """How a condition of a zone stands."""

    READY = "ready"
    NOT_READY = "not ready"
    UNKNOWN = "unknown"
    LEFT_OUT = "left out"
    """The estate says that it is not asked of this zone, and why."""


_STANDS: Final[Mapping[Outcome, Standing]] = {
    Outcome.PASSED: Standing.READY,
    Outcome.FAILED: Standing.NOT_READY,
    Outcome.UNKNOWN: Standing.UNKNOWN,
}


@dataclass(frozen=True, kw_only=True)
class Found:
    """One condition of one zone."""

    zone: LandingZone
    condition: str
    standing: Standing
    detail: str
    observed: Mapping[str, Any]


def run(
    bench: Workbench, zones: Zones, names: Sequence[str] = (), *, wave: int | None = None
) -> Iterator[Found]:
    """Ask the clouds, and yield every condition of the zones, in the order of ``decant.toml``.

    Raises:
        UsageError: the estate has no landing zone, or none of that name.

    """
    chosen = _chosen(bench.estate.landing_zones, names)
    conditions = {name: each.value for name, each in CONDITIONS.all().items()}
    asked = [
        (landing, name, condition)
        for landing in _landings(bench, zones, chosen, wave)
        for name, condition in conditions.items()
    ]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        yield from pool.map(lambda each: _found(zones, *each), asked)


def judged(zones: Zones, landing: Landing, condition: Condition[Any]) -> CheckResult:
    """Return how a zone stands by one condition. What its cloud does not tell is unknown."""
    settled = condition.beforehand(landing)
    if settled is not None:
        return settled
    told = zones.told(landing, condition.aspect)
    if isinstance(told, Unknown):
        return CheckResult(outcome=Outcome.UNKNOWN, detail=str(told))
    return condition.judge(told, landing)


def _chosen(zones: Sequence[LandingZone], names: Sequence[str]) -> Sequence[LandingZone]:
    if not zones:
        raise UsageError(
            "the estate has no landing zone",
            hint="describe each by [[landing_zones]] in decant.toml: docs/landing.md shows how",
        )
    for name in names:
        if name not in {each.name for each in zones}:
            there = ", ".join(each.name for each in zones)
            raise UsageError(f"there is no landing zone {name!r}", hint=f"there are: {there}")
    return [each for each in zones if not names or each.name in names]


def _landings(
    bench: Workbench, zones: Zones, chosen: Sequence[LandingZone], wave: int | None
) -> Iterator[Landing]:
    every = [zones.meant(each) for each in bench.estate.landing_zones]
    plan = load_plan(bench.store)
    moves = [each for each in (plan.moves if plan else ()) if _is_server(bench, each)]
    needs = _needs(bench, moves)
    for zone in every:
        if zone.name not in {each.name for each in chosen}:
            continue
        near = [each for each in every if _place(each) == _place(zone)]
        yield Landing(
            zone=zone,
            need=needs([move for move in moves if lands(zone, move, wave)]),
            beside=needs([move for move in moves if any(lands(each, move, wave) for each in near)]),
            now=_now(bench),
            brings_windows=bench.estate.costs is not None
            and "windows" in bench.estate.costs.licences,
        )


def _needs(bench: Workbench, moves: Sequence[Move]) -> Callable[[Sequence[Move]], Any]:
    verdicts = load_verdicts(bench.store)
    wanted = {each.server_id for each in moves}
    known = {each.id: each.facts for each in servers(bench.store) if each.id in wanted}
    return lambda some: need_of(some, verdicts, known)


def _is_server(bench: Workbench, move: Move) -> bool:
    return bench.shelf.read(move.playbook).replacement is Replacement.SERVER


def _now(bench: Workbench) -> datetime:
    return bench.clock()


def _place(zone: LandingZone) -> tuple[str, str, str]:
    return zone.cloud, zone.account, zone.region


def _found(zones: Zones, landing: Landing, name: str, condition: Condition[Any]) -> Found:
    why = landing.zone.without.get(name)
    if why:
        stands, result = Standing.LEFT_OUT, CheckResult(outcome=Outcome.UNKNOWN, detail=why)
    else:
        result = judged(zones, landing, condition)
        stands = _STANDS[result.outcome]
    return Found(
        zone=landing.zone,
        condition=name,
        standing=stands,
        detail=result.detail,
        observed=result.observed,
    )
