"""Lint says before it is needed what the gate would never let through."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from migrate.linting import lint
from migrate.model.life import Step
from migrate.model.playbook import (
    About,
    ApprovalRule,
    CheckUse,
    Playbook,
    Replacement,
    Stage,
)

DAY = timedelta(days=1)
TEST = Stage(
    name="test",
    help="t",
    needs=(),
    valid_for=14 * DAY,
    checks=(CheckUse(id="tcp", check="tcp", about=About.NEW),),
)
APPROVE = Stage(
    name="approve", help="a", needs=("test",), valid_for=14 * DAY, approval=ApprovalRule(partners=2)
)
OFF = Stage(name="off", help="o", needs=("test", "approve"), action="x", rollback="switch it on")


def remarks(*stages: Stage, roles: set[str] | None = None, **more: object) -> list[str]:
    """Return what lint says of a playbook of these stages; wrong things begin with ``!``."""
    playbook = Playbook(name="p", title="t", digest="d", stages=stages)
    found = lint(replace(playbook, **more), roles=roles)  # type: ignore[arg-type]
    return [f"{'!' if each.wrong else ''}{each.stage}: {each.what}" for each in found]


def test_a_sound_playbook_is_left_in_peace() -> None:
    """Nothing is said where nothing is amiss."""
    assert remarks(TEST, APPROVE, OFF) == []


OLD_ONLY = replace(TEST, checks=(CheckUse(id="old", check="old", about=About.OLD),))
EXCUSABLE = replace(TEST, checks=(replace(TEST.checks[0], excusable=True),))
ONE = replace(APPROVE, approval=ApprovalRule(partners=1))


@pytest.mark.parametrize(
    ("stages", "says"),
    [
        (
            (OLD_ONLY, APPROVE, OFF),
            "!off: never allowed for aws: the playbook lets this rest on no",
        ),
        (
            (EXCUSABLE, APPROVE, OFF),
            "!off: never allowed for aws: the playbook lets this rest on no",
        ),
        ((TEST, ONE, OFF), "!off: never allowed for aws: the playbook asks 1 partners"),
        ((TEST, APPROVE, replace(OFF, rollback="")), "off: it does not say how to go back"),
        (
            (TEST, APPROVE, replace(OFF, wait=14 * DAY)),
            "!off: test counts for 14 days, and this waits 14 days after it",
        ),
        (
            (replace(TEST, valid_for=100 * DAY), APPROVE, OFF),
            "test: its evidence counts for 100 days: that is hardly fresh",
        ),
        ((TEST, APPROVE, replace(OFF, needs=("test",))), "approve: no later stage needs it"),
        (
            (
                replace(TEST, reaches=Step.QUIET),
                replace(APPROVE, reaches=Step.APPROVED),
                OFF,
            ),
            "approve: it reaches 'approved' after test reached 'quiet'",
        ),
    ],
)
def test_what_is_weak_is_named_with_its_stage(stages: tuple[Stage, ...], says: str) -> None:
    """Wrong is what the gate would refuse for ever; odd is everything else."""
    assert any(each.startswith(says) for each in remarks(*stages)), remarks(*stages)


def test_checks_that_are_for_elsewhere_are_told() -> None:
    """A stage of which nothing is done for a destination never passes there."""
    only_aws = replace(TEST, checks=(replace(TEST.checks[0], when_to=("aws",)),))
    said = remarks(only_aws, APPROVE, OFF)
    assert "test: nothing is checked for azure, so it never passes there" in said
    assert not any("nothing is checked for aws" in each for each in said)


def test_a_role_that_nobody_has_is_told_once_people_are_known() -> None:
    """Without an estate nobody can tell who has which role."""
    asks = replace(APPROVE, approval=ApprovalRule(partners=2, roles=("service owner",)))
    assert remarks(TEST, asks, OFF) == []
    assert remarks(TEST, asks, OFF, roles={"service owner"}) == []
    (told,) = remarks(TEST, asks, OFF, roles=set())
    assert told.startswith("!approve: nobody in decant.toml has the role 'service owner'")


def test_where_nothing_replaces_a_server_its_own_checks_are_enough() -> None:
    """A server that retires has no replacement that could be looked at."""
    assert remarks(OLD_ONLY, APPROVE, OFF, replacement=Replacement.NONE) == []
