"""Landing zones as a run judges them: against its plan, by a check of a playbook, asked once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from landings import SaidZones
from sights import sight
from workbenches import Scene, scene

from inventory.errors import UsageError
from inventory.estate_zones import LandingZone
from migrate.checks.landing_ready import CHECK
from migrate.model.evidence import Outcome
from migrate.model.landing_sizes import Sizes
from migrate.model.landing_subnets import Subnet, Subnets
from migrate.model.landing_tags import TagRules
from migrate.model.plan import Destination, Move
from migrate.records import load_plan, save_plan
from migrate.stages import landing as stage
from migrate.stages import plan
from migrate.stages.landing import Standing
from migrate.workbench import Workbench
from migrate.zones import CONDITIONS, FRESH_SECONDS, LandingBook

_ZONE = LandingZone(name="uk", cloud="aws", region="eu-west-2", subnets=("subnet-1",))

_NO_ZONE = (
    "addresses of the place where web-1 lands, which decant.toml does not describe: add it under "
    "[[landing_zones]]"
)


@pytest.fixture
def planned(tmp_path: Path) -> Iterator[tuple[Scene, Move]]:
    """Return a scene in which web-1 is planned to go to AWS."""
    with scene(tmp_path) as made:
        plan.run(made.bench)
        found = load_plan(made.bench.store)
        assert found is not None
        move = replace(found.moves[0], resource=None)
        save_plan(made.bench.store, replace(found, moves=(move,)))
        yield made, move


def _bench(planned: tuple[Scene, Move], *zones: LandingZone, **told: object) -> Workbench:
    bench = planned[0].bench
    aspects = {type(each): each for each in told.values()}
    estate = replace(bench.estate, landing_zones=zones)
    return replace(bench, estate=estate, zones=SaidZones(aspects=aspects))


def _subnets(free: int) -> Subnets:
    return Subnets(subnets={"subnet-1": Subnet(prefix="10.9.0.0/24", free=free)})


def test_a_zone_is_judged_by_what_the_plan_lets_land_there(planned: tuple[Scene, Move]) -> None:
    """One server needs one address; it was never classified, so that its size is unknown."""
    bench = _bench(planned, _ZONE, subnets=_subnets(1), sizes=Sizes(offered={}))
    found = {each.condition: each for each in stage.run(bench.landing)}
    assert tuple(found) == CONDITIONS.names()
    assert found["addresses"].standing is Standing.READY
    assert "1 free and 1 needed" in found["addresses"].detail
    assert found["sizes"].standing is Standing.UNKNOWN
    assert "web-1 (never classified for aws)" in found["sizes"].detail
    assert found["routes"].standing is Standing.UNKNOWN
    none = _bench(planned, _ZONE, subnets=_subnets(0))
    found = {each.condition: each for each in stage.run(none.landing)}
    assert found["addresses"].standing is Standing.NOT_READY


def test_what_stands_there_already_is_not_counted_again(planned: tuple[Scene, Move]) -> None:
    """Its instance is in use there, as its cloud tells."""
    bench = _bench(planned, _ZONE, subnets=_subnets(0))
    found = load_plan(bench.store)
    assert found is not None
    save_plan(bench.store, replace(found, moves=(replace(planned[1], resource="i-1"),)))
    (landing,) = bench.landing.landings()
    assert (landing.need.addresses, landing.beside.addresses) == (0, 0)
    assert bench.landing.of_move(planned[1], "addresses").outcome is Outcome.PASSED


def test_what_lands_beside_it_counts_where_a_quota_is_shared(planned: tuple[Scene, Move]) -> None:
    """A zone in which nothing lands shares its account's quotas with one in which web-1 does."""
    near = replace(_ZONE, name="near", servers=("nobody-*",))
    far = replace(near, name="far", account="123456789012")
    book = _bench(planned, _ZONE, near, far).landing
    uk, beside, elsewhere = book.landings()
    assert [len(each.need.unsized) for each in (uk, beside, elsewhere)] == [1, 0, 0]
    assert [len(each.beside.unsized) for each in (uk, beside, elsewhere)] == [1, 1, 0]
    assert [len(each.need.unsized) for each in book.landings(wave=99)] == [0, 0, 0]


def test_a_condition_that_is_left_out_is_said_so_and_not_asked(
    planned: tuple[Scene, Move],
) -> None:
    """With the estate's reason."""
    zone = replace(_ZONE, without={"tags": "nobody tags here"})
    bench = _bench(planned, zone)
    found = {each.condition: each for each in stage.run(bench.landing)}
    assert (found["tags"].standing, found["tags"].detail) == (Standing.LEFT_OUT, "nobody tags here")
    assert TagRules not in bench.zones.asked  # type: ignore[attr-defined]


