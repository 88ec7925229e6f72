"""Playbooks as a person looks into them, in an estate and outside."""

from __future__ import annotations

import json
from pathlib import Path

from terminal import Decant

OWN = """\
title: Ours
stages:
  - name: test
    help: The new server does the old one's work
    valid_for: 14d
    checks:
      - check: listeners-parity
"""


def test_every_playbook_that_a_move_may_name_is_listed(decant: Decant) -> None:
    """The estate's own are told from the shipped ones, also where they bear the same name."""
    assert decant("init").code == 0
    own = Path("playbooks")
    own.mkdir(exist_ok=True)
    for name in ("ours", "retire"):
        (own / f"{name}.yaml").write_text(OWN)
    listed = json.loads(decant("playbook", "list", "--format", "json").out)
    by_name = {each["playbook"]: each for each in listed}
    assert {name for name, each in by_name.items() if each["yours"]} == {"ours", "retire"}
    assert by_name["retire"]["title"] == "Ours"
    assert by_name["saas"]["replaced_by"] == "service"
    assert {"rehost-aws", "rehost-azure", "rebuild", "hub-move"} <= by_name.keys()


def test_the_shipped_playbooks_are_listed_outside_an_estate(decant: Decant) -> None:
    """Whoever has no estate yet sees what there is."""
    said = decant("playbook", "list")
    assert said.code == 0
    assert "retire" in said.out
