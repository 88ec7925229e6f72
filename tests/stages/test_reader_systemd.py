"""Whether services start at boot is read from links as systemctl itself would tell it."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from inventory.collectors.services import COLLECTOR
from inventory.model.collector import Answer
from inventory.model.fact import Facts
from inventory.model.facts import SERVICES

TOLD = {
    "enabled": True,
    "enabled-runtime": True,
    "disabled": False,
    "masked": False,
    "masked-runtime": False,
}


def test_links_tell_what_systemctl_tells() -> None:
    """For every unit file of this machine, both ways agree on enabled, disabled and neither."""
    systemctl = shutil.which("systemctl")
    if not systemctl:
        pytest.skip("systemctl is not installed")
    listed = subprocess.run(
        [systemctl, "--root=/", "list-unit-files", "--type=service", "--no-legend", "--full"],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout
    expected = {
        unit.removesuffix(".service"): TOLD[state]
        for unit, state, *_ in map(str.split, listed.splitlines())
        if state in TOLD and not unit.endswith("@.service")
    }
    script = COLLECTOR.script.replace("[ -d /run/systemd/system ]", "true")
    # It answers, and lists none: the files alone are to tell.
    script = script.replace("systemctl list-units", "echo UNIT LOAD ACTIVE SUB; true")
    said = subprocess.run(
        ["sh", "-s"], input=script, capture_output=True, text=True, check=True, timeout=30
    ).stdout
    services = Facts.from_observations(COLLECTOR.read(Answer(text=said))).value(SERVICES) or ()
    assert len(expected) > 1
    assert {each.name: each.enabled for each in services} == expected
