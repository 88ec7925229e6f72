"""Acts of migration services and acts on old servers have a command each, as people type them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import Decant

PLAYBOOK = """\
title: launches a copy, then switches off
stages:
  - name: replicate
    help: it is replicated
    valid_for: 1d
    checks: [{check: replication-healthy}]
  - {name: ACT, help: acts, needs: [replicate], action: ACTION, rollback: none}
"""
ESTATE = """\
[estate]
name = "made"

[[moves]]
server = "web-1"
to = "TO"
playbook = "own"
"""


@pytest.fixture
def planned(decant: Decant, recording: Callable[[str], str]) -> Callable[[str, str], Decant]:
    """Return what plans web-1 by a playbook of one act, and gives the terminal."""

    def plan(to: str, action: str) -> Decant:
        Path("decant.toml").write_text(ESTATE.replace("TO", to))
        Path("playbooks").mkdir()
        acting = PLAYBOOK.replace("ACTION", action).replace("ACT", "act-1")
        Path("playbooks/own.yaml").write_text(acting)
        assert decant("discover", recording("web-1.quiet")).code == 0
        assert decant("plan").code in {0, 1}
        return decant

    return plan


@pytest.mark.parametrize(
    ("action", "typed", "right"),
    [
        ("mgn-start-test", "decommission", "migrate"),
        ("power-off-ssh", "migrate", "decommission"),
    ],
)
def test_the_other_command_is_named(
    planned: Callable[[str, str], Decant], action: str, typed: str, right: str
) -> None:
    """Nobody launches anything, or switches anything off, by the wrong word."""
    said = planned("aws", action)(typed, "web-1")
    assert said.code == 2
    assert "the act that it is about is act-1" in said.err
    assert f"hint: decant {right} web-1" in said.err
    assert said.out == ""


def test_nothing_to_list_is_said(planned: Callable[[str, str], Decant]) -> None:
    """No cloud is asked when no server moves to one."""
    said = planned("hub", "power-off-ssh")("replication")
    assert (said.code, said.out) == (0, "")
    assert "no server of the plan moves to AWS or Azure" in said.err
