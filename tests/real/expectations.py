"""What a check must say of a recording, and why: expectations as data, so that they are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from landings import NOW, SaidZones, landing
from sights import SaidClouds, move, sight

from inventory.model.cloud_settings import AwsSettings, AzureSettings
from inventory.model.fact import Facts
from migrate.clouds.look import CloudLook, open_clouds
from migrate.clouds.zones import ZoneLook
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.landing import ServerNeed
from migrate.model.plan import Destination
from migrate.workbench import CHECKS
from migrate.zones import CONDITIONS, judged


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What one check, or one condition of landing zones, must say of what was recorded."""

    judges: str
    """The name of the check or condition."""
    outcome: Outcome
    why: str
    """The argument, from the recording."""
    resource: str = ""
    """What is judged, as the recording names it."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """The check's parameters, or the zone's settings."""
    words: str = ""
    """What must be said."""
    old: Facts | None = None
    """What is known of the old server, where the check compares."""
    servers: tuple[ServerNeed, ...] = ()
    """What is to land, where a condition counts it."""
    pure: Callable[[], Mapping[type, object]] | None = None
    """What a reader's pure part makes of what was recorded, by the aspect; None where the whole
    reader asks: some recordings lack a listing without which it would say nothing at all."""
    at: datetime = NOW
    """When it is judged: a recording says how things stood when it was made."""


@dataclass(frozen=True, kw_only=True)
class World:
    """A cloud that says what was recorded, reached by the readers that users have."""

    to: Destination
    account: str
    """The account or subscription of its landing zones; empty means the credentials' own."""
    region: str
    clouds: CloudLook
    zones: ZoneLook

    def holds(self, expected: Expectation) -> None:
        """See that the check, or the condition, says what is expected of it."""
        is_condition = expected.judges in CONDITIONS.all()
        result = self._of_zone(expected) if is_condition else self._of_move(expected)
        assert result.outcome is expected.outcome, result
        assert expected.words in result.detail, result.detail

    def _of_move(self, expected: Expectation) -> CheckResult:
        seen = replace(
            sight(),
            move=move(to=self.to, resource=expected.resource),
            clouds=self.clouds,
            now=expected.at,
        )
        if expected.pure:
            seen = replace(seen, clouds=SaidClouds(aspects=expected.pure()))
        if expected.old is not None:
            seen = replace(seen, old=expected.old)
        return CHECKS.one(expected.judges).value.run(seen, expected.given)

    def _of_zone(self, expected: Expectation) -> CheckResult:
        place = {"cloud": self.to.value, "account": self.account, "region": self.region}
        asked = landing(*expected.servers, **{**place, **expected.given})
        self.zones.forget()
        zones = SaidZones(aspects=expected.pure()) if expected.pure else self.zones
        condition = CONDITIONS.one(expected.judges).value
        return judged(zones, replace(asked, now=expected.at), condition)


@contextmanager
def world(
    to: Destination, aws: AwsSettings, azure: AzureSettings, *, account: str = "", region: str = ""
) -> Iterator[World]:
    """Open the clouds as a run opens them, and close them."""
    clouds, zones = open_clouds(aws, azure), ZoneLook(aws=aws, azure=azure)
    try:
        yield World(to=to, account=account, region=region, clouds=clouds, zones=zones)
    finally:
        clouds.close()
        zones.close()


def each_of(expected: Sequence[Expectation]) -> pytest.MarkDecorator:
    """Run a test for each, by its name and its reason."""
    cases = [pytest.param(each, id=f"{each.judges}: {each.why}") for each in expected]
    return pytest.mark.parametrize("expected", cases)


def passes(judges: str, why: str, **more: Any) -> Expectation:
    """Return that it must pass."""
    return Expectation(judges=judges, outcome=Outcome.PASSED, why=why, **more)


def fails(judges: str, why: str, **more: Any) -> Expectation:
    """Return that it must fail."""
    return Expectation(judges=judges, outcome=Outcome.FAILED, why=why, **more)


def unknown(judges: str, why: str, **more: Any) -> Expectation:
    """Return that it must be unknown."""
    return Expectation(judges=judges, outcome=Outcome.UNKNOWN, why=why, **more)
