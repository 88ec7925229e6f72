"""Promises of the rule on the systems that AWS MGN replicates: it goes by the day."""

from __future__ import annotations

from datetime import date

import pytest

from inventory.model.fact import Facts
from inventory.model.facts import OS_ID, OS_VERSION
from migrate.catalogue.surroundings import surroundings
from migrate.model.rule import Flagged, Judgement
from migrate.model.verdict import Severity
from migrate.rules.aws_replication_os import RULE


def _judge(today: date, system: str, version: str) -> Judgement:
    facts = Facts.from_observations((OS_ID.known(system), OS_VERSION.known(version)))
    return RULE.judge(facts, surroundings(today=today))


@pytest.mark.parametrize(
    ("today", "severity"),
    [
        (date(2026, 12, 19), None),
        (date(2026, 12, 20), Severity.BLOCKER),
        (date(2027, 1, 1), Severity.BLOCKER),
    ],
)
def test_a_release_is_a_blocker_from_the_day_on_which_it_is_withdrawn(
    today: date, severity: Severity | None
) -> None:
    """Ubuntu 14.04 is a condition until the day that the page gives, and a blocker from then on."""
    found = _judge(today, "ubuntu", "14.04")
    assert isinstance(found, Flagged)
    assert found.severity is severity
    assert "2026-12-20" in found.observed


def test_a_point_release_is_withdrawn_with_its_release() -> None:
    """Ubuntu 14.04.6 is 14.04."""
    assert _judge(date(2027, 1, 1), "ubuntu", "14.04.6") == _judge_withdrawn("14.04.6")


def _judge_withdrawn(version: str) -> Judgement:
    observed = f"ubuntu {version} is no longer supported since 2026-12-20"
    return Flagged(observed=observed, severity=Severity.BLOCKER)


def test_both_releases_of_windows_2008_are_withdrawn_together() -> None:
    """The page names Windows 2008, and its table has R2 in the same row."""
    for version in ("2008", "2008 R2", "2008 R2 SP1"):
        found = _judge(date(2027, 1, 1), "windows-server", version)
        assert isinstance(found, Flagged)
        assert found.severity is Severity.BLOCKER
