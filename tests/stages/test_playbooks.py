"""A playbook is read whole or refused, with the file, line and field of what is wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from inventory.errors import BadInputError
from inventory.registry import Plugin
from migrate.model.action import Action, Aftermath, Effect
from migrate.model.check import Check
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.playbook import About
from migrate.playbooks import Shelf, read_playbook

CHECKS = {
    name: Plugin(
        name=name,
        help=name,
        path=Path(name),
        value=Check(
            about=About.NEW,
            parameters={
                "type": "object",
                "additionalProperties": False,
                "properties": {"port": {"type": "integer", "minimum": 1}},
            },
            reads="nothing",
            run=lambda _sight, _given: CheckResult(outcome=Outcome.UNKNOWN, detail="made up"),
        ),
    )
    for name in ("tcp", "http")
}
ACTIONS = {
    "off": Plugin(
        name="off",
        help="off",
        path=Path("off"),
        value=Action(
            describe=lambda _move: "nothing",
            apply=lambda _task: Effect(aftermath=Aftermath.UNKNOWN, detail=""),
            look=lambda _task: Effect(aftermath=Aftermath.UNKNOWN, detail=""),
        ),
    )
}
GOOD = """\
title: made for this test
stages:
  - name: test
    help: it works
    valid_for: 36h
    checks:
      - check: tcp
        with: {port: 5432}
      - check: tcp
        id: tcp-two
        to: [aws]
  - name: approve
    help: both agree
    needs: [test]
    valid_for: 14d
    approval: {partners: 2}
  - name: power-off
    help: off it goes
    needs: [test, approve]
    action: off
"""


def read(folder: Path, text: str | bytes) -> BadInputError:
    """Read a playbook that must be refused, and return the refusal."""
    path = folder / "made.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadInputError) as refused:
        read_playbook(path, checks=CHECKS, actions=ACTIONS)
    assert refused.value.place is not None
    assert refused.value.place.file == path
    return refused.value


def test_a_good_playbook_is_read_as_written(tmp_path: Path) -> None:
    """Stages, needs, durations, parameters and destinations come through."""
    path = tmp_path / "made.yaml"
    path.write_text(GOOD)
    playbook = read_playbook(path, checks=CHECKS, actions=ACTIONS)
    test, approve, off = playbook.stages
    assert (playbook.name, test.valid_for) == ("made", timedelta(hours=36))
    assert [use.id for use in test.checks] == ["tcp", "tcp-two"]
    assert test.checks[0].parameters == {"port": 5432}
    assert test.checks[1].when_to == ("aws",)
    assert approve.approval is not None
    assert approve.approval.partners == 2
    assert (off.action, off.needs) == ("off", ("test", "approve"))


@pytest.mark.parametrize(
    ("was", "becomes", "line", "field", "says"),
    [
        ("check: tcp\n        with", "check: tpc\n        with", 7, "checks[0].check", "'tpc'"),
        ("port: 5432", "port: '5432'", 8, "checks[0].with.port", "integer"),
        ("port: 5432", "prot: 5432", 8, "checks[0].with", "prot"),
        ("id: tcp-two", "id: tcp", 9, "checks[1]", "a second check 'tcp'"),
        ("needs: [test]", "needs: [tset]", 14, "needs[0]", "no earlier stage 'tset'"),
        ("action: off", "action: on", 20, "action", "unknown action 'on'"),
        ("partners: 2", "partners: two", 16, "partners", "integer"),
        ("valid_for: 36h", "valid_for: soon", 5, "valid_for", "soon"),
        ("name: approve", "name: test", 12, "name", "a second stage 'test'"),
        ("help: both agree\n", "halp: both agree\n", 12, "stages[1]", "'help'"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_field(
    tmp_path: Path, was: str, becomes: str, line: int, field: str, says: str
) -> None:
    """An unknown check, a wrong type, a typing error: each is found where it stands."""
    assert was in GOOD
    error = read(tmp_path, GOOD.replace(was, becomes))
    assert error.place is not None
    assert error.place.line == line
    assert (error.place.field or "").endswith(field)
    assert says in error.message
    assert error.hint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a list",
        "title: [unclosed",
        "title: x\ntitle: y\n",
        b"\xff\xfe\x00",
        "a: &a [*a]",
        "!!python/object:os.system x",
    ],
)
def test_what_is_no_playbook_is_refused(tmp_path: Path, text: str | bytes) -> None:
    """Nothing but a playbook is taken for one, and nothing in it is ever executed."""
    read(tmp_path, text)


def test_a_stage_is_of_one_kind(tmp_path: Path) -> None:
    """A stage that both checks and acts is refused: acts rest on earlier stages alone."""
    text = GOOD.replace("    action: off\n", "    action: off\n    approval: {partners: 1}\n")
    read(tmp_path, text)


def test_an_act_must_rest_on_something(tmp_path: Path) -> None:
    """A stage that acts without needs is refused."""
    read(tmp_path, GOOD.replace("    needs: [test, approve]\n", ""))


def test_ones_own_playbook_comes_before_the_shipped_one(tmp_path: Path) -> None:
    """The estate's own file of the same name is the one that counts."""
    (tmp_path / "rehost.yaml").write_text(GOOD)
    shelf = Shelf(checks=CHECKS, actions=ACTIONS, own=tmp_path)
    assert shelf.read("rehost").title == "made for this test"
    assert "rehost" in shelf.names()


def test_a_playbook_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The error says which ones there are."""
    shelf = Shelf(checks=CHECKS, actions=ACTIONS, own=tmp_path)
    with pytest.raises(BadInputError, match="no playbook 'rehots'") as refused:
        shelf.read("rehots")
    assert "rehost" in (refused.value.hint or "")
