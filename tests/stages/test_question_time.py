"""The clock as a process that has just begun shows it is the clock."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from inventory.collectors.time import COLLECTOR
from inventory.model.collector import Answer
from inventory.model.fact import Facts
from inventory.model.network import CLOCK, UTC_OFFSET

ZONES = {"UTC0": 0, "XYZ-5:45": 20_700, "XYZ3:30": -12_600}
"""Offsets in seconds; POSIX writes zones the other way round."""


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("tools", ["system", "busybox", "no stat"])
def test_the_clock_is_told_with_its_offset(zone: str, tools: str) -> None:
    """By stat, GNU's or BusyBox's, and by date where stat does not serve."""
    script = COLLECTOR.script
    if tools == "busybox":
        if not shutil.which("busybox"):
            pytest.skip("busybox is not installed")
        script = f'stat() {{ busybox stat "$@"; }}\n{script}'
    elif tools == "no stat":
        script = f"stat() {{ return 127; }}\n{script}"
    before = datetime.now(UTC)
    said = subprocess.run(
        ["sh", "-s"],
        input=script,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": zone},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    ).stdout
    told = Facts.from_observations(COLLECTOR.read(Answer(text=said)))
    clock = told.value(CLOCK)
    assert clock is not None
    assert before - timedelta(seconds=2) < clock <= datetime.now(UTC)
    assert told.value(UTC_OFFSET) == ZONES[zone]
    assert ("@@ date" in said) == (tools == "no stat")