def test_a_zone_that_is_not_there_is_refused(planned: tuple[Scene, Move]) -> None:
    """So is an estate without any."""
    with pytest.raises(UsageError, match="no landing zone 'us'"):
        list(stage.run(_bench(planned, _ZONE).landing, ["us"]))
    with pytest.raises(UsageError, match="the estate has no landing zone"):
        list(stage.run(_bench(planned).landing))


@pytest.mark.parametrize(
    ("zones", "free", "outcome", "words"),
    [
        ((), 1, Outcome.UNKNOWN, _NO_ZONE),
        ((_ZONE,), 1, Outcome.PASSED, "addresses of uk: 1 free"),
        ((_ZONE,), 0, Outcome.FAILED, "addresses of uk: 0 free"),
        (
            (replace(_ZONE, without={"addresses": "later"}),),
            1,
            Outcome.UNKNOWN,
            "addresses of uk: it is left out: later",
        ),
        (
            (replace(_ZONE, waves=(99,)),),
            1,
            Outcome.UNKNOWN,
            _NO_ZONE,
        ),
        (
            (_ZONE, replace(_ZONE, name="dr", subnets=("subnet-2",))),
            1,
            Outcome.FAILED,
            "addresses of dr: there is no subnet subnet-2",
        ),
    ],
)
def test_a_playbook_may_ask_for_it(
    planned: tuple[Scene, Move], zones: Any, free: int, outcome: Outcome, words: str
) -> None:
    """Every zone in which the server's wave lands must be ready; one left out is for people."""
    bench = _bench(planned, *zones, subnets=_subnets(free))
    seen = replace(sight(), landing=lambda name: bench.landing.of_move(planned[1], name))
    result = CHECK.run(seen, {"conditions": ["addresses"]})
    assert result.outcome is outcome
    assert words in result.detail
    assert result.observed == {"addresses": outcome.value}


def test_what_is_wrong_with_all_conditions_is_said_once(planned: tuple[Scene, Move]) -> None:
    """Without a zone there is one thing to do, and not thirteen."""
    bench = _bench(planned)
    seen = replace(sight(), landing=lambda name: bench.landing.of_move(planned[1], name))
    detail = CHECK.run(seen, {"conditions": ["quotas", "addresses"]}).detail
    assert detail.startswith("quotas, addresses of the place where web-1 lands")
    assert detail.count("[[landing_zones]]") == 1


def test_all_conditions_are_asked_for_unless_some_are_named(planned: tuple[Scene, Move]) -> None:
    """The worst of them counts."""
    bench = _bench(planned, _ZONE, subnets=_subnets(1))
    seen = replace(sight(), landing=lambda name: bench.landing.of_move(planned[1], name))
    result = CHECK.run(seen, {})
    assert result.outcome is Outcome.UNKNOWN
    assert tuple(result.observed) == CONDITIONS.names()
    elsewhere = replace(seen, move=replace(seen.move, to=Destination.SAAS))
    assert CHECK.run(elsewhere, {}).outcome is Outcome.UNKNOWN


def test_a_wave_asks_once(planned: tuple[Scene, Move]) -> None:
    """For five minutes what was judged counts as seen now, for every server of the wave."""
    bench = _bench(planned, _ZONE, subnets=_subnets(1))
    seconds = [0.0]
    book = LandingBook(
        estate=bench.estate,
        store=bench.store,
        shelf=bench.shelf,
        clock=bench.clock,
        zones=bench.zones,
        now=lambda: seconds[0],
    )
    for _ in range(1000):
        assert book.of_move(planned[1], "addresses").outcome is Outcome.PASSED
    assert bench.zones.asked == [Subnets]  # type: ignore[attr-defined]
    seconds[0] = FRESH_SECONDS + 1
    book.of_move(planned[1], "addresses")
    assert bench.zones.asked == [Subnets, Subnets]  # type: ignore[attr-defined]


def test_a_workbench_of_no_cloud_tells_nothing(planned: tuple[Scene, Move]) -> None:
    """As it stands in tests of acts."""
    bench = replace(
        planned[0].bench, estate=replace(planned[0].bench.estate, landing_zones=(_ZONE,))
    )
    result = bench.landing.of_move(planned[1], "policies")
    assert result.outcome is Outcome.UNKNOWN
    assert "uk is not asked for its policies here" in result.detail


def test_a_plan_that_cannot_be_read_is_unknown(planned: tuple[Scene, Move]) -> None:
    """A playbook that is gone costs no other check of the run."""
    bench = _bench(planned, _ZONE, subnets=_subnets(1))
    found = load_plan(bench.store)
    assert found is not None
    gone = replace(planned[1], playbook="gone")
    save_plan(bench.store, replace(found, moves=(gone,)))
    result = bench.landing.of_move(gone, "addresses")
    assert result.outcome is Outcome.UNKNOWN
    assert "gone" in result.detail
